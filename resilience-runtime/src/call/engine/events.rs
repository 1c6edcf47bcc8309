//! What is told to those who listen with `tracing`. Out of line: an event takes much room on the stack.

use tracing::level_filters::LevelFilter;
use tracing::{Level, debug, event_enabled};

use crate::ending::Ending;
use crate::policy::CallRules;
use crate::registry::BoundSite;
use crate::rejection::RejectionKind;

/// Whether anybody listens to retries.
#[inline]
pub(in crate::call) fn is_retry_told() -> bool {
    // One load where nobody listens to anything of that level, which is nearly everywhere.
    LevelFilter::current() >= LevelFilter::DEBUG && is_retry_enabled()
}

#[cold]
fn is_retry_enabled() -> bool {
    event_enabled!(target: "resilience::retry", Level::DEBUG)
}

/// Says that a call has ended without a success, to whoever listens. Apart: an event takes much room on the stack.
#[inline(never)]
pub(in crate::call) fn tell_of_end(
    bound: &BoundSite,
    rules: &CallRules,
    attempts: u32,
    ending: Ending,
    rejection: Option<RejectionKind>,
) {
    debug!(
        target: "resilience::call",
        service = bound.service().name(),
        function = bound.facts().function,
        attempts,
        max_attempts = rules.max_attempts,
        reason = ending.name(),
        rejection = rejection.map(RejectionKind::name),
        "call failed"
    );
}
