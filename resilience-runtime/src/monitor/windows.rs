//! Decides how far back the dashboard sees: the windows and the curve of one service. In: readings, as time passes. Out: the last
//! 10 s, minute and five minutes, and the curve of two minutes. Pure: the time is passed in.
//!
//! A window is the difference to the newest reading that is old enough, so it is a little longer than its name says,
//! and shorter while the first reading is younger. Readings are kept at three intervals, in all 22 KB per service at
//! most.

mod sample;
#[cfg(test)]
mod sampled;

use std::collections::VecDeque;

use self::sample::Sample;
use super::readings::Reading;
use super::snapshot::{SampleSnapshot, SparkPoint, Windows};
use super::stats::Stats;
use crate::clock::{Tick, micros};

const SECOND: u64 = 1_000_000_000;
/// The length of a point of the curve.
const POINT: u64 = 2 * SECOND;
const POINTS: u64 = 60;

/// Readings at one interval.
#[derive(Debug)]
struct Tier {
    /// The interval.
    step: u64,
    /// How far back the oldest reading has to be.
    reach: u64,
    readings: VecDeque<Reading>,
}

impl Tier {
    const fn new(step: u64, reach: u64) -> Self {
        Self { step: step * SECOND, reach: reach * SECOND, readings: VecDeque::new() }
    }

    /// Keeps the reading, if the last one is old enough. A reading that comes a little early is kept too.
    fn add(&mut self, reading: &Reading) {
        let is_due =
            self.readings.back().is_none_or(|last| reading.at.nanos_since(last.at) + SECOND / 2 >= self.step);
        if is_due {
            // One reading beyond the reach has to stay.
            while self.readings.get(1).is_some_and(|next| reading.at.nanos_since(next.at) >= self.reach) {
                self.readings.pop_front();
            }
            // Growing to the next power of two would take a third more.
            self.readings.reserve_exact(1);
            self.readings.push_back(reading.clone());
        }
    }

    /// The reading that a window of this reach starts at: the newest one that is old enough. If there is none, or it
    /// is too old because nobody sampled for so long, the next younger one.
    fn base(&self, now: Tick) -> Option<&Reading> {
        let age = |reading: &Reading| now.nanos_since(reading.at);
        let young = self.readings.partition_point(|reading| age(reading) >= self.reach);
        let old = young.checked_sub(1).and_then(|place| self.readings.get(place));
        let too_old = self.reach + 2 * self.step;
        old.filter(|reading| age(reading) <= too_old).or_else(|| self.readings.get(young)).or(old)
    }
}

/// The samples of one service.
#[derive(Debug)]
pub(super) struct ServiceReadings {
    tiers: [Tier; 3],
    /// The points of the curve, each with its number since the start of the clock, oldest first; missing points are
    /// zero.
    points: VecDeque<(u64, SparkPoint)>,
    /// When it was first read.
    since: Tick,
    /// Ended calls, and those without a good answer, at the last sample.
    last: (u64, u64),
    sample: Sample,
}

impl ServiceReadings {
    /// Starts with the counters at this moment.
    pub(super) fn new(stats: &Stats, now: Tick) -> Self {
        let reading = Reading::new(stats, now);
        let mut readings = Self {
            tiers: [Tier::new(2, 10), Tier::new(10, 60), Tier::new(60, 300)],
            points: VecDeque::new(),
            since: now,
            last: reading.ended_and_bad(),
            sample: Sample::new(stats, &reading),
        };
        for tier in &mut readings.tiers {
            tier.add(&reading);
        }
        readings
    }

    /// Adds a reading.
    pub(super) fn add(&mut self, stats: &Stats, now: Tick) {
        let reading = Reading::new(stats, now);
        self.sample.add(&reading, self.tiers[0].base(now), stats.in_flight());
        for tier in &mut self.tiers {
            tier.add(&reading);
        }
        let (ended, bad) = reading.ended_and_bad();
        let calls = saturated(ended.saturating_sub(self.last.0));
        let bad_calls = saturated(bad.saturating_sub(self.last.1));
        self.last = (ended, bad);
        // What happened since the last sample belongs to the point that has just ended, including its end.
        let number = now.0.saturating_sub(1) / POINT;
        match self.points.back_mut() {
            Some((last, point)) if *last == number => {
                point.calls = point.calls.saturating_add(calls);
                point.bad = point.bad.saturating_add(bad_calls);
            }
            _ if calls > 0 || bad_calls > 0 => {
                self.points.push_back((number, SparkPoint { calls, bad: bad_calls }));
            }
            _ => {}
        }
        while self.points.front().is_some_and(|(first, _)| first + POINTS < number) {
            self.points.pop_front();
        }
    }

    /// The windows up to now, given the counters now.
    pub(super) fn windows(&self, stats: &Stats, now: Tick) -> Windows {
        let reading = Reading::new(stats, now);
        let [ten_seconds, one_minute, five_minutes] = self.tiers.each_ref().map(|tier| {
            tier.base(now).map(|base| reading.since(base, stats.in_flight())).unwrap_or_default()
        });
        Windows { since_us: micros(now.since(self.since)), ten_seconds, one_minute, five_minutes }
    }

    /// How attempts went up to now, given the counters now.
    pub(super) fn sample(&self, stats: &Stats, now: Tick) -> SampleSnapshot {
        self.sample.snapshot(stats, now)
    }

