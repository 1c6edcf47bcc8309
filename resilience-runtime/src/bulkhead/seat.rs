//! The leave of one attempt to run. It has no size: what says whose it is, is who owns the value.

/// A seat that was taken, to be given back exactly once by `put_aside`, `give_back` or `hand_over` of its
/// bulkhead.
#[derive(Debug)]
#[must_use = "a seat that is not given back is lost"]
pub(crate) struct Seat(());

impl Seat {
    /// The seat of a waiter that has been woken for it, or of a thread that had one aside.
    #[inline]
    pub(crate) fn granted() -> Self {
        Self(())
    }
}
