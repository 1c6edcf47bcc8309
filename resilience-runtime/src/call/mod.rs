//! One annotated call, from entry to outcome.
//!
//! The generated code enters a call at its site and makes attempts in a loop. Each poll of an [`attempt`] asks for a
//! [`pass`], polls the body in a [`context`] for the calls inside it, and tells the pass what came of it.
//!
//! Nearly every call goes [`straight`]: nothing stands in the way of its first attempt, which succeeds at once, or as
//! what is [`held`] after a wait. Any other has a [`course::Course`], in which each attempt goes through
//!
//! 1. [`gate`]: deadline, shedding, global retry cap, breaker, throttle, rate limit, bulkhead; what it gets is one
//!    [`permit::Permit`],
//! 2. the body, under its timer,
//! 3. [`course_success`], or [`fail`], which settles the permit and decides what is [`decision::Next`],
//! 4. [`end`], which picks the result: the last outcome of an attempt, or a rejection.
//!
//! Around the loop stand [`lookup`] and [`degraded`]: the response cache, and the others that may answer. A call that
//! is dropped on the way is cancelled; its permit and its reservation go back by themselves.

mod api;
mod attempt;
mod begun;
mod by_name;
#[expect(clippy::module_inception, reason = "it is what all others are about")]
mod call;
mod context;
mod course;
mod course_success;
mod course_waits;
mod deadline;
mod decide;
mod decision;
mod degraded;
mod desk;
mod end;
mod events;
mod fail;
mod foreign;
mod further;
mod gate;
mod handle;
mod hedged;
mod held;
mod held_to_course;
mod holding;
mod judge;
mod keep;
mod latency;
mod limit;
mod lookup;
mod once;
mod pass;
mod per_call;
mod permit;
mod permit_of_copy;
mod progress;
mod refusal;
mod resilient;
mod retry_rules;
mod rules;
mod scope;
mod seat;
mod seat_wait;
mod steps;
mod straight;
mod success;
mod turn;
mod turned_away;
mod waiting;
mod within;

pub use self::attempt::Attempt;
pub use self::by_name::{resilient_call, resilient_call_with};
pub use self::call::Call;
#[cfg(feature = "testing")]
pub(crate) use self::context::Context;
pub use self::deadline::Deadline;
pub use self::degraded::Degraded;
pub use self::handle::{Resilient, ResilientBuilder, Setting};
pub use self::keep::{Keep, KeepErrors, RetryIfOk};
pub use self::lookup::Lookup;
pub use self::resilient::ResilientCall;
pub use self::scope::{carry_context, current_priority, with_deadline, with_priority};
pub use self::steps::{Judged, Run};
pub use self::within::Within;
