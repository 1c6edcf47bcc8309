//! What events say of a call. In: its settings, how it failed, how it ended. Out: how many attempts it may make, the class
//! of its error, and the event of its end.

use crate::call::engine::failure::Failure;
use crate::ending::Ending;
use crate::events::{Allowed, Event, OfCall, Why, emit, take_class};
use crate::policy::CallRules;
use crate::registry::BoundSite;
use crate::rejection::RejectionKind;

impl Allowed {
    /// The attempts that a call may make by its settings. Only `max_attempts` can be unlimited; the deadline then ends the
    /// call.
    pub(in crate::call) fn by(rules: &CallRules, is_single: bool) -> Self {
        match rules.max_attempts {
            _ if is_single || !rules.retry_enabled => Self::AtMost(1),
            u32::MAX => Self::Unlimited,
            attempts => Self::AtMost(attempts),
        }
    }
}

impl Failure {
    /// The class of its error, which has just been classified.
    #[cold]
    pub(in crate::call) fn class(self) -> Option<&'static str> {
        match self {
            Self::Error(_) => take_class(),
            Self::UnwantedOk | Self::TimedOut => None,
        }
    }
}

/// Tells listeners that a call has ended without a success. Out of line: an event takes much room on the stack.
#[cold]
#[inline(never)]
pub(in crate::call) fn tell_of_end(
    bound: &BoundSite,
    allowed: Allowed,
    attempts: u32,
    ending: Ending,
    rejection: Option<RejectionKind>,
    why: Why,
) {
    let (reason, rejection) = (ending.name(), rejection.map(RejectionKind::name));
    emit(&Event::OfCall(bound.as_told(), OfCall::Failed { attempts, allowed, reason, rejection, why }));
}
