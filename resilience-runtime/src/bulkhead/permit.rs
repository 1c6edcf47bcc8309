//! Data: the permit of one attempt to run. It has no size; it belongs to whoever owns the value.

/// An acquired permit, to be released exactly once, by `try_release_local`, `try_release` or `release_to_queue` of
/// its bulkhead.
#[derive(Debug)]
#[must_use = "a permit that is not given back is lost"]
pub(crate) struct BulkheadPermit(());

impl BulkheadPermit {
    /// The permit that a waiter was granted, or that was one of the thread's local permits.
    #[inline]
    pub(crate) fn granted() -> Self {
        Self(())
    }
}
