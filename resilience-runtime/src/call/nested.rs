//! Decides which deadline a call inside another inherits, and whether it passes through, as the service is the same. In: the
//! context of a call, and the one around it. Out: the context inside it, and how it stands to the calls around it. Which priority
//! counts, `priority` decides.

use resilience_settings::Priority;

use super::context::Context;
use crate::priority::Admitted;
use crate::registry::BoundSite;

/// How a call stands to those around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nesting {
    /// It is a call like any other.
    OnItsOwn,
    /// A call of the same service is around it: it is a part of that, and has no state of its own.
    PassThrough,
    /// It comes from within a redirect or fallback of its own site.
    RedirectCycle,
}

/// The context inside a call that is made within `outer`; `own` is what it would be outside of any, and `written` the priority
/// that is written at the call.
///
/// A redirect that comes back is told before a call of the same service: it must end at once, and not run its body again.
#[inline]
pub(super) fn inherit(
    bound: &'static BoundSite,
    own: Context,
    written: Option<Priority>,
    outer: Context,
) -> (Context, Nesting) {
    let call_path = bound.call_path(outer.call_path);
    let importance = outer.importance.of_call(written);
    let nesting = if bound.is_cycle(outer.degrading) {
        Nesting::RedirectCycle
    } else if call_path.is_none() {
        Nesting::PassThrough
    } else {
        Nesting::OnItsOwn
    };
    let context = Context {
        deadline: own.deadline.min(outer.deadline),
        call_path: call_path.unwrap_or(outer.call_path),
        degrading: outer.degrading,
        importance,
        admitted: Admitted::with(importance),
        ..own
    };
    (context, nesting)
}
