//! In: one word and the time now. Out: a store and a clock for governor's limiter. Apart from the limit because
//! this is all that governor needs to know of us: it counts from the time of the question, so that our own
//! clock, paused or not, drives it, and no number grows with the age of the process.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::Clock;
use governor::nanos::Nanos;
use governor::state::{NotKeyed, StateStore};

use crate::clock::Tick;

/// Times beyond this (73 years) are taken for this: governor adds three of them without a check.
pub(super) const LONGEST: u64 = u64::MAX / 8;

/// The theoretical arrival time of GCRA, kept as a moment of our clock and shown as the time from `now` on.
#[derive(Debug)]
pub(super) struct Backlog<'a> {
    pub(super) arrival: &'a AtomicU64,
    pub(super) now: Tick,
}

impl StateStore for Backlog<'_> {
    type Key = NotKeyed;

    fn measure_and_replace<T, F, E>(&self, _: &NotKeyed, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut arrival = self.arrival.load(Ordering::Relaxed);
        loop {
            let backlog = Duration::from_nanos(arrival.saturating_sub(self.now.0).min(LONGEST));
            let (outcome, next) = f(Some(backlog.into()))?;
            let next = self.now.0.saturating_add(next.as_u64());
            // The word orders nothing but itself.
            match self.arrival.compare_exchange_weak(arrival, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(outcome),
                Err(current) => arrival = current,
            }
        }
    }
}

/// How far ahead of now the question is asked.
#[derive(Debug, Default)]
pub(super) struct Ahead(pub(super) Cell<Duration>);

impl Clock for Ahead {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.get()
    }
}
