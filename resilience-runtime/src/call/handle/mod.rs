//! Handles: calls of closures, without an attribute. In: a service and settings, once. Out: a [`Resilient`] handle, which makes
//! calls of closures, without an attribute.
//!
//! `body` says what a closure may return, `resilient` holds the handle and its settings, `resilient_call` one call by it,
//! `by_name` the short forms that look their handle up. A call takes what differs from call to call (`per_call`), how errors are
//! classified (`classifier`, `error_rules`), what a rejection becomes (`on_rejection`), and who answers when it fails
//! (`fallback`, `fallback_chain`, `failure_handling`).

mod body;
mod by_name;
mod classifier;
mod error_rules;
mod failure_handling;
mod fallback;
mod fallback_chain;
mod on_rejection;
mod per_call;
mod resilient;
mod resilient_call;

pub use by_name::{resilient_call, resilient_call_with};
pub use on_rejection::OnRejection;
pub use resilient::{Resilient, ResilientBuilder, Setting};
pub use resilient_call::ResilientCall;
