//! Decides how many waiters are woken for free permits, and when a permit that nobody takes is offered again. In: free permits, and
//! waiters that are woken for them. Out: how many more waiters to wake. Separate from the order of the queue, which decides who is
//! next.
//!
//! A waiter that was woken for a permit may not be polled: its task is stuck behind another, or nobody polls it,
//! which is legal (`select!` on a reference, a stream of futures with a slow consumer). The permit must not lie idle
//! meanwhile. So a permit that was not taken after [`LATE`] is *also* offered to the next waiter, and so on; the
//! first one to be polled takes it. It is not withdrawn from the first waiter, which would then be woken for the next
//! permit and be late again: in a runtime whose polls are all that late, nobody would ever run.
//!
//! Somebody has to see that it was not taken, and there may be nobody but the waiters. So one of them *watches*: its
//! timer goes off while a permit that is given now is not yet late. If none has such a timer, the one that was polled
//! last is woken to set it, being the likeliest to be polled again; it then watches over all that is given meanwhile.
//! All waiters look by themselves as well, as one that watches may be one that is not polled, but the longer they have
//! waited, the less often: a thousand of them that look ten times a second would be a load of their own, and in virtual
//! time, which jumps from timer to timer, they would make a wait of a day last for hours.
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

/// A waiter looks by itself after so much of the time that it has waited: with nobody to tell it, its wait is longer by
/// no more than that share.
const LOOKS: u32 = 8;

/// The permits on offer, and the waiters that were woken for them.
#[derive(Debug, Default)]
pub(super) struct Offers {
    permits: u32,
    /// Waiters woken less than [`LATE`] ago, and when: a permit is reserved for each.
    fresh: BTreeSet<(Tick, u64)>,
    /// Waiters woken before that, and when they expire. A permit is theirs if they are polled in time.
    late: BTreeSet<(Tick, u64)>,
    /// Who looks first whether there are late ones, and when.
    watch: (Tick, u64),
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
        self.unwatch(id);
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

    /// Whether a permit is on offer that nobody looks after by the time at which it is late.
    pub(super) fn is_unwatched(&self, now: Tick) -> bool {
        !self.fresh.is_empty() && !is_within(self.watch.0, now)
    }

    /// Who looks next, unless the time for it has passed: then it was woken and not polled.
    pub(super) fn watcher(&self, now: Tick) -> Option<u64> {
        (self.watch.0 >= now).then_some(self.watch.1)
    }

    /// A waiter looks at that time at the latest, unless another does early enough.
    pub(super) fn watch(&mut self, id: u64, by: Tick, now: Tick) {
        if !is_within(self.watch.0, now) {
            self.watch = (by, id);
        }
    }

    /// A waiter does not look any more, as it has a permit or is gone.
    pub(super) fn unwatch(&mut self, id: u64) {
        if self.watch.1 == id {
            self.watch = Default::default();
        }
    }

    /// How long it is until a waiter that is polled now, and has waited since then, has to look.
    pub(super) fn next_check(&mut self, id: u64, since: Tick, now: Tick) -> Duration {
        let (by, watcher) = self.watch;
        let next = match self.fresh.first() {
            Some((at, _)) => at.plus(LATE).since(now).min(LATE),
            // Also if the permits on offer are taken: it looks after those that are given by then.
            None if watcher == id && is_within(by, now) && by > now => by.since(now),
            None => (now.since(since) / LOOKS).max(LATE),
        };
        let next = next.max(Duration::from_millis(1));
        // Of two at one time the one that was polled last: it is the later to be given a permit, and to look no more.
        if watcher == id || by <= now || now.plus(next) <= by {
            self.watch = (now.plus(next), id);
        }
        next
    }
}

/// Whether a look at that time is early enough for a permit that is given now.
fn is_within(look: Tick, now: Tick) -> bool {
    (now..=now.plus(LATE)).contains(&look)
}
