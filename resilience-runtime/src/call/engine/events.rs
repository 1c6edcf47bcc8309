//! The end of a call goes in, its event comes out. Out of line: an event takes much room on the stack.

use crate::ending::Ending;
use crate::events::{Event, OfCall, emit, is_told};
use crate::policy::CallRules;
use crate::registry::BoundSite;
use crate::rejection::RejectionKind;

/// Tells listeners that a call has ended without a success. Out of line: an event takes much room on the stack.
#[inline(never)]
pub(in crate::call) fn tell_of_end(
    bound: &BoundSite,
    rules: &CallRules,
    attempts: u32,
    ending: Ending,
    rejection: Option<RejectionKind>,
) {
    if is_told() {
        emit(&Event::OfCall(
            bound.as_told(),
            OfCall::Failed {
                attempts,
                max_attempts: rules.max_attempts,
                reason: ending.name(),
                rejection: rejection.map(RejectionKind::name),
            },
        ));
    }
}
