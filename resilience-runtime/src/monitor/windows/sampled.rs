//! Tests: the sample of a service beside its windows, as readings are added to both.

use super::ServiceReadings;
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::monitor::counters::site_counters::SiteCounters;
use crate::monitor::outcome::{AttemptNumber, AttemptOutcome, CallOutcome};
use crate::monitor::stats::Stats;
use crate::monitor::waited_for::WaitedFor;

const SECOND: u64 = 1_000_000_000;
const MILLI: u64 = 1_000_000;

fn at(seconds: u64) -> Tick {
    Tick((1_000 + seconds) * SECOND)
}

fn succeed(counters: &SiteCounters, attempt_millis: u64, millis: u64) {
    let slot = Slot::current();
    counters.call_started(slot);
    counters.attempt_succeeded(AttemptNumber::FIRST, slot);
    counters.call_succeeded(attempt_millis * MILLI, millis * MILLI, slot);
}

#[test]
fn attempts_are_told_apart_from_the_calls_that_waited_or_failed() {
    let counters = SiteCounters::alone();
    for _ in 0..8 {
        succeed(&counters, 10, 10);
    }
    succeed(&counters, 20, 1_000);
    let slot = Slot::current();
    counters.call_started(slot);
    counters.call_ended(CallOutcome::Error, 3_000 * MILLI, slot);
    let stats = counters.stats();
    assert_eq!((stats.latency().count(), stats.latency().total().as_millis()), (10, 4_080));
    let attempts = stats.attempt_latency();
    assert_eq!((attempts.count(), attempts.total().as_millis()), (9, 100));
    assert!((20..=23).contains(&attempts.quantile(1.0).unwrap().as_millis()));
}

#[test]
fn what_was_counted_before_the_sample_is_not_in_it() {
    let counters = SiteCounters::alone();
    for _ in 0..100 {
        succeed(&counters, 900, 900);
    }
    let mut readings = ServiceReadings::new(&counters.stats(), at(0));
    for second in (2..=40).step_by(2) {
        for _ in 0..if second == 20 { 60 } else { 20 } {
            succeed(&counters, 10, 10);
        }
        readings.add(&counters.stats(), at(second));
    }
    let sample = readings.sample(&counters.stats(), at(40));
    assert_eq!((sample.attempts, sample.succeeded, sample.failed), (440, 440, 0));
    assert_eq!((sample.length_us, sample.mean_us), (40_000_000, Some(10_000)));
    assert!((10_000..=11_250).contains(&sample.p999_us.unwrap()), "{sample:?}");
    assert!((sample.attempts_per_second - 11.0).abs() < 1e-9, "{sample:?}");
    assert_eq!(sample.peak_attempts_per_second, Some(14.0), "140 in the ten seconds around the rush");
    assert_eq!(sample.retry_share_p95, None, "no five minutes have passed");
}

#[test]
fn calls_in_flight_count_while_attempts_succeed_and_retries_by_stretches() {
    let (counters, slot) = (SiteCounters::alone(), Slot::current());
    let mut readings = ServiceReadings::new(&Stats::default(), at(0));
    for _ in 0..3 {
        counters.call_started(slot);
    }
    for stretch in 1..=20_u64 {
        for _ in 0..100 {
            succeed(&counters, 10, 10);
        }
        for _ in 0..stretch {
            counters.service.retry(slot);
        }
        readings.add(&counters.stats(), at(stretch * 300));
    }
    for _ in 0..10 {
        counters.service.attempt_failed(AttemptNumber::FIRST, AttemptOutcome::TimedOut, slot);
        counters.call_started(slot);
    }
    readings.add(&counters.stats(), at(6_002));
    let sample = readings.sample(&counters.stats(), at(6_002));
    assert_eq!((sample.in_flight_peak, sample.timed_out, sample.failed), (3, 10, 10), "{sample:?}");
    let share = sample.retry_share_p95.expect("many stretches");
    assert!((share - 0.19).abs() < 1e-6, "the nineteenth of twenty: {share}");
    counters.service.waited(WaitedFor::Queue, 6_002 * SECOND, slot);
    let waited = readings.sample(&counters.stats(), at(6_002)).in_flight_mean.expect("readings");
    assert!((sample.in_flight_mean.unwrap() - waited - 1.0).abs() < 1e-6, "one of them waited all the time");
}
