//! Both sides of each bound that the rules for measured numbers have.

use std::time::Duration;

use super::{file, short, well, with};
use crate::advice::{Advice, Measured, Rule, Verdict};

const PLAIN: &str = "[services.db]\nidempotent = true\n";

fn of(text: &str, facts: Measured) -> Vec<Advice> {
    with(&file(text), facts)
}

fn told(text: &str, facts: Measured, rule: &str) -> String {
    short(&of(text, facts)).into_iter().find(|text| text.starts_with(rule)).unwrap_or_default()
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[test]
fn conditions_hold_from_their_bound_on() {
    let hour = Duration::from_hours(1);
    for (holds, facts) in [
        (true, Measured { length: hour, ..well() }),
        (false, Measured { length: hour.saturating_sub(Duration::from_nanos(1)), ..well() }),
        (true, Measured { attempts: 1_000, succeeded: 1_000, failed: 0, ..well() }),
        (false, Measured { attempts: 1_000, succeeded: 999, failed: 1, ..well() }),
        (true, Measured { attempts: 200_000, failed: 2_000, succeeded: 198_000, ..well() }),
        (false, Measured { attempts: 200_000, failed: 2_001, succeeded: 197_999, ..well() }),
        (false, Measured { breaker_openings: 1, ..well() }),
        (true, Measured { reloaded_after: Some(Duration::from_secs(10)), ..well() }),
        (false, Measured { reloaded_after: Some(Duration::from_millis(10_001)), ..well() }),
        (false, Measured { reloaded_after: Some(well().length), ..well() }),
        (false, Measured::default()),
    ] {
        let found = of(PLAIN, facts.clone());
        let is_refused = found.iter().any(|one| one.rule == Rule::Sample);
        assert_eq!(is_refused, !holds, "{facts:?}\n{found:#?}");
        let proposes = found.iter().any(|one| one.verdict == Verdict::Proposal);
        assert_eq!(proposes, holds, "{facts:?}\n{found:#?}");
    }
}

#[test]
fn one_in_a_thousand_timed_out_leaves_longer_timeouts_alone() {
    let cut = |timed_out| Measured {
        timed_out,
        failed: timed_out,
        attempts: 1_000_000,
        succeeded: 999_000,
        ..well()
    };
    for (timeout, timed_out, expected) in [
        ("2s", 999, "attempt_timeout proposal: attempt_timeout = 1s 200ms"),
        ("2s", 1_000, ""),
        ("900ms", 999, "attempt_timeout proposal: attempt_timeout = 1s 200ms"),
        ("900ms", 1_000, "attempt_timeout proposal: attempt_timeout = 1s 200ms"),
        // Longer, by less than a quarter.
        ("1100ms", 1_000, ""),
    ] {
        let text = format!("[services.db]\nattempt_timeout = '{timeout}'\n");
        assert_eq!(told(&text, cut(timed_out), "attempt_timeout"), expected, "{timeout} {timed_out}");
        let others = of(&text, cut(timed_out)).iter().any(|one| one.rule == Rule::Bulkhead);
        assert_eq!(others, timed_out < 1_000, "{timeout} {timed_out}");
    }
}

#[test]
fn timeouts_go_by_the_slowest_thousandth_from_ten_thousand_attempts_on() {
    let of = |succeeded, p99, p999| {
        let facts = Measured { succeeded, p99: Some(millis(p99)), p999: Some(millis(p999)), ..well() };
        told("[services.db]\nattempt_timeout = '1s'\n", facts, "attempt_timeout")
    };
    // 3 × p99 is 600 ms, and 2 × p99.9 is 700 ms.
    assert_eq!(of(9_999, 200, 350), "attempt_timeout proposal: attempt_timeout = 600ms");
    assert_eq!(of(10_000, 200, 350), "attempt_timeout proposal: attempt_timeout = 700ms");
    let quick = |today: &str, p999| {
        let facts = Measured { p999: Some(p999), ..well() };
        told(&format!("[services.db]\nattempt_timeout = '{today}'\n"), facts, "attempt_timeout")
    };
    let proposed = |timeout: &str| format!("attempt_timeout proposal: attempt_timeout = {timeout}");
    assert_eq!(quick("40ms", Duration::from_millis(10)), proposed("20ms"));
    assert_eq!(quick("40ms", Duration::from_micros(10)), proposed("20ms"));
    assert_eq!(quick("40ms", Duration::from_micros(10_001)), proposed("21ms"), "rounded up");
    assert_eq!(quick("41ms", Duration::from_millis(1)), "attempt_timeout refused", "20 ms is below half");
}

#[test]
fn a_change_is_a_quarter_or_more_and_half_at_the_most() {
    for (today, is_proposed) in [
        ("959ms", true),
        ("960ms", true),
        ("961ms", false),
        ("1599ms", false),
        ("1600ms", true),
        ("2400ms", true),
    ] {
        let text = format!("[services.db]\nattempt_timeout = '{today}'\n");
        let told = told(&text, well(), "attempt_timeout");
        assert_eq!(told.contains("proposal: attempt_timeout = 1s 200ms"), is_proposed, "{today}: {told}");
    }
    assert_eq!(
        told("[services.db]\nattempt_timeout = '2401ms'\n", well(), "attempt_timeout"),
        "attempt_timeout refused"
    );
}

#[test]
fn the_bulkhead_is_the_largest_of_four_sizes() {
    let idle = Measured {
        per_second: 1.0,
        peak_per_second: Some(1.0),
        in_flight_mean: Some(0.02),
        in_flight_peak: 1,
        ..well()
    };
    let burst = |peak| Measured { peak_per_second: Some(peak), in_flight_peak: 1, ..well() };
    for (facts, expected) in [
        (idle.clone(), 4),
        (Measured { in_flight_peak: 3, ..idle.clone() }, 5),
        // 200 × 60 ms, and 200 × 100.5 ms; R + 3 √R is 10.
        (burst(200.0), 12),
        (Measured { p99: Some(Duration::from_micros(100_500)), ..burst(200.0) }, 21),
        // R is 5, and R + 3 √R 11.7.
        (Measured { p99: Some(millis(40)), ..burst(250.0) }, 12),
        (Measured { in_flight_peak: 17, ..burst(250.0) }, 26),
        // More than 10 did not run at once.
        (Measured { in_flight_peak: 17, bulkhead_limit: Some(10), ..burst(200.0) }, 15),
    ] {
        let told = told(PLAIN, facts.clone(), "bulkhead proposal: bulkhead.max_concurrent");
        assert_eq!(told, format!("bulkhead proposal: bulkhead.max_concurrent = {expected}"), "{facts:?}");
    }
}

#[test]
fn the_queue_holds_who_comes_within_the_wait_and_the_wait_is_a_quarter_of_the_deadline() {
    for (deadline, peak, wait, queue) in [
        ("10s", 200.1, "", "201"),
        ("4s", 200.0, "", "200"),
        ("3996ms", 200.0, "999ms", "200"),
        ("3s", 200.0, "750ms", "150"),
        ("2s", 200.0, "500ms", "100"),
    ] {
        let text = format!(
            "[services.db]\nattempt_timeout = '800ms'\ndeadline = '{deadline}'\nbulkhead = {{ max_wait = '1s' }}\n"
        );
        let facts = Measured { peak_per_second: Some(peak), ..well() };
        // A wait that is nearly a quarter stays.
        let expected = match wait {
            "" | "999ms" => String::new(),
            wait => format!("bulkhead proposal: bulkhead.max_wait = {wait}"),
        };
        assert_eq!(
            told(&text, facts.clone(), "bulkhead proposal: bulkhead.max_wait"),
            expected,
            "{deadline}"
        );
        let expected = format!("bulkhead proposal: bulkhead.max_queue = {queue}");
        assert_eq!(told(&text, facts, "bulkhead proposal: bulkhead.max_queue"), expected, "{deadline}");
    }
}

#[test]
fn copies_need_less_than_seven_tenths_of_the_bulkhead() {
    for (most, limit, is_proposed) in [(7, 10, false), (6, 10, true), (699, 1_000, true), (700, 1_000, false)]
    {
        let facts =
            Measured { p99: Some(millis(81)), in_flight_peak: most, bulkhead_limit: Some(limit), ..well() };
        let text = format!("{PLAIN}bulkhead = {{ max_concurrent = {limit} }}\n");
        let told = told(&text, facts, "hedge");
        assert_eq!(told == "hedge proposal: hedge.after = p95", is_proposed, "{most} of {limit}: {told}");
    }
}

/// The chance of at least `least` of `trials`, one product after another.
fn at_least(least: u32, trials: u32, chance: f64) -> f64 {
    let of = |count: u32| {
        let ways: f64 = (0..count).map(|place| f64::from(trials - place) / f64::from(place + 1)).product();
        ways * (0..trials).map(|trial| if trial < count { chance } else { 1.0 - chance }).product::<f64>()
    };
    (least..=trials).map(of).sum()
}

#[test]
fn the_breaker_opens_at_the_smallest_share_that_chance_reaches_less_than_once_a_day() {
    for (failed, calls) in [(1, 20), (2_000, 20), (2_000, 10), (5_000, 30), (7_200, 40)] {
        let text = format!("[services.db.breaker]\nfailure_rate = 0.01\nmin_calls = {calls}\n");
        let told =
            told(&text, Measured { failed, ..well() }, "failure_rate proposal: breaker.failure_rate = ");
        let rate: f64 = told.rsplit(' ').next().and_then(|rate| rate.parse().ok()).expect("a proposal");
        let a_day = |rate: f64| {
            let least = (1..=calls).find(|least| f64::from(*least) >= rate * f64::from(calls) - 1e-9);
            #[expect(clippy::cast_precision_loss, reason = "a share")]
            let share = failed as f64 / 720_000.0;
            at_least(least.expect("a count"), calls, share) * 8_640_000.0
        };
        assert!(a_day(rate) < 1.0 && a_day(rate - 0.01) >= 1.0, "{failed} of {calls}: {rate}");
    }
}

#[test]
fn a_whole_number_is_not_rounded_up_for_how_floating_point_writes_it() {
    let facts = Measured {
        p99: Some(Duration::from_millis(70)),
        peak_per_second: Some(100.0),
        in_flight_peak: 4,
        ..well()
    };
    assert_eq!(told(PLAIN, facts.clone(), "bulkhead"), "bulkhead proposal: bulkhead.max_concurrent = 7");
    let text = "[services.db.bulkhead]\nmax_concurrent = 7\nmax_queue = 20\nmax_wait = \"140ms\"\n";
    assert_eq!(told(text, facts, "bulkhead"), "bulkhead proposal: bulkhead.max_queue = 14");
}
