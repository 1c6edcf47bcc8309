//! Computes the delay before the next attempt: the formula of each backoff strategy. In: the settings, which attempt failed, the
//! previous delay, a number that `registry/chance` of the runtime has drawn. Out: the delay. The call path, the iterator of
//! delays and the simulations all use it; what a server asks for is added in `call/engine/full/retry_delay` of the runtime.
//!
//! Sums are in whole nanoseconds as `u128`, which holds any `Duration`, so that linear and Fibonacci delays are exact
//! and the largest settings saturate. Exponential growth and jitter use `f64`, whose error stays below a nanosecond for
//! delays up to 100 days.

use std::time::Duration;

use super::stress::WIDEST;
use crate::policy::{Backoff, Ratio, Strategy};

/// The delay after the `failed_attempt`-th attempt (from 1), never above `max_delay`.
///
/// `previous` is the last delay of the call, `base_delay` before the first; only decorrelated jitter uses it. `stress`
/// is the factor of the adaptive strategy, 1 to 4. `draw` is uniform in `[0, 1)`.
pub fn delay(
    settings: &Backoff,
    failed_attempt: u32,
    previous: Duration,
    stress: f64,
    draw: f64,
) -> Duration {
    let base = settings.base_delay.as_nanos();
    let max = settings.max_delay.as_nanos();
    if base == 0 || max == 0 {
        // Every strategy scales its base, and zero times an infinite power would be NaN.
        return Duration::ZERO;
    }
    let step = failed_attempt.max(1);
    // A NaN passes through `clamp`, and becomes 0 when it is cast to an integer.
    let draw = draw.clamp(0.0, 1.0);
    let jittered = |full: u128, default: Ratio| {
        let spread = share(full, settings.jitter.unwrap_or(default).get());
        uniform(full - spread, full, draw)
    };
    let exponential = || scaled(base, settings.multiplier.get().powf(f64::from(step - 1)), max);
    let nanos = match settings.strategy {
        Strategy::Fixed => jittered(base.min(max), Ratio::ZERO),
        Strategy::Linear => jittered(base.saturating_mul(u128::from(step)).min(max), Ratio::ZERO),
        Strategy::Exponential => jittered(exponential(), Ratio::ZERO),
        Strategy::ExponentialJitter => jittered(exponential(), Ratio::ONE),
        Strategy::Fibonacci => jittered(fibonacci(base, step, max), Ratio::ZERO),
        Strategy::Adaptive => {
            let factor = if stress.is_nan() { 1.0 } else { stress.clamp(1.0, WIDEST) };
            uniform(0, scaled(exponential(), factor, max), draw)
        }
        Strategy::DecorrelatedJitter => uniform(base, previous.as_nanos().saturating_mul(3), draw).min(max),
        Strategy::ConstantJitter => {
            // The cap narrows the range. Clamping the result instead would put every draw above the cap exactly on it,
            // and synchronise all clients.
            let spread = share(base, settings.jitter.unwrap_or(CONSTANT_JITTER).get());
            uniform((base - spread).min(max), (base + spread).min(max), draw)
        }
    };
    Duration::from_nanos_u128(nanos.min(max))
}

/// A quarter in each direction, the default of constant jitter.
const CONSTANT_JITTER: Ratio = Ratio::saturating(0.25);

/// `full · share`, never more than `full`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "float casts saturate, and `min` mends what rounding adds"
)]
fn share(full: u128, share: f64) -> u128 {
    ((full as f64 * share) as u128).min(full)
}

/// The point of the range that `draw` selects; `low` if the range is empty.
fn uniform(low: u128, high: u128, draw: f64) -> u128 {
    low + share(high.saturating_sub(low), draw)
}

/// `base · factor`, rounded to the nanosecond, at most `max`. The factor may be infinite.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "float casts saturate"
)]
fn scaled(base: u128, factor: f64, max: u128) -> u128 {
    ((base as f64 * factor).round() as u128).min(max)
}

