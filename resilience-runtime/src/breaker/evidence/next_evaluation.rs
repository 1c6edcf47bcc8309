//! Computes whether the rates of a window have reached their thresholds, as seldom as possible; `opening` decides by it. In: bad
//! results (failures, slow ones). Out: whether an evaluation is due, and what it comes to. An evaluation reads the counters of all
//! threads; in an outage, one for every failure would cost more than the calls themselves.
//!
//! After an evaluation that saw `failures` among `total`, the rate cannot be reached before a certain number of
//! further bad results: successes in between only put it off. Old results that leave the window could bring it
//! closer, but only when a slice ends, and the count-down is valid for one slice only.

use resilience_settings::policy::BreakerSettings;

use super::vote::Counts;
use crate::sync::atomic::{AtomicU64, Ordering};

/// `mark << 32 | evaluation << 16 | remaining`: the slice, the number of the evaluation, and how many more bad
/// results need none. The number of the evaluation keeps a slow thread from mistaking a word that has returned to the
/// same count for the one that it read.
#[derive(Debug, Default)]
pub(in crate::breaker) struct NextEvaluation(AtomicU64);

impl NextEvaluation {
    /// Counts one bad result, which is in the window already. Evaluates `counts` if the count-down has ended; whether
    /// a rate has reached its threshold.
    pub(in crate::breaker) fn evaluate_if_due(
        &self,
        mark: u32,
        settings: &BreakerSettings,
        counts: impl Fn() -> Counts,
    ) -> bool {
        let mut seen = self.0.load(Ordering::Acquire);
        loop {
            let remaining = seen & 0xffff;
            let counts_down = seen >> 32 == u64::from(mark) && remaining > 0;
            let next = if counts_down {
                seen - 1
            } else {
                match shortfall(counts(), settings) {
                    0 => return true,
                    needed => {
                        let evaluation = (seen >> 16).wrapping_add(1) & 0xffff;
                        u64::from(mark) << 32 | evaluation << 16 | (needed - 1)
                    }
                }
            };
            // If another thread was quicker, its sum may lack this result, so this one is counted down from what that
            // thread stored.
            match self.0.compare_exchange_weak(seen, next, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return false,
                Err(now) => seen = now,
            }
        }
    }

    /// Makes the next bad result evaluate, because thresholds have changed.
    pub(in crate::breaker) fn forget(&self) {
        let _ = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, |word| {
            Some(word.wrapping_add(1 << 16) & !0xffff)
        });
    }
}

/// Whether the failure rate has reached its threshold.
pub(in crate::breaker) fn has_failed(counts: Counts, settings: &BreakerSettings) -> bool {
    reached(counts.failure_rate(), settings.failure_rate.get())
}

fn reached(rate: Option<f64>, threshold: f64) -> bool {
    rate.is_some_and(|rate| rate >= threshold)
}

/// The least number of further bad results that can reach a threshold, up to 65,535; 0 if one is reached.
pub(in crate::breaker) fn shortfall(counts: Counts, settings: &BreakerSettings) -> u64 {
    let slow = settings.slow_call.map(|_| settings.slow_rate.get());
    if counts.total() >= u64::from(settings.min_calls)
        && (has_failed(counts, settings)
            || slow.is_some_and(|threshold| reached(counts.slow_rate(), threshold)))
    {
        return 0;
    }
    let least = |bad, threshold| needed(bad, counts.total(), settings.min_calls, threshold);
    let by_failures = least(counts.failures(), settings.failure_rate.get());
    slow.map_or(by_failures, |threshold| least(counts.slow(), threshold).min(by_failures))
}

