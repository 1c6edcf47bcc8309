//! A turn of the rate limit. In: a turn that was taken. Out: an attempt that starts, or the turn given back. A type of
//! its own because an attempt holds it while it acquires its other permits.

use super::limit::RateLimit;

/// A turn under the rate limit.
///
/// If it is dropped instead of [used up](Self::use_up), it is given back as if it had never been taken, unless another
/// turn was given meanwhile. That other turn was due by a count that included this one, so taking this one back could
/// let more attempts start at once than the burst allows: it stays used then.
#[derive(Debug)]
#[must_use = "a turn that is dropped goes back"]
pub(crate) struct Turn<'a> {
    limit: &'a RateLimit,
    /// The arrival time before it was taken; `after` is the one after.
    before: u64,
    after: u64,
}

impl<'a> Turn<'a> {
    #[inline]
    pub(super) fn new(limit: &'a RateLimit, before: u64, after: u64) -> Self {
        Self { limit, before, after }
    }

    /// The attempt starts: the turn counts.
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
