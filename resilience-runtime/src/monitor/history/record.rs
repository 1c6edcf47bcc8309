//! Keeps all that has happened in an isolated registry, for the assertions of a test. In: events. Out: what has happened in it up
//! to now, with the time of the test, for assertions.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use super::event_record::EventRecord;
use crate::clock::{Clock, Tick};
use crate::events::{BreakerOf, CallStep, Event, Rare, Readings};
use crate::sync::lock;

/// So many are kept, the first: a test that goes on for longer is a simulation, and would only fill the memory.
const KEPT: usize = 1 << 16;

/// What has happened in a registry.
#[derive(Debug)]
pub(crate) struct Record {
    clock: Clock,
    began: Tick,
    entries: Mutex<Vec<Entry>>,
    left_out: AtomicU64,
}

/// One thing that has happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    /// How long after the registry was made.
    pub(crate) at: Duration,
    /// `None` where it concerns the process.
    pub(crate) service: Option<&'static str>,
    pub(crate) what: What,
}

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What {
    /// A step of a call.
    Step(CallStep),
    /// A breaker has changed: that of the service, or of a partition.
    Breaker {
        is_of_partition: bool,
        from: &'static str,
        to: &'static str,
        opened_by: Option<&'static str>,
        /// Failures, of so many calls.
        failures: Option<(u64, u64)>,
    },
    /// Anything else that is rare, by the name that it has in the history.
    Rare { kind: &'static str, from: Option<&'static str>, to: Option<&'static str> },
}

impl Record {
    /// One that begins now, by tokio's clock.
    pub(crate) fn new() -> Self {
        let clock = Clock::on_tokio();
        Self { began: clock.now(), clock, entries: Mutex::default(), left_out: AtomicU64::new(0) }
    }

    /// What has happened up to now, and how much more was not kept.
    pub(crate) fn read(&self) -> (Vec<Entry>, u64) {
        (self.entries().clone(), self.left_out.load(Ordering::Relaxed))
    }

    /// Keeps an event.
    pub(super) fn hear(&self, event: &Event<'_>) {
        // A record that is full costs a simulation one load.
        if self.left_out.load(Ordering::Relaxed) > 0 {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let Some((service, what)) = told(event) else { return };
        let at = self.clock.now().since(self.began);
        let mut entries = self.entries();
        if entries.len() < KEPT {
            entries.push(Entry { at, service, what });
        } else {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        lock(&self.entries)
    }
}

fn told(event: &Event<'_>) -> Option<(Option<&'static str>, What)> {
    let is_of_partition = |of| of != BreakerOf::Service;
    Some(match *event {
        Event::Step(service, step) => (Some(service), What::Step(step)),
        Event::Rare(Rare::BreakerOpened { service, of, from, to, opened_by, readings, .. }) => {
            let failures = readings.map(|Readings { failures, calls, .. }| (failures, calls));
            let is_of_partition = is_of_partition(of);
            (Some(service), What::Breaker { is_of_partition, from, to, opened_by, failures })
        }
        Event::Rare(Rare::BreakerChanged { service, of, from, to }) => {
            let is_of_partition = is_of_partition(of);
            (Some(service), What::Breaker { is_of_partition, from, to, opened_by: None, failures: None })
        }
        Event::Rare(ref rare) => {
            let EventRecord { kind, service, from, to } = EventRecord::of(rare)?;
            (service, What::Rare { kind, from, to })
        }
        // The steps of the same call say it.
        Event::OfCall(..) => return None,
    })
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_first_are_kept_with_the_time_of_the_test_and_the_others_counted() {
        let record = Record::new();
        let began = Event::Step("svc", CallStep::CallBegan { function: "f" });
        record.hear(&began);
        advance(Duration::from_secs(7)).await;
        record.hear(&Event::Rare(Rare::BudgetExhausted { service: "svc" }));
        record.hear(&Event::Rare(Rare::Found { finding: &"no part of it" }));
        let (entries, left_out) = record.read();
        let times: Vec<_> = entries.iter().map(|entry| entry.at).collect();
        assert_eq!((times, left_out), (vec![Duration::ZERO, Duration::from_secs(7)], 0));
        for _ in 0..KEPT {
            record.hear(&began);
        }
        assert_eq!((record.read().0.len(), record.read().1), (KEPT, 2));
    }
}
