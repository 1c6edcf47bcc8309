//! Random decisions. In: the seed. Out: random numbers. Each actor has a sequence of its own; code inside the library
//! uses the sequence of its thread.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};

/// A random sequence.
#[derive(Debug)]
pub(crate) struct Dice(SmallRng);

static SEED: AtomicU64 = AtomicU64::new(0);
static THREADS: AtomicU64 = AtomicU64::new(1 << 32);

thread_local! {
    static OF_THREAD: RefCell<Dice> = RefCell::new(Dice::new(THREADS.fetch_add(1, Ordering::Relaxed)));
}

/// Sets the seed of all sequences.
pub(crate) fn seed(seed: u64) {
    SEED.store(seed, Ordering::Relaxed);
}

/// A random decision of the thread: `true` with that probability.
pub(crate) fn toss(share: f64) -> bool {
    OF_THREAD.try_with(|dice| dice.borrow_mut().share(share)).unwrap_or(false)
}

impl Dice {
    /// One of the sequences of the seed.
    pub(crate) fn new(sequence: u64) -> Self {
        // An odd factor: different sequences have different states.
        let state = SEED.load(Ordering::Relaxed) ^ sequence.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(SmallRng::seed_from_u64(state))
    }

    /// `true` with that probability.
    pub(crate) fn share(&mut self, share: f64) -> bool {
        self.0.random::<f64>() < share
    }

    /// A random number below the bound, which is above 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0.random_range(0..end)
    }

    /// One of the items; there has to be at least one.
    pub(crate) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.0.random_range(0..all.len())]
    }

    /// Any number.
    pub(crate) fn number(&mut self) -> u64 {
        self.0.random()
    }
}
