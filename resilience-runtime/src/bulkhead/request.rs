//! A request for a permit: what the queue orders and refuses waiters by.

use crate::clock::Tick;
use crate::priority::Priority;

/// Who asks for a permit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PermitRequest {
    pub(crate) priority: Priority,
    pub(crate) now: Tick,
    /// When its call began.
    pub(crate) call: Tick,
    /// When its call has to be done.
    pub(crate) deadline: Tick,
}
