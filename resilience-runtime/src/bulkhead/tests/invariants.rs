//! Random scripts against a plain reference model (see `model`). The model has no local permits: which slots permits
//! are acquired and released on must make no difference.

use std::task::{Poll, Waker};
use std::time::Duration;

use resilience_settings::Priority;

use resilience_settings::policy::BulkheadSettings;

use proptest::prelude::*;

use super::super::{BulkheadPermit, Enqueued, PermitRequest, Waiter};
use super::model::Model;
use super::{MS, Rig, of, poll_at};
use crate::clock::Tick;
use crate::counting::shard::{EXCLUSIVE, Slot};

#[derive(Clone, Debug)]
enum Step {
    /// The levels below `Critical`, how old the call is, and how much time it has.
    Come(u64, u64, u64, usize),
    /// Acquires permits until this many are free.
    Fill(u32, usize),
    /// After a body that took this long, if one ran.
    Release(prop::sample::Index, Option<u64>, usize),
    /// Releases all but this many.
    Clear(usize, usize),
    Leave(prop::sample::Index),
    /// Whether its time is up.
    PollWaiter(prop::sample::Index, bool),
    Pass(u64),
    Reload(Option<(u32, u32)>),
}

fn step() -> impl Strategy<Value = Step> {
    let time = prop_oneof![Just(u64::MAX), 1..300 * MS];
    let body = prop::option::weighted(0.8, 0..100 * MS);
    let any = any::<prop::sample::Index>;
    prop_oneof![
        9 => (0..4_u64, 0..50 * MS, time, slot()).prop_map(|(level, age, time, slot)| Step::Come(level, age, time, slot)),
        2 => (0..4_u32, slot()).prop_map(|(free, slot)| Step::Fill(free, slot)),
        5 => (any(), body, slot()).prop_map(|(which, body, slot)| Step::Release(which, body, slot)),
        1 => (0..12_usize, slot()).prop_map(|(left, slot)| Step::Clear(left, slot)),
        2 => any().prop_map(Step::Leave),
        5 => (any(), prop::bool::weighted(0.1)).prop_map(|(which, is_time_up)| Step::PollWaiter(which, is_time_up)),
        3 => prop_oneof![0..30 * MS, 0..400 * MS].prop_map(Step::Pass),
        1 => prop::option::weighted(0.8, (prop_oneof![1..6_u32, 14..36_u32], 0..6_u32)).prop_map(Step::Reload),
    ]
}

/// A thread with local permits of its own; the last slot is the one that all further threads share.
fn slot() -> impl Strategy<Value = usize> {
    prop_oneof![0..3_usize, Just(EXCLUSIVE)]
}

fn settings(limit: u32, max_queue: u32) -> BulkheadSettings {
    settings!(BulkheadSettings { max_wait: Duration::from_nanos(MAX_WAIT), ..of(limit, max_queue) })
}

const MAX_WAIT: u64 = 500 * MS;

const BY_LEVEL: [Priority; 4] = [Priority::Critical, Priority::High, Priority::Normal, Priority::Low];

/// A bulkhead and its model, and the permits and waiters of both.
struct Both<'r> {
    rig: &'r Rig,
    model: Model,
    settings: Option<BulkheadSettings>,
    permits: Vec<BulkheadPermit>,
    waiters: Vec<(u64, Waiter<'r>)>,
    now: u64,
    came: u64,
}

