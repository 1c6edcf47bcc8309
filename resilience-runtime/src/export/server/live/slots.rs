//! Decides how many clients the live stream may have. In: a client of the stream. Out: a place for it, or none when there are too
//! many.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The limit. Each client has a connection and a little memory; a browser that keeps reconnecting must not take all
/// connections.
const MOST: usize = 300;

#[derive(Debug, Default)]
pub(super) struct Slots(AtomicUsize);

/// A place in the stream, given back when dropped.
#[derive(Debug)]
pub(super) struct Slot(Arc<Slots>);

impl Slots {
    /// Takes a place, if one is free.
    pub(super) fn take(self: &Arc<Self>) -> Option<Slot> {
        let taken = self
            .0
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |taken| (taken < MOST).then_some(taken + 1));
        taken.is_ok().then(|| Slot(Arc::clone(self)))
    }

    pub(super) fn are_free(&self) -> bool {
        self.0.load(Ordering::Acquire) == 0
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}
