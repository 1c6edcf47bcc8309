//! The leave of one attempt to run. It has no size: what says whose it is, is who owns the value.

/// A permit that was taken, to be given back exactly once by `try_release_local`, `give_back` or `release_to_queue` of its
/// bulkhead.
#[derive(Debug)]
#[must_use = "a permit that is not given back is lost"]
pub(crate) struct BulkheadPermit(());

impl BulkheadPermit {
    /// The permit of a waiter that has been woken for it, or of a thread that had one aside.
    #[inline]
    pub(crate) fn granted() -> Self {
        Self(())
    }
}
