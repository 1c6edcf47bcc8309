//! Random numbers for jitter. Out: numbers in `[0, 1)`, from one generator per thread that is seeded once from the
//! system, so that no two calls share a sequence.

use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};

use crate::xoshiro::Xoshiro;

thread_local! {
    // The standard library gets random keys for its hashers from the system, once per thread: a seed without another
    // crate.
    static GENERATOR: RefCell<Xoshiro> = RefCell::new(Xoshiro::seeded(RandomState::new().hash_one(0)));
}

/// A random number in `[0, 1)`.
pub fn unit() -> f64 {
    GENERATOR.with_borrow_mut(Xoshiro::unit)
}

/// Makes the numbers of this thread repeatable.
pub fn seed(seed: u64) {
    GENERATOR.set(Xoshiro::seeded(seed));
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn threads_have_sequences_of_their_own() {
        let seen: HashSet<u64> =
            (0..16).map(|_| std::thread::spawn(|| unit().to_bits()).join().expect("no panic")).collect();
        assert_eq!(seen.len(), 16);
    }
}
