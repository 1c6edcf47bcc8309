//! Generates random numbers in `[0, 1)`: with one generator per thread that is seeded once from the system, so that no two calls
//! share a sequence; or with one that has a seed, for tests.

use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

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

/// A generator that gives the same numbers for the same seed, to whoever asks.
#[derive(Debug)]
pub struct Seeded(Mutex<Xoshiro>);

impl Seeded {
    /// One that begins with that seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(Xoshiro::seeded(seed)))
    }

    /// Begins again with that seed.
    pub fn seed(&self, seed: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Xoshiro::seeded(seed);
    }

    /// The next number in `[0, 1)`.
    pub fn unit(&self) -> f64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).unit()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_on_any_thread() {
        let (one, other) = (Seeded::new(7), Seeded::new(8));
        let numbers = |of: &Seeded| std::array::from_fn::<_, 8, _>(|_| of.unit().to_bits());
        let of_one = numbers(&one);
        assert_ne!(numbers(&other), of_one);
        other.seed(7);
        assert_eq!(
            std::thread::scope(|scope| scope.spawn(|| numbers(&other)).join().expect("no panic")),
            of_one
        );
    }

    #[test]
    fn threads_have_sequences_of_their_own() {
        let seen: HashSet<u64> =
            (0..16).map(|_| std::thread::spawn(|| unit().to_bits()).join().expect("no panic")).collect();
        assert_eq!(seen.len(), 16);
    }
}
