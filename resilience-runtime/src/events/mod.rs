//! What the library tells of itself: one [`Event`] type, one [`emit`], which feeds the history of
//! the registry, its subscribers, and the log; and the spans of calls, where these are switched on.
//!
//! An event borrows all that it says, so that making one costs no allocation. It holds words and numbers alone, for whoever
//! reads it: the types of breakers and calls lie above this floor. Error texts, arguments, results and keys are never in
//! one.

mod emit;
mod event;
mod listening;
mod log;
mod pace;
mod span_table;
mod spans;
mod step;
mod summary;
#[cfg(test)]
mod tests;
mod why;

pub(crate) use emit::{Hears, emit};
#[cfg(feature = "server")]
pub(crate) use event::OfServer;
pub(crate) use event::{Allowed, BreakerOf, Event, Function, OfCall, Rare, Readings};
pub(crate) use listening::{is_retry_told, is_told};
pub(crate) use pace::Pace;
pub(crate) use span_table::{CallSpans, SpanSlot, SpanTable};
pub(crate) use spans::{BegunAttempt, ErrorType, OpenSpan, leave_span};
pub(crate) use step::CallStep;
pub(crate) use summary::Summary;
pub(crate) use why::{Why, last_class, note_class, note_why, take_why};