/// The least `k` with `bad + k >= rate · (total + k)` and `bad + k >= rate · min_calls`, but at least 1. Rounded down
/// by a hair: one evaluation too many is cheap, one too few would open late.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "float casts saturate; counts stay far below 2^53"
)]
fn needed(bad: u64, total: u64, min_calls: u32, rate: f64) -> u64 {
    let (bad, total) = (bad as f64, total as f64);
    let by_rate = (rate * total - bad) / (1.0 - rate);
    let by_volume = rate * f64::from(min_calls) - bad;
    // At a rate of 1 the first is 0/0 or infinite; `max` takes the other operand of a NaN.
    let least = by_rate.max(by_volume);
    ((least - least.abs() * 1e-9 - 1e-9).ceil() as u64).clamp(1, 0xffff)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Barrier;

    use resilience_settings::policy::Ratio;

    use proptest::prelude::*;

    use super::*;

    fn settings(failure_rate: f64, min_calls: u32) -> BreakerSettings {
        settings!(BreakerSettings {
            failure_rate: Ratio::saturating(failure_rate),
            min_calls,
            ..BreakerSettings::default()
        })
    }

    #[test]
    fn it_does_not_evaluate_before_the_rate_can_be_reached() {
        let (next_evaluation, evaluations, failures) =
            (NextEvaluation::default(), Cell::new(0), Cell::new(0_u64));
        let opened = (1..=20).find(|&failure| {
            failures.set(failure);
            next_evaluation.evaluate_if_due(1, &settings(0.5, 20), || {
                evaluations.set(evaluations.get() + 1);
                Counts([10, 0, failures.get(), 0])
            })
        });
        assert_eq!(opened, Some(10));
        assert_eq!(evaluations.get(), 2, "the first failure, and the tenth");
    }

    #[test]
    fn a_new_slice_or_new_thresholds_make_the_next_failure_evaluate() {
        let next_evaluation = NextEvaluation::default();
        let calm = || Counts([1_000, 0, 1, 0]);
        let grave = || Counts([0, 0, 100, 0]);
        assert!(!next_evaluation.evaluate_if_due(1, &settings(0.5, 20), calm));
        assert!(
            !next_evaluation.evaluate_if_due(1, &settings(0.5, 20), grave),
            "counts down within the slice"
        );
        assert!(next_evaluation.evaluate_if_due(2, &settings(0.5, 20), grave));
        next_evaluation.forget();
        assert!(next_evaluation.evaluate_if_due(1, &settings(0.5, 20), grave));
    }

    #[test]
    fn the_count_down_is_of_the_slice_that_it_was_found_for() {
        let (next_evaluation, settings) = (NextEvaluation::default(), settings(0.5, 20));
        let calm = || Counts([1_000, 0, 1, 0]);
        let grave = || Counts([0, 0, 100, 0]);
        for mark in [1, 2, 4] {
            assert!(!next_evaluation.evaluate_if_due(mark, &settings, calm));
            assert!(
                !next_evaluation.evaluate_if_due(mark, &settings, grave),
                "counts down within slice {mark}"
            );
        }
        next_evaluation.forget();
        assert_eq!(next_evaluation.0.load(Ordering::Relaxed) & 0xffff, 0);
        assert_eq!(next_evaluation.0.load(Ordering::Relaxed) >> 32, 4, "which slice it is, is not forgotten");
    }

    #[test]
    fn two_evaluations_that_leave_the_same_number_are_told_apart() {
        let (next_evaluation, settings, evaluations) =
            (NextEvaluation::default(), settings(1.0, 3), Cell::new(0));
        let one_is_missing = || Counts([0, 0, 2, 0]);
        for _ in 0..3 {
            assert!(!next_evaluation.evaluate_if_due(1, &settings, one_is_missing));
            evaluations.set(0);
            let reached = next_evaluation.evaluate_if_due(1, &settings, || {
                evaluations.set(evaluations.get() + 1);
                if evaluations.get() == 1 {
                    assert!(!next_evaluation.evaluate_if_due(1, &settings, one_is_missing));
                }
                one_is_missing()
            });
            assert_eq!(
                (reached, evaluations.get()),
                (false, 2),
                "a sum that is older than another evaluation is not used"
            );
        }
    }

    #[test]
    fn slow_results_can_be_what_is_needed() {
        let mut settings = settings(0.5, 10);
        assert_eq!(shortfall(Counts([0, 10, 0, 0]), &settings), 10);
        settings.slow_call = Some(std::time::Duration::from_secs(1));
        assert_eq!(shortfall(Counts([0, 10, 0, 0]), &settings), 0);
        assert_eq!(shortfall(Counts([3, 7, 0, 0]), &settings), 5, "12 of 15 are slow");
    }

    #[test]
    fn a_result_that_a_quicker_thread_may_have_missed_is_counted_off() {
        let (next_evaluation, settings, is_first) =
            (NextEvaluation::default(), settings(1.0, 3), Cell::new(true));
        let reached = next_evaluation.evaluate_if_due(1, &settings, || {
            if is_first.replace(false) {
                // Another thread fails, evaluates and stores before this one has added up.
                assert!(!next_evaluation.evaluate_if_due(1, &settings, || Counts([0, 0, 1, 0])));
            }
            Counts([0, 0, 1, 0])
        });
        assert!(!reached);
        assert!(next_evaluation.evaluate_if_due(1, &settings, || Counts([0, 0, 3, 0])), "the third of three");
    }

    #[test]
    fn threads_that_fail_together_never_miss_the_threshold() {
        let settings = settings(0.5, 64);
        for mark in 0..2_000 {
            let (next_evaluation, failures) = (NextEvaluation::default(), AtomicU64::new(0));
            let (reached, start) = (AtomicU64::new(0), Barrier::new(2));
            std::thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        start.wait();
                        for _ in 0..32 {
                            failures.fetch_add(1, Ordering::Relaxed);
                            let counts = || Counts([0, 0, failures.load(Ordering::Relaxed), 0]);
                            let seen = next_evaluation.evaluate_if_due(mark, &settings, counts);
                            reached.fetch_add(u64::from(seen), Ordering::Relaxed);
                        }
                    });
                }
            });
            assert!(reached.load(Ordering::Relaxed) > 0, "64 of 64, and nobody looked at the end");
        }
    }

    proptest! {
        #[test]
        fn fewer_bad_results_than_needed_never_reach_the_rate(
            good in 0..500_u64, bad in 0..500_u64, more_good in 0..500_u64, min_calls in 1..100_u32,
            rate in 0.000_001..=1.0,
        ) {
            let settings = settings(rate, min_calls);
            let needed = shortfall(Counts([good, 0, bad, 0]), &settings);
            prop_assume!(needed > 0);
            for more in 1..needed.min(300) {
                let counts = Counts([good + more_good, 0, bad + more, 0]);
                prop_assert!(shortfall(counts, &settings) > 0);
            }
        }
    }
}