impl Both<'_> {
    fn limit(&self) -> u32 {
        self.settings.as_ref().map_or(u32::MAX, |settings| settings.max_concurrent)
    }

    fn settle(&mut self) {
        self.model.settle(self.limit(), self.now);
    }

    fn take(&mut self, slot: usize) -> Result<(), TestCaseError> {
        let Some(settings) = &self.settings else { return Ok(()) };
        let is_free = self.model.taken < settings.max_concurrent && self.model.waiting() == 0;
        let permit = self.rig.try_acquire_on(Slot::nth(slot), settings);
        prop_assert_eq!(permit.is_some(), is_free);
        self.model.taken += u32::from(is_free);
        self.permits.extend(permit);
        Ok(())
    }

    fn come(&mut self, below: u64, age: u64, time: u64, slot: usize) -> Result<(), TestCaseError> {
        let before = self.permits.len();
        self.take(slot)?;
        let Some(settings) = self.settings.clone().filter(|_| self.permits.len() == before) else {
            return Ok(());
        };
        let (now, call, deadline) = (self.now, self.now.saturating_sub(age), self.now.saturating_add(time));
        let priority = BY_LEVEL[usize::try_from(below).expect("below 4")];
        let request = PermitRequest { priority, now: Tick(now), call: Tick(call), deadline: Tick(deadline) };
        let entered = self.rig.ask(request, &settings);
        // A full queue is checked without the lock first, as things were before this call.
        let may_displace = settings.max_queue > 0 && self.model.may_make_room(below, now);
        let mut has_room = self.model.waiting() < settings.max_queue || may_displace;
        if has_room {
            self.settle();
            has_room = self.model.has_room(settings.max_queue, below, call);
        }
        prop_assert_eq!(entered.is_ok(), has_room);
        if let Ok(entered) = entered {
            let Enqueued::Queued(waiter) = entered else {
                return Err(TestCaseError::fail("no permit is free"));
            };
            self.came += 1;
            self.waiters.push((self.came, waiter));
            self.model.come(self.came, below, [now, call, deadline, MAX_WAIT]);
            self.settle();
        }
        Ok(())
    }

    fn release_after(&mut self, place: usize, body: Option<u64>, slot: usize) {
        let permit = self.permits.swap_remove(place);
        if self.model.waiting() > 0
            && let Some(time) = body
        {
            self.model.body_ended(time);
        }
        self.model.taken -= 1;
        let body = body.map(Duration::from_nanos);
        self.rig.release_after_on(Slot::nth(slot), permit, body, Tick(self.now), self.settings.as_ref());
        self.settle();
    }

    fn poll(&mut self, place: usize, is_time_up: bool) -> Result<(), TestCaseError> {
        let (number, waiter) = &mut self.waiters[place];
        let number = *number;
        let polled = poll_at(waiter, self.now, is_time_up, Waker::noop());
        self.settle();
        let expected = self.model.poll(number, is_time_up);
        self.settle();
        let told = match &polled {
            Poll::Pending => None,
            Poll::Ready(outcome) => Some(outcome.as_ref().map(|_| ()).map_err(|why| *why)),
        };
        prop_assert_eq!(told, expected);
        if let Poll::Ready(outcome) = polled {
            self.permits.extend(outcome.ok().map(|granted| granted.permit));
            drop(self.waiters.swap_remove(place));
        }
        Ok(())
    }

    fn leave(&mut self, place: usize) {
        let (number, mut waiter) = self.waiters.swap_remove(place);
        waiter.leave(Tick(self.now));
        self.model.leave(number);
        self.settle();
    }

    fn take_step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match *step {
            Step::Come(below, age, time, slot) => self.come(below, age, time, slot)?,
            Step::Fill(free, slot) if self.model.waiting() == 0 => {
                let wanted = self.settings.as_ref().map_or(0, |of| of.max_concurrent.saturating_sub(free));
                for _ in self.model.taken..wanted {
                    self.take(slot)?;
                }
            }
            Step::Clear(left, slot) => {
                while self.permits.len() > left {
                    self.release_after(0, None, slot);
                }
            }
            Step::Release(which, body, slot) if !self.permits.is_empty() => {
                self.release_after(which.index(self.permits.len()), body, slot);
            }
            Step::Leave(which) if !self.waiters.is_empty() => self.leave(which.index(self.waiters.len())),
            Step::PollWaiter(which, is_time_up) if !self.waiters.is_empty() => {
                self.poll(which.index(self.waiters.len()), is_time_up)?;
            }
            Step::Pass(time) => self.now += time,
            Step::Reload(new) => {
                self.settings = new.map(|(limit, max_queue)| settings(limit, max_queue));
                self.rig.reshape_at(self.settings.as_ref(), Tick(self.now));
                self.settle();
            }
            _ => {}
        }
        let (rig, waiting) = (self.rig, self.model.waiting());
        prop_assert_eq!(rig.in_flight(), self.model.taken);
        prop_assert!(waiting == 0 || rig.counted() == self.model.taken, "no permit lies idle");
        prop_assert_eq!(rig.queue_depth(), waiting);
        prop_assert!(waiting == 0 || self.model.taken > 0, "somebody is there to hand on a permit");
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn permits_and_their_order_are_those_of_the_plain_model(
        first in prop_oneof![Just(2_u32), Just(16), Just(33)],
        steps in prop::collection::vec(step(), 1..150),
    ) {
        let rig = Rig::default();
        let mut both = Both {
            rig: &rig,
            model: Model::default(),
            settings: Some(settings(first, 3)),
            permits: Vec::new(),
            waiters: Vec::new(),
            now: 0,
            came: 0,
        };
        for step in steps {
            both.take_step(&step)?;
        }
        let Both { permits, waiters, settings, .. } = both;
        drop(waiters);
        for permit in permits {
            rig.release(permit, settings.as_ref());
        }
        prop_assert_eq!((rig.in_flight(), rig.queue_depth()), (0, 0));
    }
}
