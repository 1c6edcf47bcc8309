//! Counts which slots observed calls would have had in the bulkhead. In: calls that run at once, whatever comes out. Out: whether
//! each would have had a slot, waited for one, or been rejected. A count apart from the permits of the bulkhead, which these calls
//! never hold.

use std::sync::atomic::{AtomicU32, Ordering};

/// How many observed calls run that would not have been rejected.
#[derive(Debug, Default)]
pub(crate) struct ObservedSeats(AtomicU32);

/// What a call would have had that has a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ObservedSeat {
    /// A slot.
    Free,
    /// A place in the queue.
    Queued,
}

impl ObservedSeats {
    /// Takes a seat, to be [left](Self::leave) again; `None` if slots and queue would be full.
    pub(crate) fn take(&self, slots: u32, queue: u32) -> Option<ObservedSeat> {
        let most = slots.saturating_add(queue);
        let one_more = |taken| (taken < most).then_some(taken + 1);
        let taken = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        Some(if taken < slots { ObservedSeat::Free } else { ObservedSeat::Queued })
    }

    /// Gives a seat back.
    pub(crate) fn leave(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    /// How many are taken.
    #[cfg(test)]
    pub(crate) fn taken(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_have_slots_the_next_wait_and_the_others_have_none() {
        let seats = ObservedSeats::default();
        let asked: Vec<_> = (0..4).map(|_| seats.take(2, 1)).collect();
        let (free, queued) = (Some(ObservedSeat::Free), Some(ObservedSeat::Queued));
        assert_eq!((asked, seats.taken()), (vec![free, free, queued, None], 3));
        seats.leave();
        seats.leave();
        assert_eq!((seats.take(2, 1), seats.take(2, 1)), (free, queued));
        assert_eq!(seats.take(u32::MAX, u32::MAX), free);
    }
}
