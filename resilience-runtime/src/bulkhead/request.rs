//! Data: a call that wants a permit: the facts by which the queue orders and refuses waiters.

use resilience_settings::Priority;

use crate::clock::Tick;

/// A request for a permit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PermitRequest {
    pub(crate) priority: Priority,
    pub(crate) now: Tick,
    /// When its call began.
    pub(crate) call: Tick,
    /// When its call has to end.
    pub(crate) deadline: Tick,
}
