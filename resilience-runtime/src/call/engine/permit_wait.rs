//! Gives the place of a call in the queue of a bulkhead back when it is dropped. In: the waiter of a call. Out: the same with whose
//! it is and since when.

use tokio::time::Instant;

use crate::bulkhead::Waiter;
use crate::clock::Tick;
use crate::registry::Target;

/// A place in the queue. Dropped, it leaves at once.
#[derive(Debug)]
pub(in crate::call) struct PermitWait {
    pub(in crate::call) waiter: Waiter<'static>,
    pub(in crate::call) target: Target,
    pub(in crate::call) since: Tick,
    /// The end of the wait, which the timer is set to at first.
    pub(in crate::call) until: Option<Instant>,
}

impl Drop for PermitWait {
    fn drop(&mut self) {
        self.waiter.leave(self.target.service().now());
    }
}