/// `base · fib(step)`, at most `max`. The loop stops at the cap, so it runs at most about 140 times for any attempt
/// number: by then the sequence exceeds any `Duration`.
fn fibonacci(base: u128, step: u32, max: u128) -> u128 {
    let (mut current, mut next) = (base, base);
    for _ in 1..step {
        if current >= max {
            break;
        }
        (current, next) = (next, current.saturating_add(next));
    }
    current.min(max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Multiplier;

    const MS: Duration = Duration::from_millis(1);

    fn of(strategy: Strategy, base: Duration, max: Duration) -> Backoff {
        Backoff::new(strategy, base, max)
    }

    fn table(settings: &Backoff, draw: f64, expected: &[u64]) {
        for (step, &millis) in (1..).zip(expected) {
            let got = delay(settings, step, settings.base_delay, 1.0, draw);
            assert_eq!(got, Duration::from_millis(millis), "{settings:?} step {step}");
        }
    }

    #[test]
    fn each_strategy_follows_its_formula() {
        use Strategy::{
            Adaptive, ConstantJitter, DecorrelatedJitter, Exponential, ExponentialJitter, Fibonacci, Fixed,
            Linear,
        };
        let rows: [(Strategy, f64, &[u64]); 14] = [
            (Fixed, 0.7, &[100, 100, 100]),
            (Linear, 0.7, &[100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1000]),
            (Exponential, 0.7, &[100, 200, 400, 800, 1000, 1000]),
            (Fibonacci, 0.7, &[100, 100, 200, 300, 500, 800, 1000, 1000]),
            (ExponentialJitter, 0.0, &[0, 0, 0]),
            (ExponentialJitter, 0.5, &[50, 100, 200, 400, 500, 500]),
            (ExponentialJitter, 1.0, &[100, 200, 400, 800, 1000]),
            (Adaptive, 0.5, &[50, 100, 200, 400, 500]),
            (Adaptive, 0.0, &[0, 0]),
            (DecorrelatedJitter, 0.0, &[100, 100]),
            (DecorrelatedJitter, 0.5, &[200, 200]),
            (ConstantJitter, 0.0, &[75, 75]),
            (ConstantJitter, 0.5, &[100, 100]),
            (ConstantJitter, 1.0, &[125, 125]),
        ];
        for (strategy, draw, expected) in rows {
            table(&of(strategy, 100 * MS, 1000 * MS), draw, expected);
        }
    }

    #[test]
    fn written_jitter_is_a_share_below_the_full_delay() {
        let mut settings = of(Strategy::Linear, 100 * MS, 1000 * MS);
        settings.jitter = Ratio::new(0.2);
        table(&settings, 0.0, &[80, 160]);
        table(&settings, 0.5, &[90, 180]);
        settings.strategy = Strategy::ExponentialJitter;
        settings.jitter = Ratio::new(0.5);
        table(&settings, 0.0, &[50, 100, 200]);
    }

    #[test]
    fn decorrelated_jitter_reaches_to_three_times_the_previous_delay() {
        let settings = of(Strategy::DecorrelatedJitter, 100 * MS, 1000 * MS);
        let third = |previous| delay(&settings, 3, previous, 1.0, 1.0);
        assert_eq!(third(200 * MS), 600 * MS);
        assert_eq!(third(900 * MS), 1000 * MS);
        assert_eq!(third(Duration::ZERO), 100 * MS, "a server hint may have been shorter than base");
    }

    #[test]
    fn stress_widens_adaptive_delays_up_to_the_cap() {
        let settings = of(Strategy::Adaptive, 100 * MS, 1000 * MS);
        let at = |step, stress| delay(&settings, step, Duration::ZERO, stress, 0.5);
        assert_eq!(at(1, 4.0), 200 * MS);
        assert_eq!(at(2, 2.5), 250 * MS);
        assert_eq!(at(4, 4.0), 500 * MS);
        assert_eq!(at(1, 9.0), at(1, 4.0));
        assert_eq!(at(1, f64::NAN), at(1, 1.0));
    }

    #[test]
    fn constant_jitter_does_not_pile_up_on_the_cap() {
        let settings = of(Strategy::ConstantJitter, 100 * MS, 100 * MS);
        let at = |draw| delay(&settings, 1, Duration::ZERO, 1.0, draw);
        assert_eq!(at(0.0), 75 * MS);
        assert!(at(0.9) < 100 * MS);
        assert_eq!(at(1.0), 100 * MS);
    }

    #[test]
    fn delays_below_a_millisecond_are_kept() {
        let tiny = Duration::from_nanos(300);
        let settings = of(Strategy::Linear, tiny, MS);
        assert_eq!(delay(&settings, 7, tiny, 1.0, 0.5), Duration::from_nanos(2100));
        let mut settings = of(Strategy::Exponential, tiny, MS);
        settings.multiplier = Multiplier::new(1.5).unwrap();
        assert_eq!(delay(&settings, 3, tiny, 1.0, 0.5), Duration::from_nanos(675));
    }

    #[test]
    fn a_zero_base_never_waits() {
        for &strategy in Strategy::ALL {
            let settings = of(strategy, Duration::ZERO, Duration::MAX);
            assert_eq!(delay(&settings, u32::MAX, Duration::ZERO, 4.0, 0.9), Duration::ZERO, "{strategy}");
        }
    }
}
