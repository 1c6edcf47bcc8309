//! One permit and a queue of named waiters, for tests that say in milliseconds who arrives, releases and polls.

use std::task::{Poll, Waker};
use std::time::Duration;

use resilience_settings::Priority;

use resilience_settings::policy::BulkheadSettings;

use super::super::{BulkheadPermit, Enqueued, PermitRequest, Refused, Waiter};
use super::{MS, Rig, of, poll_at};
use crate::clock::Tick;

/// One permit, which is taken, and named waiters. All times are in milliseconds.
pub(super) struct SinglePermit<'r> {
    pub(super) rig: &'r Rig,
    pub(super) settings: BulkheadSettings,
    pub(super) permit: Option<BulkheadPermit>,
    pub(super) waiters: Vec<(&'static str, Waiter<'r>)>,
}

/// The answer that a named waiter got.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    Granted(&'static str),
    Refused(&'static str, Refused),
}
pub(super) const NEVER: u64 = u64::MAX / MS;

impl<'r> SinglePermit<'r> {
    pub(super) fn new(rig: &'r Rig, max_wait: u64) -> Self {
        let settings = settings!(BulkheadSettings { max_wait: Duration::from_millis(max_wait), ..of(1, 9) });
        let permit = rig.try_acquire(&settings);
        assert!(permit.is_some());
        Self { rig, settings, permit, waiters: Vec::new() }
    }

    /// After five bodies of this length that ended while somebody waited.
    pub(super) fn with_bodies_of(rig: &'r Rig, time: u64) -> Self {
        let mut queue = Self::new(rig, 10_000);
        for _ in 0..5 {
            queue.wait("one", Priority::Normal, 0, NEVER);
            assert_eq!(queue.release_to_queue(0, time), [Told::Granted("one")]);
        }
        queue
    }

    /// A call that begins now.
    pub(super) fn wait(&mut self, name: &'static str, priority: Priority, now: u64, deadline: u64) {
        self.retry(name, priority, now, now, deadline);
    }

    /// A call that began earlier.
    pub(super) fn retry(
        &mut self,
        name: &'static str,
        priority: Priority,
        now: u64,
        call: u64,
        deadline: u64,
    ) {
        let tick = |millis: u64| Tick(millis.saturating_mul(MS));
        let request = PermitRequest { priority, now: tick(now), call: tick(call), deadline: tick(deadline) };
        let Ok(Enqueued::Queued(waiter)) = self.rig.ask(request, &self.settings) else {
            panic!("{name} waits")
        };
        self.waiters.push((name, waiter));
    }

    /// Polls all waiters in the order of arrival. A waiter with an answer is removed, and its permit is kept here.
    pub(super) fn poll_all(&mut self, now: u64, is_time_up: impl Fn(&str) -> bool) -> Vec<Told> {
        let mut told = Vec::new();
        self.waiters.retain_mut(|(name, waiter)| {
            match poll_at(waiter, now * MS, is_time_up(name), Waker::noop()) {
                Poll::Pending => return true,
                Poll::Ready(Ok(granted)) => {
                    assert!(self.permit.replace(granted.permit).is_none(), "there is one permit");
                    told.push(Told::Granted(name));
                }
                Poll::Ready(Err(why)) => told.push(Told::Refused(name, why)),
            }
            false
        });
        told
    }

    /// The body with the permit has taken this long.
    pub(super) fn release_to_queue(&mut self, now: u64, body: u64) -> Vec<Told> {
        let permit = self.permit.take().expect("somebody has it");
        let body = Duration::from_millis(body);
        self.rig.release_after(permit, Some(body), Tick(now * MS), Some(&self.settings));
        self.poll_all(now, |_| false)
    }

    /// The order in which the waiters get the permit when nobody else arrives.
    pub(super) fn order(&mut self, now: u64) -> Vec<Told> {
        let mut all = Vec::new();
        while !self.waiters.is_empty() {
            all.extend(self.release_to_queue(now, 0));
        }
        all
    }

    /// The first body takes this long; the later ones are not recorded.
    pub(super) fn order_by(&mut self, now: u64, body: u64) -> Vec<Told> {
        let mut told = self.release_to_queue(now, body);
        while !self.waiters.is_empty() {
            let permit = self.permit.take().expect("somebody has it");
            self.rig.release_after(permit, None, Tick(now * MS), Some(&self.settings));
            told.extend(self.poll_all(now, |_| false));
        }
        told
    }
}