    /// The complete points of the last two minutes, of a sampler that started at `since`.
    pub(super) fn curve(&self, since: Tick, now: Tick) -> Vec<SparkPoint> {
        let (current, first) = (now.0 / POINT, since.0 / POINT);
        let from = first.max(current.saturating_sub(POINTS));
        let mut points = self.points.iter().skip_while(|(number, _)| *number < from).peekable();
        (from..current)
            .map(|number| {
                let point = points.next_if(|(known, _)| *known == number);
                point.map_or_else(SparkPoint::default, |(_, point)| *point)
            })
            .collect()
    }

    /// The memory it takes, in bytes.
    #[cfg(test)]
    fn size(&self) -> usize {
        let readings: usize = self.tiers.iter().map(|tier| tier.readings.capacity()).sum();
        readings * size_of::<Reading>()
            + self.points.capacity() * size_of::<(u64, SparkPoint)>()
            + self.sample.size()
            + size_of::<Self>()
    }
}

fn saturated(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counting::shard::Slot;
    use crate::monitor::counters::site_counters::SiteCounters;
    use crate::monitor::outcome::{AttemptNumber, CallOutcome, CallerOutcome};

    fn at(seconds: u64) -> Tick {
        Tick(1_000 * SECOND + seconds * SECOND)
    }

    fn read(counters: &SiteCounters) -> Stats {
        counters.stats()
    }

    fn succeed(counters: &SiteCounters, calls: u64, millis: u64) {
        let slot = Slot::current();
        for _ in 0..calls {
            counters.call_started(slot);
            counters.attempt_succeeded(AttemptNumber::FIRST, slot);
            counters.call_ended(CallOutcome::Success, millis * 1_000_000, slot);
        }
    }

    fn fail(counters: &SiteCounters) {
        let slot = Slot::current();
        counters.call_started(slot);
        counters.seen(CallerOutcome::Failure, slot);
        counters.call_ended(CallOutcome::Error, 1_000, slot);
    }

    #[test]
    fn windows_hold_what_happened_within_them() {
        let counters = SiteCounters::alone();
        succeed(&counters, 1_000, 1);
        let mut readings = ServiceReadings::new(&read(&counters), at(0));
        for second in 1..=400 {
            // Ten calls a second that take 10 ms, and in the last 20 s of 100 ms.
            succeed(&counters, 10, if second > 380 { 100 } else { 10 });
            if second % 2 == 0 {
                readings.add(&read(&counters), at(second));
            }
        }
        let windows = readings.windows(&read(&counters), at(400));
        assert_eq!(windows.since_us, 400_000_000);
        for (window, seconds, longest) in
            [(&windows.ten_seconds, 10, 12), (&windows.one_minute, 60, 70), (&windows.five_minutes, 300, 360)]
        {
            let length = window.length_us / 1_000_000;
            assert!((seconds..=longest).contains(&length), "{length}");
            assert_eq!(window.calls.success, 10 * length);
            assert!((window.calls_per_second - 10.0).abs() < 1e-9);
            assert_eq!(window.success_rate, Some(1.0));
        }
        let near = |micros: Option<u64>, expected: u64| {
            micros.is_some_and(|micros| (expected..=expected * 9 / 8).contains(&micros))
        };
        assert!(near(windows.ten_seconds.p50_us, 100_000));
        assert!(near(windows.one_minute.p50_us, 10_000) && near(windows.one_minute.p95_us, 100_000));
        assert!(near(windows.five_minutes.p50_us, 10_000) && near(windows.five_minutes.p99_us, 100_000));
        assert_eq!(windows.ten_seconds.mean_us, Some(100_000));
    }

    #[test]
    fn what_is_younger_than_a_window_is_told_as_far_as_it_goes() {
        let counters = SiteCounters::alone();
        succeed(&counters, 5, 1);
        let readings = ServiceReadings::new(&read(&counters), at(0));
        let nothing = readings.windows(&read(&counters), at(0));
        assert_eq!((nothing.since_us, nothing.one_minute.calls.ended()), (0, 0));
        assert_eq!((nothing.one_minute.success_rate, nothing.one_minute.p50_us), (None, None));
        succeed(&counters, 6, 1);
        fail(&counters);
        let windows = readings.windows(&read(&counters), at(4));
        for window in [&windows.ten_seconds, &windows.one_minute, &windows.five_minutes] {
            assert_eq!((window.length_us, window.calls.success, window.calls.failure), (4_000_000, 6, 1));
        }
    }

    #[test]
    fn the_curve_has_a_point_for_each_two_seconds() {
        let counters = SiteCounters::alone();
        let mut readings = ServiceReadings::new(&read(&counters), at(0));
        for second in (2..=300).step_by(2) {
            if second % 4 == 0 {
                succeed(&counters, 3, 1);
                fail(&counters);
            }
            readings.add(&read(&counters), at(second));
        }
        let curve = readings.curve(at(0), at(300));
        assert_eq!(curve.len(), 60);
        assert_eq!(curve[58], SparkPoint::default());
        assert_eq!(curve[59], SparkPoint { calls: 4, bad: 1 });
        assert_eq!(curve.iter().map(|point| point.calls).sum::<u32>(), 120);
        assert_eq!(
            readings.curve(at(0), at(302)).last(),
            Some(&SparkPoint::default()),
            "nobody has looked since"
        );
    }

    #[test]
    fn a_service_has_at_most_24_kilobytes() {
        let counters = SiteCounters::alone();
        let mut readings = ServiceReadings::new(&read(&counters), at(0));
        for second in 1..4_000 {
            succeed(&counters, 1, second);
            readings.add(&read(&counters), at(second));
            let readings: usize = readings.tiers.iter().map(|tier| tier.readings.len()).sum();
            assert!(readings <= 20, "{readings}");
        }
        let size = readings.size();
        assert!(size <= 24 << 10, "{size}");
    }
}
