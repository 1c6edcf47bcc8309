//! Computes what has happened to services since the last summary. In: counters of all services, and the time. Out: those with
//! traffic, once for each interval, however many ask.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use super::readings::Reading;
use super::snapshot::Window;
use super::stats::Stats;
use crate::clock::{Tick, nanos};
use crate::sync::lock;

/// The summaries of one registry.
#[derive(Debug, Default)]
pub(crate) struct Summaries(Mutex<Option<Last>>);

/// What was there at the last summary. Services without a call are left out.
#[derive(Debug)]
struct Last {
    at: Tick,
    readings: HashMap<&'static str, Reading>,
}

impl Summaries {
    /// The first interval begins now, unless it has begun.
    pub(crate) fn begin(&self, now: Tick, services: impl Iterator<Item = (&'static str, Stats)>) {
        let mut last = self.lock();
        if last.is_none() {
            *last = Some(Last { at: now, readings: readings(now, services) });
        }
    }

    /// The time until the next is due; `None` before [`begin`](Self::begin).
    pub(crate) fn due_in(&self, now: Tick, every: Duration) -> Option<Duration> {
        let due = |last: &Last| Duration::from_nanos(nanos(every).saturating_sub(now.nanos_since(last.at)));
        self.lock().as_ref().map(due)
    }

    /// What has happened since the last, if one is due: services with calls that ended, in the order in which they come.
    pub(crate) fn take(
        &self,
        now: Tick,
        every: Duration,
        services: impl Iterator<Item = (&'static str, Stats)>,
    ) -> Vec<(&'static str, Window)> {
        let mut guard = self.lock();
        let Some(last) = &mut *guard else { return Vec::new() };
        if now.since(last.at) < every {
            return Vec::new();
        }
        let mut windows = Vec::new();
        for (name, stats) in services {
            if stats.started() == 0 {
                continue;
            }
            let reading = Reading::new(&stats, now);
            let first = || Reading::new(&Stats::default(), last.at);
            let window = reading.since(last.readings.get(name).unwrap_or(&first()), stats.in_flight());
            last.readings.insert(name, reading);
            if window.calls.ended() > 0 {
                windows.push((name, window));
            }
        }
        // Late ones shift those after them: of an interval that is a fraction of a second nobody wants two at once.
        last.at = now;
        windows
    }

    /// Nobody wants any more.
    pub(crate) fn end(&self) {
        drop(self.lock().take());
    }

    fn lock(&self) -> MutexGuard<'_, Option<Last>> {
        lock(&self.0)
    }
}

fn readings(
    now: Tick,
    services: impl Iterator<Item = (&'static str, Stats)>,
) -> HashMap<&'static str, Reading> {
    let called = services.filter(|(_, stats)| stats.started() > 0);
    called.map(|(name, stats)| (name, Reading::new(&stats, now))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counting::shard::Slot;
    use crate::monitor::counters::site_counters::SiteCounters;
    use crate::monitor::outcome::{AttemptNumber, CallOutcome};

    const EVERY: Duration = Duration::from_secs(30);

    fn at(seconds: u64) -> Tick {
        Tick(seconds * 1_000_000_000)
    }

    #[test]
    fn each_interval_tells_of_services_with_traffic_and_of_that_alone() {
        let (busy, idle) = (SiteCounters::alone(), SiteCounters::alone());
        let slot = Slot::current();
        let call = |outcome| {
            busy.call_started(slot);
            busy.attempt_succeeded(AttemptNumber::FIRST, slot);
            busy.call_ended(outcome, 1_000_000, slot);
        };
        let services = || [("busy", busy.stats()), ("idle", idle.stats())].into_iter();
        let summaries = Summaries::default();
        let told = |second| {
            let windows = summaries.take(at(second), EVERY, services());
            windows.into_iter().map(|(name, window)| (name, window.calls.ended())).collect::<Vec<_>>()
        };
        call(CallOutcome::Success);
        assert_eq!(told(100), [], "nobody has begun");
        summaries.begin(at(100), services());
        call(CallOutcome::Success);
        call(CallOutcome::Success);
        summaries.begin(at(110), services());
        assert_eq!(summaries.due_in(at(110), EVERY), Some(Duration::from_secs(20)));
        assert_eq!(told(129), []);
        assert_eq!(told(130), [("busy", 2)], "not the one before it began");
        assert_eq!(told(131), []);
        assert_eq!(told(160), [], "without traffic there is nothing to tell");
        call(CallOutcome::Success);
        assert_eq!(told(190), [("busy", 1)]);
        summaries.end();
        assert_eq!((summaries.due_in(at(300), EVERY), told(300)), (None, vec![]));
    }
}
