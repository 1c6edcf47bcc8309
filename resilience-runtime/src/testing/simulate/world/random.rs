//! Gives a simulation its random numbers, by a seed. In: a seed, and which of its independent streams. Out: numbers of the usual
//! distributions.
//!
//! Arrivals, service times and the engine draw from streams of their own: under another policy the same calls arrive at the
//! same moments, so that a difference is one of the policies.

use resilience_settings::distribution;
use resilience_settings::xoshiro::Xoshiro;

/// A stream of random numbers.
#[derive(Debug)]
pub(in crate::testing::simulate) struct Random(Xoshiro);

impl Random {
    pub(in crate::testing::simulate) fn new(seed: u64, stream: u64) -> Self {
        // The generator mixes its seed, so neighbours are as far apart as any.
        Self(Xoshiro::seeded(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(stream)))
    }

    /// Uniform in `[0, 1)`.
    pub(in crate::testing::simulate) fn unit(&mut self) -> f64 {
        self.0.unit()
    }

    /// Exponential with that mean.
    pub(in crate::testing::simulate) fn exponential(&mut self, mean: f64) -> f64 {
        mean * distribution::exponential(self.unit())
    }

    /// Normal.
    pub(in crate::testing::simulate) fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        mean + deviation * distribution::normal(|| self.unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let draws: Vec<f64> = (0..200_000).map(|_| draw()).collect();
        let mean = draws.iter().sum::<f64>() / 2e5;
        (mean, draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / 2e5)
    }

    #[test]
    fn the_distributions_have_their_means_and_variances() {
        let mut random = Random::new(3, 1);
        let (mean, variance) = moments(|| random.exponential(2.0));
        assert!((mean - 2.0).abs() < 0.03 && (variance - 4.0).abs() < 0.15, "{mean} {variance}");
        let (mean, variance) = moments(|| random.normal(10.0, 2.0));
        assert!((mean - 10.0).abs() < 0.03 && (variance - 4.0).abs() < 0.15, "{mean} {variance}");
    }

    #[test]
    fn streams_of_a_seed_differ_and_repeat() {
        let first = |seed, stream| Random::new(seed, stream).unit();
        assert!((first(1, 1) - first(1, 1)).abs() < f64::EPSILON);
        assert!((first(1, 1) - first(1, 2)).abs() > 1e-9);
        assert!((first(1, 1) - first(2, 1)).abs() > 1e-9);
    }
}
