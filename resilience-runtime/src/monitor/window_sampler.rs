//! Samples the counters of all services, for windows and curves. In: the counters of its services, whenever a sampler reads them.
//! Out: windows and curves per service, and whether anybody still wants samples. The time is passed in.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use super::snapshot::{SampleSnapshot, SparkPoint, Windows};
use super::stats::Stats;
use super::windows::ServiceReadings;
use crate::clock::{Tick, micros, nanos};
use crate::sync::lock;

/// The time between two samples.
pub(crate) const TICK: Duration = Duration::from_secs(2);
/// How long sampling continues after the last query.
const KEEP_SAMPLING: Duration = Duration::from_mins(1);

/// The name of a service, and a function that reads its counters.
pub(crate) type StatsSource<'a> = (&'static str, Box<dyn Fn() -> Stats + 'a>);

/// The samples of all services of one registry.
#[derive(Debug, Default)]
pub(crate) struct WindowSampler {
    all: Mutex<SampledServices>,
    /// How many guards keep sampling on.
    users: AtomicUsize,
    /// Until when the last query keeps sampling on.
    wanted_until: AtomicU64,
    /// Whether a sampling thread runs.
    is_running: AtomicBool,
}

#[derive(Debug, Default)]
struct SampledServices {
    /// When the first and the last sample were taken.
    span: Option<(Tick, Tick)>,
    /// Without services that were never called.
    services: HashMap<&'static str, ServiceReadings>,
}

impl WindowSampler {
    /// A query: keeps sampling on for a while.
    pub(crate) fn keep_sampling(&self, now: Tick) {
        self.wanted_until.fetch_max(now.plus(KEEP_SAMPLING).0, Ordering::Relaxed);
    }

    /// Keeps sampling on until [`leave`](Self::leave).
    pub(crate) fn join(&self) {
        self.users.fetch_add(1, Ordering::Relaxed);
    }

    /// Ends one [`join`](Self::join).
    pub(crate) fn leave(&self, now: Tick) {
        self.users.fetch_sub(1, Ordering::Relaxed);
        self.keep_sampling(now);
    }

    /// Whether samples are wanted.
    pub(crate) fn is_wanted(&self, now: Tick) -> bool {
        self.users.load(Ordering::Relaxed) > 0 || now.0 < self.wanted_until.load(Ordering::Relaxed)
    }

    /// Samples these services, if a sample is due. One that comes a little early is taken too.
    pub(crate) fn read<'a>(&self, now: Tick, services: impl FnOnce() -> Vec<StatsSource<'a>>) {
        let before = {
            let mut all = self.lock();
            let before = all.span.map(|(_, last)| last);
            if before.is_some_and(|last| now.nanos_since(last) + nanos(TICK) / 10 < nanos(TICK)) {
                return;
            }
            // Recorded first, so that another thread that comes meanwhile does not sample again.
            let first = all.span.map_or(now, |(first, _)| first);
            all.span = Some((first, now));
            before
        };
        for (name, stats) in services() {
            let stats = stats();
            if stats.started() > 0 {
                self.lock().add(name, &stats, before, now);
            }
        }
    }

    /// The windows and the curve of a service, given its counters now; `None` before the first sample.
    pub(crate) fn windows(
        &self,
        service: &str,
        stats: &Stats,
        now: Tick,
    ) -> Option<(Windows, Vec<SparkPoint>)> {
        let all = self.lock();
        let (first, _) = all.span?;
        let unread;
        let readings = if let Some(readings) = all.services.get(service) {
            readings
        } else {
            unread = ServiceReadings::new(&Stats::default(), first);
            &unread
        };
        let windows = Windows { since_us: micros(now.since(first)), ..readings.windows(stats, now) };
        Some((windows, readings.curve(first, now)))
    }

    /// How the attempts of a service went, given its counters now; `None` before a sample of it.
    pub(crate) fn sample(&self, service: &str, stats: &Stats, now: Tick) -> Option<SampleSnapshot> {
        Some(self.lock().services.get(service)?.sample(stats, now))
    }

    /// Whether the caller has to start the sampling thread, because none runs.
    pub(crate) fn start_once(&self) -> bool {
        !self.is_running.swap(true, Ordering::AcqRel)
    }

    /// The sampling thread ends.
    pub(crate) fn mark_ended(&self) {
        self.is_running.store(false, Ordering::Release);
    }

    /// Drops all samples, when nobody wants them any more: they would have gaps.
    pub(crate) fn forget(&self) {
        let all = std::mem::take(&mut *self.lock());
        drop(all);
    }

    fn lock(&self) -> MutexGuard<'_, SampledServices> {
        lock(&self.all)
    }
}

impl SampledServices {
    /// A service without a call at the previous sample had zero counts then.
    fn add(&mut self, service: &'static str, stats: &Stats, before: Option<Tick>, now: Tick) {
        match (self.services.get_mut(service), before) {
            (Some(readings), _) => readings.add(stats, now),
            (None, None) => drop(self.services.insert(service, ServiceReadings::new(stats, now))),
            (None, Some(before)) => {
                let mut readings = ServiceReadings::new(&Stats::default(), before);
                readings.add(stats, now);
                self.services.insert(service, readings);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counting::shard::Slot;
    use crate::monitor::counters::site_counters::SiteCounters;
    use crate::monitor::outcome::{AttemptNumber, CallOutcome};

    fn at(seconds: u64) -> Tick {
        Tick(seconds * 1_000_000_000)
    }

    #[test]
    fn readings_are_wanted_for_a_minute_after_the_last_question() {
        let sampler = WindowSampler::default();
        assert!(!sampler.is_wanted(at(1)));
        sampler.keep_sampling(at(1));
        sampler.keep_sampling(at(10));
        assert!(sampler.is_wanted(at(69)) && !sampler.is_wanted(at(70)));
        sampler.join();
        assert!(sampler.is_wanted(at(1_000)));
        sampler.leave(at(1_000));
        assert!(sampler.is_wanted(at(1_059)) && !sampler.is_wanted(at(1_060)));
    }

    #[test]
    fn readings_are_taken_every_two_seconds_and_of_what_was_called() {
        let sampler = WindowSampler::default();
        let counters = SiteCounters::alone();
        let slot = Slot::current();
        let stats = || counters.stats();
        let taken = std::cell::Cell::new(0);
        let read = |second: u64| {
            let services = || -> Vec<StatsSource<'_>> {
                taken.set(taken.get() + 1);
                vec![("svc", Box::new(stats))]
            };
            sampler.read(at(second), services);
            taken.get()
        };
        assert_eq!(sampler.windows("svc", &stats(), at(1)), None);
        assert_eq!((1..=10).map(read).collect::<Vec<_>>(), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        assert!(sampler.lock().services.is_empty());
        counters.call_started(slot);
        counters.attempt_succeeded(AttemptNumber::FIRST, slot);
        counters.call_ended(CallOutcome::Success, 1_000, slot);
        read(11);
        let (windows, curve) = sampler.windows("svc", &stats(), at(11)).expect("it is watched");
        assert_eq!((windows.since_us, windows.ten_seconds.calls.success), (10_000_000, 1));
        assert_eq!(curve.len(), 5);
        sampler.forget();
        assert_eq!(sampler.windows("svc", &stats(), at(12)), None);
    }
}
