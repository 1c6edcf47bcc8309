//! In: permits, and waiters that have been woken for one. Out: who still has to be woken. Apart from the queue because it has
//! nothing to do with who is next.
//!
//! A waiter that has been woken for a permit may not come: its task is stuck behind another, or nobody polls it, which is
//! legal (`select!` on a reference, a stream of futures with a slow consumer). Its permit must not lie idle for that. So a
//! permit that has not been taken after [`LATE`] is *also* offered to the next one, and to the one after that; whoever asks
//! first takes it. It is not taken away from the first, who would be woken again for the next permit and be late again: on a
//! runtime whose polls are all that late, nobody would ever run.
//!
//! **No permit is lost or given twice.** The permits on offer are a number, and each is taken by decreasing it; they count as
//! taken in the word. Whoever is woken for one stays among the woken until they take one, leave, or ask when there is none.
//! So there are always at least as many woken as permits on offer, and when the last of those that a permit could go to leaves,
//! it goes back to the word.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::clock::Tick;

/// How long a permit waits for the one who was woken for it before another one is. A hundred times what a wake-up takes in a
/// runtime that is not overloaded; in one that is, the more are awake, the sooner one of them comes.
pub(super) const LATE: Duration = Duration::from_millis(100);

/// Permits on offer, and who has been woken for them.
#[derive(Debug, Default)]
pub(super) struct Offers {
    permits: u32,
    /// Who was woken less than [`LATE`] ago, and when: a permit is kept for each.
    fresh: BTreeSet<(Tick, u64)>,
    /// Who was woken before that, and from when on they do not wait any more. A permit is theirs if they come in time.
    late: BTreeSet<(Tick, u64)>,
}

/// Where one of the woken stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// Less than [`LATE`] ago, then.
    At(Tick),
    /// Before that. It does not wait any more from then on.
    Late(Tick),
}

impl Offers {
    /// Puts more permits on offer.
    pub(super) fn add(&mut self, permits: u32) {
        self.permits += permits;
    }

    /// How many have been woken.
    pub(super) fn woken(&self) -> u32 {
        u32::try_from(self.fresh.len() + self.late.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn permits(&self) -> u32 {
        self.permits
    }

    /// How many more are to be woken, for no permit to lie idle.
    pub(super) fn wanted(&self) -> u32 {
        let kept = u32::try_from(self.fresh.len()).unwrap_or(u32::MAX);
        self.permits.saturating_sub(kept)
    }

    /// Somebody is woken.
    pub(super) fn wake(&mut self, id: u64, now: Tick) -> Woken {
        self.fresh.insert((now, id));
        Woken::At(now)
    }

    /// Somebody who is late by now, and has not been found so yet.
    pub(super) fn overdue(&self, now: Tick) -> Option<u64> {
        let (at, id) = *self.fresh.first()?;
        (at.plus(LATE) <= now).then_some(id)
    }

    /// The one who was woken then is late.
    pub(super) fn mark_late(&mut self, id: u64, woken: Woken, expires: Tick) -> Woken {
        self.remove(id, woken);
        self.late.insert((expires, id));
        Woken::Late(expires)
    }

    /// Takes one out of the woken.
    pub(super) fn remove(&mut self, id: u64, woken: Woken) {
        match woken {
            Woken::At(at) => self.fresh.remove(&(at, id)),
            Woken::Late(expires) => self.late.remove(&(expires, id)),
        };
    }

    /// Takes a permit, if there is one on offer.
    pub(super) fn take(&mut self) -> bool {
        let is_there = self.permits > 0;
        self.permits -= u32::from(is_there);
        is_there
    }

    /// Takes a permit that nobody is left for.
    pub(super) fn take_back(&mut self) -> bool {
        self.permits > self.woken() && self.take()
    }

    /// The first of those who arrived too late for the permits that there were who will not wait any more, and from when on.
    pub(super) fn next_expiry(&self) -> Option<(Tick, u64)> {
        // As long as there is a permit, it is theirs as well.
        self.late.first().filter(|_| self.permits == 0).copied()
    }

    /// How long it is until somebody is late, or may be.
    pub(super) fn next_check(&self, now: Tick) -> Duration {
        let next = self.fresh.first().map_or(LATE, |(at, _)| at.plus(LATE).since(now));
        // Who is woken from now on is late no sooner than that.
        next.clamp(Duration::from_millis(1), LATE)
    }
}
