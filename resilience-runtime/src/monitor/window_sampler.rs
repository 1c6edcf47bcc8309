//! In: readings of the services of a registry, whenever somebody takes them. Out: their windows and curves, and whether
//! anybody still asks. Told the time.

use std::collections::HashMap;
#[cfg(not(feature = "testing"))]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::readings::micros;
use super::snapshot::{SparkPoint, Windows};
use super::stats::Stats;
use super::windows::ServiceReadings;
use crate::clock::{Tick, nanos};

/// How far apart readings are.
pub(crate) const TICK: Duration = Duration::from_secs(2);
/// For how long readings are taken after the last question.
const KEEP_SAMPLING: Duration = Duration::from_mins(1);

/// A service by its name, and what reads its counters.
pub(crate) type StatsSource<'a> = (&'static str, Box<dyn Fn() -> Stats + 'a>);

/// What is kept of the services of one registry.
#[derive(Debug, Default)]
pub(crate) struct WindowSampler {
    all: Mutex<SampledServices>,
    /// Who has asked to have readings taken until further notice.
    users: AtomicUsize,
    /// Until when somebody who has asked may come back.
    wanted_until: AtomicU64,
    /// Whether a thread takes them.
    #[cfg(not(feature = "testing"))]
    is_running: AtomicBool,
}

#[derive(Debug, Default)]
struct SampledServices {
    /// When the first readings were taken, and the last.
    span: Option<(Tick, Tick)>,
    /// Services without a call are left out.
    services: HashMap<&'static str, ServiceReadings>,
}

impl WindowSampler {
    /// Somebody asks now.
    pub(crate) fn keep_sampling(&self, now: Tick) {
        self.wanted_until.fetch_max(now.plus(KEEP_SAMPLING).0, Ordering::Relaxed);
    }

    /// Readings are wanted until the same is [left](Self::leave).
    pub(crate) fn join(&self) {
        self.users.fetch_add(1, Ordering::Relaxed);
    }

    /// One of those that joined wants none any more.
    pub(crate) fn leave(&self, now: Tick) {
        self.users.fetch_sub(1, Ordering::Relaxed);
        self.keep_sampling(now);
    }

    /// Whether anybody wants readings.
    #[cfg(any(test, not(feature = "testing")))]
    pub(crate) fn is_wanted(&self, now: Tick) -> bool {
        self.users.load(Ordering::Relaxed) > 0 || now.0 < self.wanted_until.load(Ordering::Relaxed)
    }

    /// Takes a reading of each of these services, if one is due. One that comes a little early takes it too.
    pub(crate) fn read<'a>(&self, now: Tick, services: impl FnOnce() -> Vec<StatsSource<'a>>) {
        let before = {
            let mut all = self.lock();
            let before = all.span.map(|(_, last)| last);
            if before.is_some_and(|last| now.nanos_since(last) + nanos(TICK) / 10 < nanos(TICK)) {
                return;
            }
            // Whoever comes meanwhile finds it done.
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

    /// The windows and the curve of a service, by its counters of now; nothing while nobody takes readings.
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

    /// Whether a thread is to be started that takes readings: none does.
    #[cfg(not(feature = "testing"))]
    pub(crate) fn start_once(&self) -> bool {
        !self.is_running.swap(true, Ordering::AcqRel)
    }

    /// The thread that takes readings ends.
    #[cfg(not(feature = "testing"))]
    pub(crate) fn mark_ended(&self) {
        self.is_running.store(false, Ordering::Release);
    }

    /// Nobody wants readings any more: what is kept would have gaps.
    #[cfg(any(test, not(feature = "testing")))]
    pub(crate) fn forget(&self) {
        let all = std::mem::take(&mut *self.lock());
        drop(all);
    }

    fn lock(&self) -> MutexGuard<'_, SampledServices> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SampledServices {
    /// A service that had no call at the reading before had counted nothing then.
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
    use crate::monitor::counters::Counters;
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
        let counters = Counters::default();
        let slot = Slot::current();
        let stats = || {
            let mut stats = Stats::default();
            counters.read_into(&mut stats);
            stats
        };
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
