//! Draws the random numbers of a registry, for the jitter of delays, for probes and throttles. Out: numbers in `[0, 1)`, from the
//! generator of the thread; for an isolated registry, from one with a seed, so that a test goes the same way each time.

use resilience_settings::entropy;

/// Where a registry gets its random numbers from.
#[derive(Debug, Default)]
pub(crate) struct Chance {
    #[cfg(feature = "testing")]
    seeded: Option<(u64, entropy::Seeded)>,
}

impl Chance {
    /// The next number.
    #[inline]
    #[cfg_attr(
        not(feature = "testing"),
        expect(clippy::unused_self, reason = "as it is with feature `testing`")
    )]
    pub(crate) fn unit(&self) -> f64 {
        #[cfg(feature = "testing")]
        if let Some((_, seeded)) = &self.seeded {
            return seeded.unit();
        }
        entropy::unit()
    }
}

#[cfg(feature = "testing")]
impl Chance {
    /// Numbers that follow from that seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { seeded: Some((seed, entropy::Seeded::new(seed))) }
    }

    /// The seed that it began with.
    pub(crate) fn first_seed(&self) -> Option<u64> {
        self.seeded.as_ref().map(|(seed, _)| *seed)
    }

    /// Begins again with that seed: this registry, or without a seed of its own the thread.
    pub(crate) fn seed(&self, seed: u64) {
        match &self.seeded {
            Some((_, seeded)) => seeded.seed(seed),
            None => entropy::seed(seed),
        }
    }
}
