//! One annotated call, from entry to outcome.
//!
//! The generated code enters a call at its site and makes attempts in a loop. Each poll of an [`attempt`] asks for a
//! [`pass`], polls the body in a [`context`] for the calls inside it, and tells the pass what came of it.
//!
//! Nearly every call goes [`straight`]: nothing stands in the way of its first attempt, which succeeds at once, or as
//! what is [`held`] after a wait. Any other has a [`course::FullCall`], in which each attempt goes through
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
mod attempt_builder;
#[expect(clippy::module_inception, reason = "it is what all others are about")]
mod call;
mod context;
mod deadline;
mod degradation;
mod degraded;
mod engine;
mod handle;
mod hedge_copies;
mod hedge_plan;
mod hedged;
mod last_outcome;
mod once;
mod scope;

pub use self::attempt::Attempt;
pub use self::attempt_builder::{Judged, Run};
pub use self::call::Call;
#[cfg(feature = "testing")]
pub(crate) use self::context::Context;
pub use self::deadline::Deadline;
pub use self::degradation::cache_lookup::Lookup;
pub use self::degradation::source_future::Within;
pub use self::degraded::Degraded;
pub use self::handle::{
    OnRejection, Resilient, ResilientBuilder, ResilientCall, Setting, resilient_call, resilient_call_with,
};
pub use self::last_outcome::{Keep, KeepErrors, RetryIfOk};
pub use self::scope::{carry_context, current_priority, with_deadline, with_priority};
