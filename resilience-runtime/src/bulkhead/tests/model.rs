//! A queue that is written for plainness: a list of who waits, which each rule looks through from one end to the other.

use super::super::Refused;
use super::super::offers::LATE;
use super::super::wait_order::LEVEL;
use crate::clock::nanos;

/// One who waits, has been woken, or has been turned away and has not asked since.
#[derive(Clone, Copy, Debug)]
pub(super) struct One {
    pub(super) number: u64,
    /// Levels below `Critical`.
    pub(super) below: u64,
    pub(super) came: u64,
    pub(super) call: u64,
    pub(super) deadline: u64,
    pub(super) over: u64,
    offer_number: Option<u64>,
    is: Is,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
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
    all: Vec<One>,
    bodies: Vec<u64>,
    offers_made: u64,
    newest_first: bool,
}

impl Model {
    fn count(&self, is: impl Fn(Is) -> bool) -> u32 {
        u32::try_from(self.all.iter().filter(|one| is(one.is)).count()).expect("a few")
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> u32 {
        self.count(|is| !matches!(is, Is::Out(_))) - self.offered
    }

    pub(super) fn come(&mut self, number: u64, below: u64, [came, call, deadline, max_wait]: [u64; 4]) {
        let over = deadline.min(came.saturating_add(max_wait).saturating_add(1));
        self.all.push(One { number, below, came, call, deadline, over, offer_number: None, is: Is::Waiting });
    }

    pub(super) fn body_ended(&mut self, time: u64) {
        self.bodies.push(time);
    }

    /// Nothing happens without somebody who waits.
    pub(super) fn settle(&mut self, limit: u32, now: u64) {
        if self.waiting() == 0 {
            return;
        }
        for place in 0..self.all.len() {
            let One { over, is, .. } = self.all[place];
            if over <= now && (is == Is::Waiting || is == Is::Late && self.offered == 0) {
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
        self.all[place].is = Is::Out(why);
        self.newest_first = true;
    }

    fn restore_fifo(&mut self) {
        self.newest_first &= self.waiting() > 0;
    }

    fn offer(&mut self, now: u64) {
        for one in &mut self.all {
            if let Is::Fresh { since } = one.is
                && since + nanos(LATE) <= now
            {
                one.is = Is::Late;
            }
        }
        let wanted = self.offered.saturating_sub(self.count(|is| matches!(is, Is::Fresh { .. })));
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
            self.all[next].is = Is::Fresh { since: now };
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

    fn places(&self, of: impl Fn(&One) -> bool) -> Vec<usize> {
        (0..self.all.len())
            .filter(|&place| self.all[place].is == Is::Waiting && of(&self.all[place]))
            .collect()
    }

    /// The least is next.
    fn order(&self, place: usize, is_fifo: bool) -> [u64; 3] {
        let One { number, below, came, call, offer_number, .. } = self.all[place];
        match offer_number {
            Some(offer_number) => [0, 0, offer_number],
            None if is_fifo => [1, came + below * nanos(LEVEL), number],
            None => [1 + below, u64::MAX - call, u64::MAX - number],
        }
    }

    /// Whether a full queue may make room for one of that priority, which is all that is known without the lock.
    pub(super) fn may_make_room(&self, below: u64, now: u64) -> bool {
        let is_over =
            |one: &One| one.over <= now && (one.is == Is::Waiting || one.is == Is::Late && self.offered == 0);
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

    /// Whether there is room for another in a queue of that length, made by turning somebody away if need be.
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
            self.all[goes].is = Is::Out(Refused::Displaced { is_fifo: !self.newest_first });
            return true;
        }
        false
    }

    /// What one is told who asks; `None` is to wait.
    pub(super) fn ask(&mut self, number: u64, is_time_up: bool) -> Option<Result<(), Refused>> {
        let place = self.all.iter().position(|one| one.number == number).expect("it is known");
        let answer = match self.all[place].is {
            Is::Out(why) => Err(why),
            Is::Fresh { .. } | Is::Late if self.offered > 0 => {
                self.offered -= 1;
                Ok(())
            }
            _ if is_time_up => {
                self.newest_first = true;
                Err(Refused::TimeUp)
            }
            _ => {
                self.all[place].is = Is::Waiting;
                return None;
            }
        };
        self.all.remove(place);
        self.restore_fifo();
        Some(answer)
    }

    /// One is gone.
    pub(super) fn leave(&mut self, number: u64) {
        self.all.retain(|one| one.number != number);
        if self.offered > self.count(|is| matches!(is, Is::Fresh { .. } | Is::Late)) {
            self.offered -= 1;
            self.taken -= 1;
        }
        self.restore_fifo();
    }
}
