//! Replacements under loom: loom's locks and atomics, and versions of foreign crates' primitives built on them.

pub(crate) mod atomic;
mod explore;
mod fault;
mod mutex;
mod once_box;
mod tests;
mod try_lock;
mod value;

pub(crate) use explore::{explore, explore_within, finds};
pub(crate) use fault::{Fault, Wrong, is_left_out};
pub(crate) use mutex::{Mutex, MutexGuard};
pub(crate) use once_box::OnceBox;
pub(crate) use try_lock::TryLock;

/// Loom's, which the syntax of `const { … }` came too late for.
macro_rules! per_thread {
    ($($(#[$attribute:meta])* static $NAME:ident: $Value:ty = $init:expr;)*) => {
        loom::thread_local! { $($(#[$attribute])* static $NAME: $Value = $init;)* }
    };
}
pub(crate) use per_thread;

/// Loom's have no constants.
pub(crate) fn zeros<const N: usize>() -> [atomic::AtomicU64; N] {
    std::array::from_fn(|_| atomic::AtomicU64::new(0))
}

pub(crate) fn empty_boxes<T, const N: usize>() -> [OnceBox<T>; N] {
    std::array::from_fn(|_| OnceBox::new())
}
