//! What the library tells of itself: one [`Event`] type, one [`emit`], and the log lines that it makes of events.
//!
//! An event borrows all that it says, so that making one costs no allocation. It holds words and numbers alone, for whoever
//! reads it: the types of breakers and calls lie above this floor. Error texts, arguments, results and keys are never in
//! one.

mod emit;
mod event;
mod listening;
mod log;
mod summary;
#[cfg(test)]
mod tests;
mod why;

pub(crate) use emit::emit;
#[cfg(feature = "server")]
pub(crate) use event::OfServer;
pub(crate) use event::{Allowed, Event, Function, OfCall, Rare, Readings};
pub(crate) use listening::{is_retry_told, is_told};
pub(crate) use summary::Summary;
pub(crate) use why::{Why, note_class, note_why, take_class, take_why};
