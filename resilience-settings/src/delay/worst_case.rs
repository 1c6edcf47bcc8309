//! Computes the longest sum of all delays of one call. In: the settings of delays. Out: the longest sum of all sleeps of one call,
//! to compare with its deadline. Exists for one rule: delays that cannot fit in the deadline are refused where both are written.

use std::time::Duration;

use super::stress::WIDEST;
use crate::policy::{Key, Strategy, Value};

/// What somebody says of delays; what is left open is taken at its least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorstCase {
    attempts: u64,
    base: Duration,
    max: Option<Duration>,
    strategy: Option<Strategy>,
    multiplier: f64,
    jitter: Option<f64>,
}

/// More steps than this do not change a verdict: by then the delay has stopped growing, or the sum is known
/// to be above every sensible limit.
const MOST_STEPS: u64 = 10_000;

impl WorstCase {
    /// Where attempts and base delay are said. `value` is what the keys say.
    pub fn of<'v>(value: impl Fn(Key) -> Option<&'v Value>) -> Option<Self> {
        let number = |key| match value(key) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        };
        let duration = |key| match value(key) {
            Some(Value::Duration(time)) => Some(*time),
            _ => None,
        };
        let Some(Value::Count(attempts)) = value(Key::MaxAttempts) else { return None };
        Some(Self {
            attempts: *attempts,
            base: duration(Key::BaseDelay)?,
            max: duration(Key::MaxDelay),
            strategy: match value(Key::Strategy) {
                Some(Value::Strategy(strategy)) => Some(*strategy),
                _ => None,
            },
            multiplier: number(Key::Multiplier).unwrap_or(2.0),
            jitter: number(Key::Jitter),
        })
    }

    /// The longest sum of sleeps, or something above `limit` as soon as it is certain to be above.
    #[must_use]
    pub fn longest_sum(&self, limit: Duration) -> Duration {
        let sleeps = self.attempts.saturating_sub(1);
        // Without a written `max_delay` nothing says that a delay grows beyond its start.
        let max = self.max.unwrap_or(self.base);
        let first = self.base.min(max);
        let (mut sum, mut delay, mut before) = (Duration::ZERO, first, Duration::ZERO);
        for slept in 0..sleeps {
            let left = sleeps - slept;
            let next = self.following(delay, before).min(max);
            // fib = 1, 1, 2, …: only the second of its delays equals the first and still grows.
            let grows_later = slept == 0 && !first.is_zero() && self.strategy == Some(Strategy::Fibonacci);
            if (next == delay && !grows_later) || slept >= MOST_STEPS {
                return sum.saturating_add(times(self.stretched(delay, max), left));
            }
            sum = sum.saturating_add(self.stretched(delay, max));
            if sum > limit {
                return sum;
            }
            (before, delay) = (delay, next);
        }
        sum
    }

    /// The delay after `delay`, before the cap.
    fn following(&self, delay: Duration, before: Duration) -> Duration {
        match self.strategy {
            None | Some(Strategy::Fixed | Strategy::ConstantJitter) => delay,
            Some(Strategy::Linear) => delay.saturating_add(self.base),
            Some(Strategy::Fibonacci) => delay.saturating_add(before),
            Some(Strategy::DecorrelatedJitter) => delay.saturating_mul(3),
            Some(Strategy::Exponential | Strategy::ExponentialJitter | Strategy::Adaptive) => {
                scaled(delay, self.multiplier)
            }
        }
    }

    /// The delay with everything that chance may add.
    fn stretched(&self, delay: Duration, max: Duration) -> Duration {
        match self.strategy {
            Some(Strategy::ConstantJitter) => {
                // A quarter is the strategy's own jitter.
                let factor = 1.0 + self.jitter.unwrap_or(0.25);
                scaled(delay, factor).min(self.max.unwrap_or(Duration::MAX))
            }
            // Under stress the range is as wide as it gets.
            Some(Strategy::Adaptive) => scaled(delay, WIDEST).min(max),
            Some(Strategy::DecorrelatedJitter) => delay.saturating_mul(3).min(max),
            _ => delay,
        }
    }
}

fn scaled(delay: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(delay.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}

fn times(delay: Duration, count: u64) -> Duration {
    delay.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(strategy: Option<Strategy>, attempts: u64, base: u64, max: Option<u64>) -> u64 {
        let delays = WorstCase {
            attempts,
            base: Duration::from_secs(base),
            max: max.map(Duration::from_secs),
            strategy,
            multiplier: 2.0,
            jitter: None,
        };
        delays.longest_sum(Duration::MAX).as_secs()
    }

    #[test]
    fn the_sum_follows_the_formula_of_the_strategy() {
        let exponential = Some(Strategy::Exponential);
        assert_eq!(sum(exponential, 1, 1, Some(60)), 0);
        assert_eq!(sum(exponential, 5, 1, Some(60)), 1 + 2 + 4 + 8);
        assert_eq!(sum(exponential, 5, 1, Some(3)), 1 + 2 + 3 + 3);
        assert_eq!(sum(exponential, 5, 1, None), 4);
        assert_eq!(sum(Some(Strategy::Linear), 5, 1, Some(60)), 1 + 2 + 3 + 4);
        assert_eq!(sum(Some(Strategy::Fixed), 5, 1, Some(60)), 4);
        assert_eq!(sum(Some(Strategy::Fibonacci), 6, 1, Some(60)), 1 + 1 + 2 + 3 + 5);
        assert_eq!(sum(Some(Strategy::DecorrelatedJitter), 3, 1, Some(60)), 3 + 9);
        assert_eq!(sum(None, 5, 7, Some(60)), 28);
        // At its widest an adaptive delay is four times the exponential one, and below the cap.
        assert_eq!(sum(Some(Strategy::Adaptive), 4, 1, Some(60)), 4 + 8 + 16);
        assert_eq!(sum(Some(Strategy::Adaptive), 6, 4, Some(16)), 5 * 16);
        assert_eq!(sum(Some(Strategy::ConstantJitter), 6, 4, Some(16)), 25);
        assert_eq!(sum(Some(Strategy::ConstantJitter), 6, 4, Some(4)), 20);
    }

    #[test]
    fn absurd_counts_end_at_once() {
        let most = u64::from(u32::MAX);
        assert_eq!(sum(Some(Strategy::Exponential), most, 0, Some(60)), 0);
        assert_eq!(sum(Some(Strategy::Fixed), most, 1, Some(60)), most - 1);
        let multiplied = WorstCase {
            attempts: most,
            base: Duration::from_nanos(1),
            max: Some(Duration::MAX),
            strategy: Some(Strategy::Exponential),
            multiplier: 1.000_001,
            jitter: None,
        };
        assert!(multiplied.longest_sum(Duration::MAX) >= Duration::from_secs(4));
    }
}
