//! The rows of the trial that the formula was found by, and inputs at the ends of their ranges.

use super::*;

fn calls(ended: u64, bad: u64, attempts: u64, attempts_failed: u64) -> HealthInputs {
    HealthInputs { ended, bad, attempts, attempts_failed, ..HealthInputs::default() }
}

fn with(mut inputs: HealthInputs, change: fn(&mut HealthInputs)) -> HealthInputs {
    change(&mut inputs);
    inputs
}

/// The rows of the trial that the formula was found by, and what it printed for them.
#[test]
fn scores_and_reasons_are_those_of_the_trial() {
    let fine = calls(6_000, 0, 6_000, 0);
    for (inputs, score, reasons) in [
        (HealthInputs::default(), 100, vec!["no traffic"]),
        (calls(10_000, 0, 10_000, 0), 100, vec![]),
        (
            calls(1, 1, 1, 1),
            61,
            vec!["callers: 100.0% of 1 calls got no good answer", "dependency: 100% of attempts fail"],
        ),
        (calls(2_000, 1, 2_001, 1), 98, vec!["callers: 0.1% of 2000 calls got no good answer"]),
        (
            calls(6_000, 60, 6_200, 260),
            85,
            vec!["callers: 1.0% of 6000 calls got no good answer", "dependency: 4% of attempts fail"],
        ),
        (
            calls(6_000, 300, 7_000, 1_300),
            60,
            vec!["callers: 5.0% of 6000 calls got no good answer", "dependency: 19% of attempts fail"],
        ),
        (
            calls(6_000, 3, 7_200, 1_203),
            80,
            vec!["dependency: 17% of attempts fail", "callers: 0.1% of 6000 calls got no good answer"],
        ),
        (
            with(calls(6_000, 0, 100, 100), |of| {
                of.breaker = BreakerState::Open;
                of.degraded = 5_900;
            }),
            20,
            vec!["breaker open", "dependency: 100% of attempts fail", "degraded: 98% answered by a stand-in"],
        ),
        (
            with(calls(6_000, 5_900, 100, 100), |of| of.breaker = BreakerState::Open),
            0,
            vec![
                "callers: 98.3% of 6000 calls got no good answer",
                "breaker open",
                "dependency: 100% of attempts fail",
            ],
        ),
        (
            with(calls(6_000, 400, 5_000, 500), |of| of.breaker = BreakerState::HalfOpen),
            50,
            vec![
                "breaker half-open",
                "callers: 6.7% of 6000 calls got no good answer",
                "dependency: 10% of attempts fail",
            ],
        ),
        (with(fine, |of| of.breaker = BreakerState::ForcedClosed), 70, vec!["breaker forced closed"]),
        (
            with(calls(6_000, 600, 7_200, 1_800), |of| of.retries_refused = 600),
            40,
            vec![
                "callers: 10.0% of 6000 calls got no good answer",
                "dependency: 25% of attempts fail",
                "budget empty: 600 retries refused",
            ],
        ),
        (with(fine, |of| of.waiting_share = 0.5), 50, vec!["waiting: 50% of call time is spent in queues"]),
        (
            with(calls(6_000, 60, 6_000, 60), |of| {
                of.partitions = 40;
                of.partitions_open = 3;
            }),
            85,
            vec![
                "callers: 1.0% of 6000 calls got no good answer",
                "3 of 40 partitions open",
                "dependency: 1% of attempts fail",
            ],
        ),
        (with(fine, |of| of.keys_away = true), 80, vec!["store of idempotency keys away"]),
        (with(fine, |of| of.keys_may_be_lost = true), 90, vec!["store of idempotency keys may lose records"]),
        (with(fine, |of| of.reload_refused = true), 90, vec!["last reload refused"]),
        (with(HealthInputs::default(), |of| of.is_uncounted = true), 100, vec![UNCOUNTED]),
        (
            with(HealthInputs::default(), |of| {
                of.is_uncounted = true;
                of.breaker = BreakerState::Open;
            }),
            20,
            vec!["breaker open"],
        ),
    ] {
        let report = health(&inputs);
        assert_eq!(
            (report.score, report.reasons),
            (score, reasons.iter().map(|text| (*text).to_owned()).collect()),
            "{inputs:?}"
        );
    }
}

/// A reason as the guide has it: each number is `…`.
fn without_numbers(reason: &str) -> String {
    let mut text = String::new();
    for c in reason.chars() {
        match c {
            '0'..='9' | '.' if text.ends_with('…') => {}
            '0'..='9' => text.push('…'),
            _ => text.push(c),
        }
    }
    text
}

/// Each reason leads to a cause, by the table of the guide.
#[test]
fn every_reason_is_in_the_guide() {
    let guide = include_str!("../../../docs/reading_the_dashboard.md");
    let mut reasons: Vec<String> = vec![UNCOUNTED.to_owned()];
    reasons.extend(health(&HealthInputs::default()).reasons);
    for breaker in BreakerState::ALL {
        // All that can be amiss, so that a new reason cannot be left out.
        let inputs = HealthInputs {
            ended: 100,
            bad: 50,
            degraded: 50,
            attempts: 100,
            attempts_failed: 50,
            breaker: *breaker,
            partitions: 4,
            partitions_open: 2,
            retries_refused: 9,
            waiting_share: 0.5,
            keys_away: true,
            keys_may_be_lost: true,
            results_evicted: true,
            reload_refused: true,
            is_uncounted: true,
        };
        let amiss = factors(&inputs).into_iter().filter(|(score, _)| *score < GOOD);
        reasons.extend(amiss.map(|(_, reason)| reason));
    }
    assert!(reasons.len() > 40);
    for reason in reasons {
        let shown = without_numbers(&reason);
        assert!(guide.contains(&format!("`{shown}`")), "the guide has no way from {shown:?}");
    }
}

#[test]
fn no_input_leaves_the_range() {
    for ended in [0, 1, u64::MAX] {
        for part in [0, 1, u64::MAX] {
            for waiting_share in [f64::NEG_INFINITY, 0.0, 2.0, f64::INFINITY] {
                let inputs = HealthInputs {
                    ended,
                    bad: part,
                    degraded: part,
                    attempts: ended,
                    attempts_failed: part,
                    partitions: ended,
                    partitions_open: part,
                    retries_refused: part,
                    waiting_share,
                    ..HealthInputs::default()
                };
                let report = health(&inputs);
                assert!(report.score <= 100 && report.reasons.len() <= 3, "{inputs:?}");
            }
        }
    }
}
