//! In: nothing. Out: the locks and atomics that hand-written protocols are made of: those of the standard library, or, in
//! the tests of a build with `--cfg resilience_loom`, those of loom, which runs a test in every order that the memory
//! model allows. The cfg is our own because plain `loom` switches tokio and boxcar over too, which then do not build.

#[cfg(all(test, resilience_loom))]
pub(crate) mod explored;

#[cfg(not(all(test, resilience_loom)))]
pub(crate) use std::sync::{Mutex, MutexGuard, atomic};
#[cfg(not(all(test, resilience_loom)))]
pub(crate) use std::thread_local as per_thread;

#[cfg(not(all(test, resilience_loom)))]
pub(crate) use once_cell::race::OnceBox;
#[cfg(not(any(feature = "testing", all(test, resilience_loom))))]
pub(crate) use try_lock::TryLock;

#[cfg(all(test, resilience_loom))]
pub(crate) use explored::{Mutex, MutexGuard, OnceBox, TryLock, atomic, is_left_out, per_thread};

/// Whether what comes next is left out, so that a model has to find what is missing. Never in what ships. For what is
/// decided under locks; where words are read and written, a model says what is wrong without a word in the code.
#[cfg(not(all(test, resilience_loom)))]
pub(crate) const fn is_left_out() -> bool {
    false
}

/// Whether loom explores what runs.
pub(crate) const IS_EXPLORED: bool = cfg!(all(test, resilience_loom));
