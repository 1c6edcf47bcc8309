//! Data: a slot of the rate limit, the right to start one attempt. In: a slot that was taken. Out: an attempt that starts, or the
//! slot given back. A type of its own because an attempt holds it while it acquires its other permits.

use super::limit::RateLimit;

/// A slot of the rate limit.
///
/// If it is dropped instead of [consumed](Self::consume), it is given back as if it had never been taken, unless
/// another slot was given meanwhile. That other slot was due by a count that included this one, so taking this one
/// back could let more attempts start at once than the burst allows: it stays used then.
#[derive(Debug)]
#[must_use = "a slot that is dropped goes back"]
pub(crate) struct RateSlot<'a> {
    limit: &'a RateLimit,
    /// The arrival time before the slot was taken; `after` is the one after.
    before: u64,
    after: u64,
}

impl<'a> RateSlot<'a> {
    #[inline]
    pub(super) fn new(limit: &'a RateLimit, before: u64, after: u64) -> Self {
        Self { limit, before, after }
    }

    /// The attempt starts: the slot counts.
    #[inline]
    pub(crate) fn consume(self) {
        std::mem::forget(self);
    }
}

impl Drop for RateSlot<'_> {
    #[inline]
    fn drop(&mut self) {
        self.limit.return_slot(self.before, self.after);
    }
}
