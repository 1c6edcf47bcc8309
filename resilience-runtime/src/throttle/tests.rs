//! The throttle against simulated services with a fixed capacity.

use std::time::Duration;

use resilience_settings::policy::{Multiplier, ThrottleSettings};

use super::Throttle;
use crate::clock::Tick;
use crate::counting::shard::Slot;

const MS: u64 = 1_000_000;
const S: u64 = 1_000 * MS;

fn of(k: f64, seconds: u64) -> ThrottleSettings {
    settings!(ThrottleSettings { k: Multiplier::new(k).unwrap(), window: Duration::from_secs(seconds) })
}

fn record(throttle: &Throttle, settings: &ThrottleSettings, accepted: bool, count: usize, now: u64) {
    for _ in 0..count {
        throttle.record(settings, accepted, Tick(now), Slot::current());
    }
}

#[track_caller]
fn near(left: f64, right: f64, by: f64) {
    assert!((left - right).abs() <= by, "{left} is not within {by} of {right}");
}

#[test]
fn the_probability_is_that_of_the_book() {
    for (k, accepted, others, expected) in [
        (2.0, 0, 0, 0.0),
        (2.0, 100, 0, 0.0),
        (2.0, 50, 50, 0.0),
        (2.0, 40, 60, 20.0 / 101.0),
        (2.0, 0, 100, 100.0 / 101.0),
        (1.0, 90, 10, 10.0 / 101.0),
        (1.1, 90, 10, 1.0 / 101.0),
        (f64::MAX, 1, 99, 0.0),
        (f64::MAX, 0, 99, 99.0 / 100.0),
    ] {
        let (throttle, settings) = (Throttle::default(), of(k, 10));
        record(&throttle, &settings, true, accepted, S);
        record(&throttle, &settings, false, others, S);
        near(throttle.probability(&settings, Tick(S)), expected, 1e-12);
        for (draw, rejects) in [(expected - 1e-9, true), (expected + 1e-9, false)] {
            // A fresh throttle for each draw, as a rejection counts.
            let throttle = Throttle::default();
            record(&throttle, &settings, true, accepted, S);
            record(&throttle, &settings, false, others, S);
            let rejected = throttle.reject(&settings, Tick(S), draw.max(0.0), Slot::current());
            assert_eq!(rejected, rejects && expected > 0.0, "k {k}, {accepted} of {others}");
        }
    }
}

#[test]
fn a_request_that_is_rejected_here_counts_as_one() {
    let (throttle, settings) = (Throttle::default(), of(2.0, 10));
    record(&throttle, &settings, false, 1, S);
    for requests in 1..50_u32 {
        let expected = f64::from(requests) / f64::from(requests + 1);
        near(throttle.probability(&settings, Tick(S)), expected, 1e-12);
        assert!(throttle.reject(&settings, Tick(S), 0.0, Slot::current()));
    }
}

