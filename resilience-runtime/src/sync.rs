//! The synchronisation primitives for hand-written protocols. Out: those of the standard library; or, in tests built
//! with `--cfg resilience_loom`, those of loom, which runs a test in every interleaving that the memory model allows.
//! The cfg has a name of our own because plain `loom` also switches tokio and boxcar, which then do not build.

#[cfg(all(test, resilience_loom))]
pub(crate) mod explored;
mod lock;

pub(crate) use lock::{lock, unpoisoned};

#[cfg(not(all(test, resilience_loom)))]
pub(crate) use std::sync::{Mutex, MutexGuard, atomic};
#[cfg(not(all(test, resilience_loom)))]
pub(crate) use std::thread_local as per_thread;

#[cfg(not(all(test, resilience_loom)))]
pub(crate) use once_cell::race::OnceBox;
#[cfg(not(all(test, resilience_loom)))]
pub(crate) use try_lock::TryLock;

#[cfg(all(test, resilience_loom))]
pub(crate) use explored::{
    Mutex, MutexGuard, OnceBox, TryLock, atomic, empty_boxes, is_left_out, per_thread, zeros,
};

/// Counters at zero. Written as a constant, since code that fills an array one by one is compiled for each length.
#[cfg(not(all(test, resilience_loom)))]
pub(crate) const fn zeros<const N: usize>() -> [atomic::AtomicU64; N] {
    [const { atomic::AtomicU64::new(0) }; N]
}

/// Boxes that are all empty.
#[cfg(not(all(test, resilience_loom)))]
pub(crate) const fn empty_boxes<T, const N: usize>() -> [OnceBox<T>; N] {
    [const { OnceBox::new() }; N]
}

/// Whether the following operation is left out, so that a model has to find the fault. Always false outside of loom. It
/// is for decisions under locks; for atomic accesses, a model plants the fault without a change to the code.
#[cfg(not(all(test, resilience_loom)))]
pub(crate) const fn is_left_out() -> bool {
    false
}

/// Whether the code runs under loom.
pub(crate) const IS_EXPLORED: bool = cfg!(all(test, resilience_loom));
