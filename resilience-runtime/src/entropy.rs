//! Chance, for jitter: one generator per thread, seeded once from the system, so that no two calls share a
//! sequence.

use std::cell::RefCell;

use rand::make_rng;
use rand::rngs::SmallRng;

thread_local! {
    static GENERATOR: RefCell<SmallRng> = RefCell::new(make_rng());
}

/// A number in `[0, 1)`.
pub(crate) fn unit() -> f64 {
    GENERATOR.with_borrow_mut(rand::RngExt::random)
}

/// Makes the numbers of this thread repeatable.
#[cfg(feature = "testing")]
pub(crate) fn seed(seed: u64) {
    use rand::SeedableRng as _;
    GENERATOR.set(SmallRng::seed_from_u64(seed));
}
