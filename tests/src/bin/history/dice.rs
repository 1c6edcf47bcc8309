//! Chance that a seed repeats.

use std::ops::Range;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};

pub(crate) struct Dice(SmallRng);

impl Dice {
    /// One of the sequences of a seed.
    pub(crate) fn new(seed: u64, sequence: u64) -> Self {
        // An odd factor: different sequences have different states.
        Self(SmallRng::seed_from_u64(seed ^ sequence.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    pub(crate) fn among(&mut self, range: Range<u64>) -> u64 {
        self.0.random_range(range)
    }
}
