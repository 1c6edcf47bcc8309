//! Lists the delays of a [`Backoff`] as an iterator, for tools, tests and simulations. In: the settings. Out: one delay after
//! another. The call path does not use it: it computes one delay at a time.

use std::time::Duration;

use super::schedule::delay;
use super::stress::stress;
use crate::entropy;
use crate::policy::{Backoff, Ratio};
use crate::xoshiro::Xoshiro;

/// The delays of one call that keeps failing; the iterator never ends.
///
/// Not `Clone`: two calls that share one sequence of random draws would retry in step.
///
/// ```
/// use std::time::Duration;
/// use resilience_runtime::policy::{Backoff, Strategy};
///
/// let backoff = Backoff::new(Strategy::Fibonacci, Duration::from_millis(100), Duration::from_secs(1));
/// let delays: Vec<u128> = backoff.delays().take(8).map(|delay| delay.as_millis()).collect();
/// assert_eq!(delays, [100, 100, 200, 300, 500, 800, 1000, 1000]);
/// ```
#[derive(Debug)]
pub struct Delays {
    settings: Backoff,
    failed_attempt: u32,
    previous: Duration,
    stress: f64,
    chance: Chance,
}

#[derive(Debug)]
enum Chance {
    Thread,
    Seeded(Xoshiro),
}

impl Backoff {
    /// The delays of one call that keeps failing, with random draws from the generator of the thread.
    pub fn delays(&self) -> Delays {
        Delays {
            settings: self.clone(),
            failed_attempt: 0,
            previous: self.base_delay,
            stress: stress(0.0, 0.0),
            chance: Chance::Thread,
        }
    }
}

impl Delays {
    /// Makes the jitter repeatable: the same seed gives the same delays.
    #[must_use]
    pub fn seeded(mut self, seed: u64) -> Self {
        self.chance = Chance::Seeded(Xoshiro::seeded(seed));
        self
    }

    /// Assumes that this share of the service's calls fails; only the adaptive strategy uses it.
    #[must_use]
    pub fn at_failure_rate(mut self, rate: Ratio) -> Self {
        self.stress = stress(rate.get(), 0.0);
        self
    }
}

impl Iterator for Delays {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        self.failed_attempt = self.failed_attempt.saturating_add(1);
        let draw = match &mut self.chance {
            Chance::Thread => entropy::unit(),
            Chance::Seeded(generator) => generator.unit(),
        };
        self.previous = delay(&self.settings, self.failed_attempt, self.previous, self.stress, draw);
        Some(self.previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Strategy;

    fn some(strategy: Strategy) -> Backoff {
        Backoff::new(strategy, Duration::from_millis(10), Duration::from_secs(10))
    }

    #[test]
    fn a_seed_repeats_the_delays_and_another_does_not() {
        let take =
            |seed| some(Strategy::DecorrelatedJitter).delays().seeded(seed).take(20).collect::<Vec<_>>();
        assert_eq!(take(1), take(1));
        assert_ne!(take(1), take(2));
    }

    #[test]
    fn two_calls_do_not_share_a_sequence() {
        let take = || some(Strategy::ExponentialJitter).delays().take(10).collect::<Vec<_>>();
        assert_ne!(take(), take());
    }

    #[test]
    fn decorrelated_delays_build_on_the_one_before() {
        let delays: Vec<_> = some(Strategy::DecorrelatedJitter).delays().seeded(7).take(200).collect();
        for pair in delays.windows(2) {
            assert!(pair[1] <= pair[0] * 3);
        }
        assert!(delays.iter().any(|delay| *delay > Duration::from_millis(30)), "it never grew past one step");
    }

    #[test]
    fn the_mean_of_full_jitter_is_half_the_full_delay() {
        let mean = (0..2_000)
            .map(|seed| some(Strategy::ExponentialJitter).delays().seeded(seed).nth(3).unwrap().as_secs_f64())
            .sum::<f64>()
            / 2_000.0;
        assert!((0.038..0.042).contains(&mean), "{mean}");
    }

    #[test]
    fn failures_of_others_widen_adaptive_delays() {
        let total = |rate| -> Duration {
            let delays = some(Strategy::Adaptive).delays().seeded(3);
            delays.at_failure_rate(Ratio::saturating(rate)).take(5).sum()
        };
        let (calm, storm) = (total(0.0).as_secs_f64(), total(1.0).as_secs_f64());
        assert!((storm / calm - 4.0).abs() < 1e-6, "{calm} {storm}");
    }
}
