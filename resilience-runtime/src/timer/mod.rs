//! Timers for waits that are nearly always cancelled: attempt and call deadlines. In: the moment to wake a task at.
//! Out: an eight-byte guard; the task is woken at that moment unless the guard is dropped first.
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
//! With feature `testing` every timer is a tokio timer, so that paused time drives it.

#[cfg(not(feature = "testing"))]
mod armed;
mod delay;
#[cfg(not(feature = "testing"))]
mod entry;
#[cfg(not(feature = "testing"))]
mod next_look;
#[cfg(feature = "testing")]
mod on_tokio;
#[cfg(not(feature = "testing"))]
mod pool;
#[cfg(not(feature = "testing"))]
mod rounds;
#[cfg(not(feature = "testing"))]
mod stand_in;
#[cfg(not(feature = "testing"))]
mod sweep;

#[cfg(not(feature = "testing"))]
pub(crate) use armed::{Armed, Timers};
pub(crate) use delay::Delay;
#[cfg(feature = "testing")]
pub(crate) use on_tokio::{Armed, Timers};

const _: () =
    assert!(size_of::<Option<Armed>>() == size_of::<usize>(), "it is part of every annotated future");

#[cfg(test)]
mod tests;
