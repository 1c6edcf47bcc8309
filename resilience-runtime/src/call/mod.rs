//! Calls, from entry to end. In: a site and a body. Out: the outcome of one annotated call.
//!
//! Generated code enters a call at its site ([`api`]) and makes attempts in a loop. Each poll of an [`attempt`] asks the
//! [`engine`] for a [`PollGuard`](engine::poll_guard::PollGuard), polls the body within a [`context`] for the calls inside
//! it, and tells the guard the result.
//!
//! ```text
//! enter ─► cache lookup ─► admission ─► body, under its timer ─► success ───────────────► cache ─► outcome
//!            │ answer       │ ▲            │                                                ▲
//!            └──► outcome   │ │            └─► failure ─► retry allowed? ─ no ─► finish ────┤
//!                           │ └── delay ◄──────────────────── yes                │          │
//!                           └─ refused ─────────────────────────────────────► finish ─► fallbacks
//! ```
//!
//! - Admission: deadline, shedding, cap on retries, breaker, throttle, rate limit, bulkhead, in this order. What it grants
//!   is one [`Permit`](engine::permit::Permit).
//! - Nearly every call takes the [fast path](engine::fast): it is admitted without a wait, and what it holds is on the
//!   stack, or a few words in the future. Any other is a [full call](engine::full). [`CallState`](engine::state::CallState)
//!   is one or the other.
//! - A failure settles the permit ([`retry`](engine::full::retry)) and decides the [next](engine::decision::Next) step.
//! - A call [finishes](engine::full::finish) with the last outcome of an attempt, or with a rejection.
//! - Around the loop stand the response cache and the other sources of an answer ([`degradation`]).
//!
//! - A call of a service that is only [`observed`] has none of this: its body runs as it is, and the rules look on.
//!
//! A call that is dropped on the way is cancelled; its permit and its reservation go back by themselves.

mod api;
mod attempt;
mod attempt_builder;
#[expect(clippy::module_inception, reason = "it is what all others are about")]
mod call;
mod context;
mod deadline;
mod degradation;
mod engine;
mod handle;
mod hedge_copies;
mod hedge_plan;
mod hedged;
mod idempotency;
mod injection;
mod last_outcome;
mod nested;
mod observed;
mod once;
mod result_rules;
mod scope;

pub use self::attempt::Attempt;
pub use self::attempt_builder::{AttemptBody, ClassifiedBody, InjectedBody};
pub use self::call::Call;
#[cfg(feature = "testing")]
pub(crate) use self::context::Context;
pub use self::deadline::Deadline;
pub use self::degradation::cache_lookup::Lookup;
pub use self::degradation::degraded::Degraded;
pub use self::degradation::source_future::Within;
pub use self::handle::{
    OnRejection, Resilient, ResilientBuilder, ResilientCall, Setting, resilient_call, resilient_call_with,
};
pub use self::idempotency::{Inside, Protected, Settled, idempotency_key};
#[cfg(feature = "testing")]
pub use self::injection::probe;
pub use self::injection::{Injectable, Slot};
pub use self::last_outcome::{KeepErrors, LastOutcome, RetryIfOk};
pub use self::scope::{carry_context, current_priority, with_deadline, with_priority};