/// Offers requests evenly to a service that accepts `capacity` of them per second; returns how many were sent and
/// accepted.
fn offer(
    throttle: &Throttle,
    settings: &ThrottleSettings,
    per_second: u64,
    capacity: u64,
    seconds: std::ops::Range<u64>,
) -> (u64, u64) {
    let (mut sent, mut accepted) = (0, 0);
    for second in seconds {
        let mut left = capacity;
        for request in 0..per_second {
            let now = Tick(second * S + request * S / per_second);
            // A golden-ratio sequence: spread evenly, and not in step with anything.
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let draw = ((second * per_second + request) as f64 * 0.618_033_988_749_894_9).fract();
            if throttle.reject(settings, now, draw, Slot::current()) {
                continue;
            }
            sent += 1;
            let ok = left > 0;
            left = left.saturating_sub(1);
            accepted += u64::from(ok);
            throttle.record(settings, ok, now, Slot::current());
        }
    }
    (sent, accepted)
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn the_load_that_is_sent_settles_at_k_times_what_is_accepted() {
    for (k, offered) in [(2.0, 400), (2.0, 1_000), (1.5, 400), (1.2, 1_000)] {
        let (throttle, settings) = (Throttle::default(), of(k, 10));
        offer(&throttle, &settings, offered, 100, 0..60);
        let (sent, accepted) = offer(&throttle, &settings, offered, 100, 60..100);
        near(sent as f64 / accepted as f64, k, 0.06 * k);
        assert!(accepted as f64 > 0.97 * 100.0 * 40.0, "{accepted}");
    }
}

#[test]
fn a_service_that_accepts_enough_is_never_throttled() {
    let (throttle, settings) = (Throttle::default(), of(2.0, 10));
    let (sent, accepted) = offer(&throttle, &settings, 200, 110, 0..60);
    assert_eq!((sent, accepted), (200 * 60, 110 * 60));
}

#[test]
fn an_outage_leaves_a_trickle_and_the_recovery_is_noticed() {
    let (throttle, settings) = (Throttle::default(), of(2.0, 10));
    offer(&throttle, &settings, 200, 200, 0..20);
    offer(&throttle, &settings, 200, 0, 20..60);
    let (sent, _) = offer(&throttle, &settings, 200, 0, 60..100);
    // One in each window's worth of requests, that is one per window; the draws vary that a little.
    assert!((1..=20).contains(&sent), "{sent}");
    offer(&throttle, &settings, 200, 200, 100..200);
    let (sent, _) = offer(&throttle, &settings, 200, 200, 200..210);
    assert_eq!(sent, 2_000);
    near(throttle.probability(&settings, Tick(210 * S)), 0.0, 0.0);
}

#[test]
fn what_has_left_the_window_no_longer_counts() {
    let (throttle, settings) = (Throttle::default(), of(2.0, 10));
    record(&throttle, &settings, false, 1_000, 5 * S);
    assert!(throttle.reject(&settings, Tick(15 * S), 0.9, Slot::current()));
    near(throttle.probability(&settings, Tick(15 * S)), 1001.0 / 1002.0, 1e-12);
    near(throttle.probability(&settings, Tick(16 * S)), 1.0 / 2.0, 1e-12);
    near(throttle.probability(&settings, Tick(26 * S)), 0.0, 0.0);
    assert!(!throttle.reject(&settings, Tick(26 * S), 0.0, Slot::current()));
}

#[test]
fn a_sum_is_used_again_for_a_hundredth_of_its_requests_and_a_thousandth_of_the_window() {
    let (throttle, settings) = (Throttle::default(), of(2.0, 10));
    let rejects = |draw, now| throttle.reject(&settings, Tick(now), draw, Slot::current());
    record(&throttle, &settings, true, 1_280, S);
    assert!(!rejects(0.5, S));
    record(&throttle, &settings, false, 12_800, S);
    for _ in 0..10 {
        assert!(!rejects(0.5, S), "what it knew is still good");
    }
    assert!(rejects(0.5, S), "ten uses are a 128th");
    let throttle = Throttle::default();
    record(&throttle, &settings, true, 1_280, S);
    let rejects = |draw, now| throttle.reject(&settings, Tick(now), draw, Slot::current());
    assert!(!rejects(0.5, S));
    record(&throttle, &settings, false, 12_800, S);
    assert!(!rejects(0.5, S + 10 * MS - 1));
    assert!(rejects(0.5, S + 10 * MS));
}

#[test]
fn one_that_forgets_has_neither_counts_nor_a_sum_of_them() {
    let (throttle, settings) = (Throttle::default(), of(2.0, 10));
    record(&throttle, &settings, false, 12_800, S);
    assert!(throttle.reject(&settings, Tick(S), 0.5, Slot::current()));
    throttle.forget();
    near(throttle.probability(&settings, Tick(S)), 0.0, 0.0);
    assert!(!throttle.reject(&settings, Tick(S), 0.5, Slot::current()), "what it knew is no longer good");
}

#[test]
fn another_window_starts_from_the_newest_counts_and_another_k_acts_at_once() {
    let (throttle, old, new) = (Throttle::default(), of(2.0, 10), of(4.0, 60));
    record(&throttle, &old, true, 10, S);
    record(&throttle, &old, false, 90, S);
    throttle.reshape(Some(&old), Some(&new), Tick(2 * S));
    near(throttle.probability(&new, Tick(2 * S)), 60.0 / 101.0, 1e-12);
    throttle.reshape(Some(&new), None, Tick(2 * S));
    throttle.reshape(None, Some(&new), Tick(3 * S));
    near(throttle.probability(&new, Tick(3 * S)), 60.0 / 101.0, 1e-12);
}

#[test]
fn the_counts_of_many_threads_add_up() {
    let (throttle, settings) = (Throttle::default(), of(2.0, 10));
    std::thread::scope(|scope| {
        for thread in 0..crate::counting::shard::NEAR + 8 {
            let (throttle, settings) = (&throttle, &settings);
            scope.spawn(move || record(throttle, settings, thread % 4 == 0, 500, S));
        }
    });
    near(throttle.probability(&settings, Tick(S)), 18_000.0 / 36_001.0, 1e-12);
}
