//! Owns the timers of a registry, which wake calls whose attempt or deadline is over: waits that are nearly always cancelled. In:
//! the moment to wake a task at. Out: an eight-byte guard; the task is woken at that moment unless the guard is dropped first. A
//! timer is armed in `armed`, and `sweep` wakes when it is due.
//!
//! A `tokio::time::Sleep` is made for timers that fire: armed and cancelled, it costs 114 ns, a global lock and
//! 112 bytes inside the future. Here both are a store into an entry that the thread has at hand, and one thread
//! per registry looks through all entries in use when the earliest deadline comes.
//!
//! # Precision
//!
//! A timer never fires early, and is at most about a millisecond late: the sweep pauses that long between two looks. It
//! pauses longer only when a look takes more than 0.1 ms, that is, with tens of thousands of timers armed at once. With
//! hundreds of thousands of timers, the delay is some ten milliseconds, and stays so until two looks after most of them
//! are gone.
//!
//! # Why a thread of its own
//!
//! A task dies with its runtime, and a program may run several runtimes, as tests do one after the other. The thread is
//! started by the first timer, sleeps while nothing is armed (it wakes once a minute to check the
//! [clock](crate::clock)) and ends with the program.
//!
//! While the system cannot start another thread, tokio's timers are used instead: see `stand_in`.
//!
//! A registry that goes by tokio's clock has such a timer stand in for each of its own, so that paused time drives it.

mod armed;
mod delay;
mod entry;
mod next_look;
mod pool;
mod rounds;
mod stand_in;
mod sweep;
mod thread_list;

pub(crate) use armed::{Armed, Timers};
pub(crate) use delay::Delay;

const _: () =
    assert!(size_of::<Option<Armed>>() == size_of::<usize>(), "it is part of every annotated future");

#[cfg(test)]
mod tests;
