//! Computes the health score of a service, with its reasons. In: what a service was like in the last minute. Out: a score from 0 to
//! 100 with reasons. Pure.

use resilience_settings::sorted::sort;

use super::snapshot::HealthReport;
use crate::breaker_state::BreakerState;

/// Successes added to what was counted, so that one failed call at night causes no alarm.
const PRIOR_CALLS: f64 = 20.0;
/// Factors from here on are not given as a reason.
const GOOD: f64 = 99.5;
/// The reason where nothing is known of calls.
const UNCOUNTED: &str = "statistics are off: enable_global_metrics = false";
/// The score by the share of callers with a good answer, linear between these points.
const SCORES: [(f64, f64); 7] =
    [(0.0, 0.0), (0.5, 10.0), (0.9, 40.0), (0.95, 60.0), (0.99, 85.0), (0.999, 97.0), (1.0, 100.0)];

/// What the score is computed from.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "circumstances that do not exclude one another")]
pub(crate) struct HealthInputs {
    /// Calls that ended.
    pub(crate) ended: u64,
    /// Ended calls without a good answer: failures, rejections, panics.
    pub(crate) bad: u64,
    /// Ended calls that a fallback answered.
    pub(crate) degraded: u64,
    /// Attempts that ended.
    pub(crate) attempts: u64,
    /// Ended attempts that count against the dependency.
    pub(crate) attempts_failed: u64,
    pub(crate) breaker: BreakerState,
    /// Partitions; the next field counts those with an open breaker.
    pub(crate) partitions: u64,
    pub(crate) partitions_open: u64,
    /// Retries that the budget refused.
    pub(crate) retries_refused: u64,
    /// The share of call time that was spent in queues.
    pub(crate) waiting_share: f64,
    /// The store of its idempotency keys does not answer.
    pub(crate) keys_away: bool,
    /// That store is set up so that it may lose them.
    pub(crate) keys_may_be_lost: bool,
    /// Results were removed from memory before their time.
    pub(crate) results_evicted: bool,
    pub(crate) reload_refused: bool,
    /// Calls are not counted: that there were none is not known.
    pub(crate) is_uncounted: bool,
}

impl Default for HealthInputs {
    /// The inputs of a service without calls.
    fn default() -> Self {
        Self {
            ended: 0,
            bad: 0,
            degraded: 0,
            attempts: 0,
            attempts_failed: 0,
            breaker: BreakerState::Closed,
            partitions: 0,
            partitions_open: 0,
            retries_refused: 0,
            waiting_share: 0.0,
            keys_away: false,
            keys_may_be_lost: false,
            results_evicted: false,
            reload_refused: false,
            is_uncounted: false,
        }
    }
}

/// The score of a service: its smallest factor, with the reasons for the factors below [`GOOD`], at most three.
pub(crate) fn health(inputs: &HealthInputs) -> HealthReport {
    let mut factors = factors(inputs);
    factors.retain(|(score, _)| *score < GOOD);
    sort(&mut factors, |(one, _), (other, _)| one.total_cmp(other));
    factors.truncate(3);
    let score = factors.first().map_or(100, |(score, _)| rounded_down(*score));
    let mut reasons: Vec<_> = factors.into_iter().map(|(_, reason)| reason).collect();
    if reasons.is_empty() && inputs.ended == 0 && inputs.attempts == 0 {
        let why = if inputs.is_uncounted { UNCOUNTED } else { "no traffic" };
        reasons.push(why.to_owned());
    }
    HealthReport { score, reasons }
}

fn factors(inputs: &HealthInputs) -> Vec<(f64, String)> {
    let among_calls = |count| number(count) / (number(inputs.ended) + PRIOR_CALLS);
    let percent_of_calls = |count| 100.0 * share(count, inputs.ended);
    let mut factors = vec![(
        interpolate(1.0 - among_calls(inputs.bad)),
        format!("callers: {:.1}% of {} calls got no good answer", percent_of_calls(inputs.bad), inputs.ended),
    )];
    let degraded = (100.0 - 40.0 * among_calls(inputs.degraded)).max(60.0);
    let text = format!("degraded: {:.0}% answered by a stand-in", percent_of_calls(inputs.degraded));
    factors.push((degraded, text));
    let failing = number(inputs.attempts_failed) / (number(inputs.attempts) + PRIOR_CALLS);
    let text = format!(
        "dependency: {:.0}% of attempts fail",
        100.0 * share(inputs.attempts_failed, inputs.attempts)
    );
    factors.push(((100.0 - 120.0 * failing).max(40.0), text));
    let (breaker, text) = match inputs.breaker {
        BreakerState::Closed => (100.0, "closed"),
        BreakerState::ForcedClosed => (70.0, "forced closed"),
        BreakerState::HalfOpen => (50.0, "half-open"),
        BreakerState::Open => (20.0, "open"),
        BreakerState::ForcedOpen => (20.0, "forced open"),
    };
    factors.push((breaker, format!("breaker {text}")));
    let open = share(inputs.partitions_open, inputs.partitions);
    let text = format!("{} of {} partitions open", inputs.partitions_open, inputs.partitions);
    factors.push((100.0 - 80.0 * open, text));
    if inputs.retries_refused > 0 {
        let score = (90.0 - 100.0 * among_calls(inputs.retries_refused)).max(50.0);
        factors.push((score, format!("budget empty: {} retries refused", inputs.retries_refused)));
    }
    let waiting = inputs.waiting_share.clamp(0.0, 1.0);
    let text = format!("waiting: {:.0}% of call time is spent in queues", 100.0 * waiting);
    factors.push(((100.0 - 100.0 * waiting).max(50.0), text));
    if inputs.keys_away {
        factors.push((80.0, "store of idempotency keys away".to_owned()));
    }
    if inputs.keys_may_be_lost {
        factors.push((90.0, "store of idempotency keys may lose records".to_owned()));
    }
    if inputs.results_evicted {
        factors.push((90.0, "idempotency results removed before their time".to_owned()));
    }
    if inputs.reload_refused {
        factors.push((90.0, "last reload refused".to_owned()));
    }
    factors
}

fn interpolate(share: f64) -> f64 {
    let share = share.clamp(0.0, 1.0);
    let above = SCORES.partition_point(|(end, _)| *end < share).max(1).min(SCORES.len() - 1);
    let ((low, from), (high, to)) = (SCORES[above - 1], SCORES[above]);
    from + (to - from) * (share - low) / (high - low)
}

fn share(part: u64, whole: u64) -> f64 {
    number(part) / number(whole.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "for shares")]
fn number(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
fn rounded_down(score: f64) -> u8 {
    score.clamp(0.0, 100.0) as u8
}

#[cfg(test)]
mod tests;
