//! Timers for what nearly always ends in time: in goes the moment when an attempt or a call is over, out comes
//! a value of eight bytes that wakes its task then. Dropping it cancels it.
//!
//! A `tokio::time::Sleep` is made for timers that fire: armed and cancelled, it costs 114 ns, a global lock and
//! 112 bytes inside the future. Here both are a store into an entry that the thread has at hand, and one thread
//! per registry looks through all entries in use when the earliest deadline comes.
//!
//! # Precision
//!
//! A timer never fires early, and about a millisecond late at most: the sweep pauses that long between two
//! looks, and longer only where a look takes more than 0.1 ms, with tens of thousands of timers that are armed at once.
//! With hundreds of thousands it is some ten milliseconds, until two looks after most of them are gone.
//!
//! # Why a thread of its own
//!
//! A task dies with its runtime, and programs have several, one after the other in tests. The thread is
//! started by the first timer, sleeps while nothing is armed (it gets up once a minute to look after the
//! [clock](crate::clock)) and ends with the program.
//!
//! Where the system has no thread to give, timers are tokio's until it has: see `stand_in`.
//!
//! With feature `testing` every timer is one of tokio's, which paused time drives.

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
