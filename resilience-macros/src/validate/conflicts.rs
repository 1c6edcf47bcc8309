//! Rules between clauses: what must fit in what. Only keys of the attribute are compared with each other;
//! files are checked for themselves, and across layers the deadline wins at run time.

use std::time::Duration;

use resilience_settings::duration;

use crate::ast::{Ast, Setting, Written};
use crate::diagnostics::Faults;

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    if let Some(attempts) = ast.get("", "max_attempts")
        && matches!(attempts.setting, Setting::Unlimited)
        && ast.get("", "deadline").is_some_and(Written::is_off)
    {
        faults.at(
            &attempts.value,
            "`max_attempts = Unlimited` ends with the `deadline`, which is off: write a deadline, or a number of attempts",
        );
    }
    let Some(deadline) = ast.get("", "deadline").and_then(Written::duration) else {
        return;
    };
    if let Some(timeout) = ast.get("", "attempt_timeout")
        && timeout.duration().is_some_and(|timeout| timeout > deadline)
    {
        faults.at(
            &timeout.value,
            "`attempt_timeout` is longer than `deadline`, which would end the attempt first: lower it, or raise `deadline`",
        );
        return;
    }
    let Some(attempts) = ast.get("", "max_attempts") else {
        return;
    };
    if let Some(sum) = worst_case(ast, attempts, deadline)
        && sum > deadline
    {
        faults.at(
            &attempts.value,
            format!(
                "the delays between so many attempts may add up to {} and do not fit in the `deadline` of {}: lower \
                 `max_attempts` or the delays, or raise `deadline`",
                duration::text(sum),
                duration::text(deadline),
            ),
        );
    }
}

/// The longest that all delays together may take; `None` when it depends on keys that are not written here.
fn worst_case(ast: &Ast, attempts: &Written, deadline: Duration) -> Option<Duration> {
    let delays = Delays {
        strategy: ast.get("", "strategy")?.choice()?,
        base: ast.get("", "base_delay")?.duration()?,
        max: ast.get("", "max_delay").and_then(Written::duration),
        multiplier: ast.get("", "multiplier").and_then(Written::number).unwrap_or(2.0),
        jitter: ast.get("", "jitter").and_then(Written::number).unwrap_or(0.25),
    };
    delays.sum(attempts.count()?, deadline)
}

/// The keys that make delays.
struct Delays {
    strategy: &'static str,
    base: Duration,
    max: Option<Duration>,
    multiplier: f64,
    jitter: f64,
}

impl Delays {
    /// The sum before so many attempts, each delay at its longest. Stops far beyond the limit, where the sum
    /// only serves the message.
    fn sum(&self, attempts: u64, limit: Duration) -> Option<Duration> {
        let mut sum = Duration::ZERO;
        let mut previous = self.base;
        let mut fibonacci = (1.0, 1.0);
        // Delays of nothing never reach the limit: enough is enough.
        for failed in 1..attempts.min(100_000) {
            #[expect(clippy::cast_precision_loss, reason = "at most 100,000")]
            let failed = failed as f64;
            previous = self.longest(failed, previous, fibonacci.0)?;
            fibonacci = (fibonacci.1, fibonacci.0 + fibonacci.1);
            sum = sum.saturating_add(previous);
            if sum > limit.saturating_mul(1000) {
                break;
            }
        }
        Some(sum)
    }

    /// The longest delay after the attempt of this number has failed.
    fn longest(&self, failed: f64, previous: Duration, fibonacci: f64) -> Option<Duration> {
        let power = || times(self.base, self.multiplier.powf(failed - 1.0));
        Some(match self.strategy {
            "Fixed" => self.base,
            "ConstantJitter" => times(self.base, 1.0 + self.jitter),
            "Linear" => times(self.base, failed).min(self.max?),
            "Exponential" | "ExponentialJitter" => power().min(self.max?),
            "Adaptive" => times(power().min(self.max?), 4.0).min(self.max?),
            "Fibonacci" => times(self.base, fibonacci).min(self.max?),
            "DecorrelatedJitter" => times(previous, 3.0).min(self.max?),
            _ => return None,
        })
    }
}

/// Saturates where the runtime does.
fn times(delay: Duration, factor: f64) -> Duration {
    if delay.is_zero() {
        // Nothing times infinity is not a number.
        return delay;
    }
    Duration::try_from_secs_f64(delay.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(1_000_000);

    fn delays(strategy: &'static str, base: u64, max: Option<u64>) -> Delays {
        Delays {
            strategy,
            base: Duration::from_secs(base),
            max: max.map(Duration::from_secs),
            multiplier: 2.0,
            jitter: 0.25,
        }
    }

    #[test]
    fn the_worst_case_is_the_sum_of_the_longest_delays() {
        for (strategy, expected) in [
            ("Fixed", 20),
            ("ConstantJitter", 25),
            ("Linear", 4 + 8 + 12 + 16 + 16),
            ("Exponential", 4 + 8 + 16 + 16 + 16),
            ("ExponentialJitter", 4 + 8 + 16 + 16 + 16),
            ("Adaptive", 5 * 16),
            ("Fibonacci", 4 + 4 + 8 + 12 + 16),
            ("DecorrelatedJitter", 12 + 16 * 4),
        ] {
            let sum = delays(strategy, 4, Some(16)).sum(6, LIMIT);
            assert_eq!(sum, Some(Duration::from_secs(expected)), "{strategy}");
        }
    }

    #[test]
    fn an_unwritten_limit_makes_no_worst_case() {
        assert_eq!(delays("Exponential", 4, None).sum(6, LIMIT), None);
        assert_eq!(delays("Fixed", 4, None).sum(6, LIMIT), Some(Duration::from_secs(20)));
    }

    #[test]
    fn no_number_of_attempts_overflows_or_takes_for_ever() {
        for strategy in ["Fixed", "Linear", "Exponential", "Adaptive", "Fibonacci", "DecorrelatedJitter"] {
            let zero = delays(strategy, 0, Some(16)).sum(u64::MAX, LIMIT);
            assert_eq!(zero, Some(Duration::ZERO), "{strategy}");
            let huge = delays(strategy, u64::MAX, Some(u64::MAX)).sum(u64::MAX, LIMIT);
            assert!(huge > Some(LIMIT), "{strategy}");
        }
    }
}
