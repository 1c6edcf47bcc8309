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
