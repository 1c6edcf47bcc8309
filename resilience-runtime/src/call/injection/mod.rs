//! Faults in attempts, at the moment when a body would be polled for the first time; `hook` is what each attempt has.
//!
//! [`Injection`] is a part of each attempt, empty without feature `testing`. A [`Slot`] is how an error or a changed value of
//! a type that only the call site knows gets from a rule to the attempt; `probe` finds out there what can be done with it.

#[cfg(feature = "testing")]
mod clients;
#[cfg(feature = "testing")]
mod hook;
#[cfg(not(feature = "testing"))]
mod inert;
#[cfg(feature = "testing")]
mod inject;
mod injectable;
#[cfg(feature = "testing")]
mod place;
#[cfg(feature = "testing")]
pub mod probe;
#[cfg(feature = "testing")]
mod slot;
#[cfg(feature = "testing")]
mod suffering;
#[cfg(feature = "testing")]
mod taken;

#[cfg(feature = "testing")]
pub(super) use self::hook::Injection;
#[cfg(not(feature = "testing"))]
pub use self::inert::Slot;
#[cfg(not(feature = "testing"))]
pub(super) use self::inert::{ByType, Inject, Injection, Place};
pub use self::injectable::Injectable;
#[cfg(feature = "testing")]
pub(super) use self::place::Place;
#[cfg(feature = "testing")]
pub use self::slot::Slot;
#[cfg(feature = "testing")]
pub(super) use self::slot::{ByType, Inject};
