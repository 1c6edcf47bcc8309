//! Permits on offer. In: free permits, and waiters that are woken for them. Out: how many more waiters to wake.
//! Separate from the order of the queue, which decides who is next.
//!
//! A waiter that was woken for a permit may not be polled: its task is stuck behind another, or nobody polls it,
//! which is legal (`select!` on a reference, a stream of futures with a slow consumer). The permit must not lie idle
//! meanwhile. So a permit that was not taken after [`LATE`] is *also* offered to the next waiter, and so on; the
//! first one to be polled takes it. It is not withdrawn from the first waiter, which would then be woken for the next
//! permit and be late again: in a runtime whose polls are all that late, nobody would ever run.
//!
//! **No permit is lost or given twice.** The permits on offer are a count, and taking one decrements it; they count
//! as taken in the word. A waiter that was woken stays in `fresh` or `late` until it takes a permit, leaves, or is
//! polled when there is none. So at least as many waiters are woken as permits are on offer, and when the last waiter
//! that could take a permit leaves, the permit goes back to the word.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::clock::Tick;

/// How long a permit waits for the waiter that was woken for it, before the next is woken too. A hundred times the
/// duration of a wake-up in a runtime that is not overloaded; in one that is, the more waiters are awake, the sooner
/// one of them is polled.
pub(super) const LATE: Duration = Duration::from_millis(100);

/// The permits on offer, and the waiters that were woken for them.
#[derive(Debug, Default)]
pub(super) struct Offers {
    permits: u32,
    /// Waiters woken less than [`LATE`] ago, and when: a permit is reserved for each.
    fresh: BTreeSet<(Tick, u64)>,
    /// Waiters woken before that, and when they expire. A permit is theirs if they are polled in time.
    late: BTreeSet<(Tick, u64)>,
}

/// How long ago a waiter was woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// At this time, less than [`LATE`] ago.
    At(Tick),
    /// Before that; the waiter expires at this time.
    Late(Tick),
}

impl Offers {
    /// Adds permits to those on offer.
    pub(super) fn add(&mut self, permits: u32) {
        self.permits += permits;
    }

    /// How many waiters are woken.
    pub(super) fn woken(&self) -> u32 {
        u32::try_from(self.fresh.len() + self.late.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn permits(&self) -> u32 {
        self.permits
    }

    /// How many more waiters have to be woken so that no permit lies idle.
    pub(super) fn wanted(&self) -> u32 {
        let kept = u32::try_from(self.fresh.len()).unwrap_or(u32::MAX);
        self.permits.saturating_sub(kept)
    }

    /// Records that a waiter is woken.
    pub(super) fn wake(&mut self, id: u64, now: Tick) -> Woken {
        self.fresh.insert((now, id));
        Woken::At(now)
    }

    /// A waiter that has become late and is not yet recorded as such.
    pub(super) fn overdue(&self, now: Tick) -> Option<u64> {
        let (at, id) = *self.fresh.first()?;
        (at.plus(LATE) <= now).then_some(id)
    }

    /// Moves a woken waiter to the late ones.
    pub(super) fn mark_late(&mut self, id: u64, woken: Woken, expires: Tick) -> Woken {
        self.remove(id, woken);
        self.late.insert((expires, id));
        Woken::Late(expires)
    }

    /// Removes a woken waiter.
    pub(super) fn remove(&mut self, id: u64, woken: Woken) {
        match woken {
            Woken::At(at) => self.fresh.remove(&(at, id)),
            Woken::Late(expires) => self.late.remove(&(expires, id)),
        };
    }

    /// Takes a permit, if one is on offer.
    pub(super) fn take(&mut self) -> bool {
        let is_there = self.permits > 0;
        self.permits -= u32::from(is_there);
        is_there
    }

    /// Takes a permit that no woken waiter is left for.
    pub(super) fn take_unclaimed(&mut self) -> bool {
        self.permits > self.woken() && self.take()
    }

    /// The first late waiter to expire, and when. Only while no permit is on offer.
    pub(super) fn next_expiry(&self) -> Option<(Tick, u64)> {
        // As long as there is a permit, it is theirs as well.
        self.late.first().filter(|_| self.permits == 0).copied()
    }

    /// How long it is until a waiter becomes late, or could.
    pub(super) fn next_check(&self, now: Tick) -> Duration {
        let next = self.fresh.first().map_or(LATE, |(at, _)| at.plus(LATE).since(now));
        // A waiter that is woken from now on is late no sooner than that.
        next.clamp(Duration::from_millis(1), LATE)
    }
}
