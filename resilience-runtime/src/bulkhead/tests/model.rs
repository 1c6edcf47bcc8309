//! A plain reference model of the queue: a list of waiters, which each rule searches from one end to the other.

use super::super::Refused;
use super::super::offers::LATE;
use super::super::wait_order::LEVEL;
use crate::clock::nanos;

/// A waiter: waiting, woken, or refused and not polled since.
#[derive(Clone, Copy, Debug)]
pub(super) struct ModelWaiter {
    pub(super) number: u64,
    /// Levels below `Critical`.
    pub(super) below: u64,
    pub(super) came: u64,
    pub(super) call: u64,
    pub(super) deadline: u64,
    pub(super) over: u64,
    offer_number: Option<u64>,
    is: ModelState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ModelState {
    Waiting,
    Fresh { since: u64 },
    Late,
    Out(Refused),
}

#[derive(Debug, Default)]
pub(super) struct Model {
    /// Permits in use and on offer.
    pub(super) taken: u32,
    offered: u32,
    all: Vec<ModelWaiter>,
    bodies: Vec<u64>,
    offers_made: u64,
    newest_first: bool,
}

impl Model {
    fn count(&self, is: impl Fn(ModelState) -> bool) -> u32 {
        u32::try_from(self.all.iter().filter(|one| is(one.is)).count()).expect("a few")
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> u32 {
        self.count(|is| !matches!(is, ModelState::Out(_))) - self.offered
    }

    pub(super) fn come(&mut self, number: u64, below: u64, [came, call, deadline, max_wait]: [u64; 4]) {
        let over = deadline.min(came.saturating_add(max_wait).saturating_add(1));
        self.all.push(ModelWaiter {
            number,
            below,
            came,
            call,
            deadline,
            over,
            offer_number: None,
            is: ModelState::Waiting,
        });
    }

    pub(super) fn body_ended(&mut self, time: u64) {
        self.bodies.push(time);
    }

    /// Without a waiter, nothing happens.
    pub(super) fn settle(&mut self, limit: u32, now: u64) {
        if self.waiting() == 0 {
            return;
        }
        for place in 0..self.all.len() {
            let ModelWaiter { over, is, .. } = self.all[place];
            if over <= now && (is == ModelState::Waiting || is == ModelState::Late && self.offered == 0) {
                self.lose(place, Refused::TimeUp);
            }
        }
        let permits = limit.saturating_sub(self.taken).min(self.waiting());
        self.taken += permits;
        self.offered += permits;
        self.offer(now);
        self.restore_fifo();
    }

    fn lose(&mut self, place: usize, why: Refused) {
        self.all[place].is = ModelState::Out(why);
        self.newest_first = true;
    }

    fn restore_fifo(&mut self) {
        self.newest_first &= self.waiting() > 0;
    }

    fn offer(&mut self, now: u64) {
        for one in &mut self.all {
            if let ModelState::Fresh { since } = one.is
                && since + nanos(LATE) <= now
            {
                one.is = ModelState::Late;
            }
        }
        let wanted = self.offered.saturating_sub(self.count(|is| matches!(is, ModelState::Fresh { .. })));
        if wanted == 0 {
            return;
        }
        let is_fifo = !self.newest_first;
        self.refuse_doomed(wanted as usize, now);
        for _ in 0..wanted {
            let waiting = self.places(|_| true);
            let Some(next) = waiting.into_iter().min_by_key(|&place| self.order(place, is_fifo)) else {
                break;
            };
            if self.all[next].offer_number.is_none() {
                self.offers_made += 1;
                self.all[next].offer_number = Some(self.offers_made);
            }
            self.all[next].is = ModelState::Fresh { since: now };
        }
    }

    fn refuse_doomed(&mut self, mut permits: usize, now: u64) {
        let last = &self.bodies[self.bodies.len().saturating_sub(31)..];
        if last.len() < 5 {
            return;
        }
        let mut sorted = last.to_vec();
        sorted.sort_unstable();
        let by = now + sorted[(sorted.len() - 1) / 2];
        for is_critical in [true, false] {
            let mut group = self.places(|one| (one.below == 0) == is_critical);
            group.sort_by_key(|&place| (self.all[place].deadline, self.all[place].number));
            let spare = group.len().saturating_sub(permits);
            let doomed = group.iter().filter(|&&place| self.all[place].deadline <= by).count().min(spare);
            for &place in &group[..doomed] {
                self.lose(place, Refused::WouldMissDeadline);
            }
            permits = permits.saturating_sub(group.len() - doomed);
        }
    }

    fn places(&self, of: impl Fn(&ModelWaiter) -> bool) -> Vec<usize> {
        (0..self.all.len())
            .filter(|&place| self.all[place].is == ModelState::Waiting && of(&self.all[place]))
            .collect()
    }

    /// The waiter with the least key is next.
    fn order(&self, place: usize, is_fifo: bool) -> [u64; 3] {
        let ModelWaiter { number, below, came, call, offer_number, .. } = self.all[place];
        match offer_number {
            Some(offer_number) => [0, 0, offer_number],
            None if is_fifo => [1, came + below * nanos(LEVEL), number],
            None => [1 + below, u64::MAX - call, u64::MAX - number],
        }
    }

    /// Whether a full queue may make room for this priority, as far as is known without the lock.
    pub(super) fn may_make_room(&self, below: u64, now: u64) -> bool {
        let is_over = |one: &ModelWaiter| {
            one.over <= now
                && (one.is == ModelState::Waiting || one.is == ModelState::Late && self.offered == 0)
        };
        if self.all.iter().any(is_over) {
            return true;
        }
        let lowest = self
            .places(|one| one.offer_number.is_none())
            .into_iter()
            .map(|place| self.all[place].below)
            .max();
        lowest.is_some_and(|lowest| lowest > below || self.newest_first && lowest == below)
    }

    /// Whether there is room for another waiter in a queue of this length, by displacing one if needed.
    pub(super) fn has_room(&mut self, max_queue: u32, below: u64, call: u64) -> bool {
        if self.waiting() < max_queue {
            return true;
        }
        let waiting = self.places(|one| one.offer_number.is_none());
        let Some(lowest) = waiting.iter().map(|&place| self.all[place].below).max() else { return false };
        let mut lowest_ones: Vec<usize> =
            waiting.into_iter().filter(|&place| self.all[place].below == lowest).collect();
        let goes = if self.newest_first {
            lowest_ones.sort_by_key(|&place| (self.all[place].call, self.all[place].number));
            let oldest = lowest_ones[0];
            (lowest > below || lowest == below && self.all[oldest].call <= call).then_some(oldest)
        } else {
            lowest_ones.sort_by_key(|&place| self.all[place].number);
            (lowest > below).then(|| lowest_ones[lowest_ones.len() - 1])
        };
        if let Some(goes) = goes.filter(|_| max_queue > 0) {
            self.all[goes].is = ModelState::Out(Refused::Displaced { is_fifo: !self.newest_first });
            return true;
        }
        false
    }

    /// The answer to a poll; `None` means to keep waiting.
    pub(super) fn poll(&mut self, number: u64, is_time_up: bool) -> Option<Result<(), Refused>> {
        let place = self.all.iter().position(|one| one.number == number).expect("it is known");
        let answer = match self.all[place].is {
            ModelState::Out(why) => Err(why),
            ModelState::Fresh { .. } | ModelState::Late if self.offered > 0 => {
                self.offered -= 1;
                Ok(())
            }
            _ if is_time_up => {
                self.newest_first = true;
                Err(Refused::TimeUp)
            }
            _ => {
                self.all[place].is = ModelState::Waiting;
                return None;
            }
        };
        self.all.remove(place);
        self.restore_fifo();
        Some(answer)
    }

    /// Removes a waiter.
    pub(super) fn leave(&mut self, number: u64) {
        self.all.retain(|one| one.number != number);
        if self.offered > self.count(|is| matches!(is, ModelState::Fresh { .. } | ModelState::Late)) {
            self.offered -= 1;
            self.taken -= 1;
        }
        self.restore_fifo();
    }
}
