//! In: a turn that was taken. Out: an attempt that starts, or the turn given back. Apart from the limit because it is
//! what an attempt keeps while it gathers what else it needs.

use super::limit::RateLimit;

/// A turn under the rate limit.
///
/// Dropped instead of [used up](Self::use_up), it goes back, as if nobody had asked: unless another turn was given
/// meanwhile. That one was due by what had been used, this turn included; to take this one out from under it would let
/// more attempts start at once than the burst. Then it stays used.
#[derive(Debug)]
#[must_use = "a turn that is dropped goes back"]
pub(crate) struct Turn<'a> {
    limit: &'a RateLimit,
    /// The arrival time before it was taken, and after.
    before: u64,
    after: u64,
}

impl<'a> Turn<'a> {
    #[inline]
    pub(super) fn new(limit: &'a RateLimit, before: u64, after: u64) -> Self {
        Self { limit, before, after }
    }

    /// The attempt starts.
    #[inline]
    pub(crate) fn use_up(self) {
        std::mem::forget(self);
    }
}

impl Drop for Turn<'_> {
    #[inline]
    fn drop(&mut self) {
        self.limit.take_back(self.before, self.after);
    }
}
