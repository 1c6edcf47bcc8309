//! A place in the queue of a bulkhead, as a call keeps it: with whose it is, and since when.

use tokio::time::Instant;

use crate::bulkhead::Waiter;
use crate::clock::Tick;
use crate::registry::Target;

/// A place in the queue. Dropped, it leaves at once.
#[derive(Debug)]
pub(super) struct SeatWait {
    pub(super) waiter: Waiter<'static>,
    pub(super) target: Target,
    pub(super) since: Tick,
    /// The end of the wait, which the timer is set to at first.
    pub(super) until: Option<Instant>,
}

impl Drop for SeatWait {
    fn drop(&mut self) {
        self.waiter.leave(self.target.service().now());
    }
}
