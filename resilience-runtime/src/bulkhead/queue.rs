//! In: waiters with their priority and the time they came. Out: who is next. Apart from the gate because the
//! order is a rule of its own, with no atomics in it.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Duration;

use crate::clock::Tick;
use crate::priority::Priority;

/// How much waiting makes up for one level of priority.
///
/// Three levels come to 750 ms, so that with the default `max_wait` of a second even the least important waiter
/// is ahead of everybody who comes in the last quarter of its wait, whatever their priority: no flow of important
/// calls can starve it for longer. Within a quarter of a second the order is strict, which is as long as a
/// burst usually lasts. The queue of Linux's deadline scheduler for disks ages the same way.
pub(super) const LEVEL: Duration = Duration::from_millis(250);

/// Who waits, in order: FIFO within a priority, and each level above `Low` counts as having come [`LEVEL`] earlier.
///
/// That fixes the order of two waiters for good when the second comes, since both age alike. So it is an ordered
/// map, with no need to look at the clock when a seat is handed on.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiters: BTreeMap<(u64, u64), Option<Waker>>,
    /// How many have ever come, to keep the order of those of one moment.
    came: u64,
    /// The latest time seen: threads read the clock before they take the lock.
    latest: Tick,
    /// The limit of the latest caller, for a waiter that is dropped: it has no settings.
    pub(super) limit: u32,
}

impl Queue {
    /// The place of somebody who comes now.
    pub(super) fn key(&mut self, priority: Priority, now: Tick) -> (u64, u64) {
        self.latest = self.latest.max(now);
        self.came += 1;
        (self.latest.plus(LEVEL * below_critical(priority)).0, self.came)
    }

    pub(super) fn insert(&mut self, key: (u64, u64)) {
        self.waiters.insert(key, None);
    }

    /// Takes the first out; `None` when nobody waits, `Some(None)` when it has not been polled yet.
    #[expect(clippy::option_option, reason = "whether somebody waits, and whether it can be woken")]
    pub(super) fn pop(&mut self) -> Option<Option<Waker>> {
        self.waiters.pop_first().map(|(_, waker)| waker)
    }

    /// Takes one out that no longer waits; `None` when it had been taken out before.
    #[expect(clippy::option_option, reason = "whether it waited, and whether it could be woken")]
    pub(super) fn remove(&mut self, key: (u64, u64)) -> Option<Option<Waker>> {
        self.waiters.remove(&key)
    }

    /// Where to leave the waker of one that still waits.
    pub(super) fn waker(&mut self, key: (u64, u64)) -> Option<&mut Option<Waker>> {
        self.waiters.get_mut(&key)
    }
}

/// How many levels lie above a priority.
fn below_critical(priority: Priority) -> u32 {
    match priority {
        Priority::Critical => 0,
        Priority::High => 1,
        Priority::Normal => 2,
        Priority::Low => 3,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MS: u64 = 1_000_000;
    const ALL: [Priority; 4] = [Priority::Low, Priority::Normal, Priority::High, Priority::Critical];

    #[test]
    fn waiting_long_enough_beats_any_priority() {
        for (earlier, later, wins_after) in [
            (Priority::Normal, Priority::Normal, 0),
            (Priority::Critical, Priority::Low, 0),
            (Priority::Normal, Priority::High, 250),
            (Priority::Low, Priority::High, 500),
            (Priority::Low, Priority::Critical, 750),
        ] {
            for (wait, first) in [(wins_after, true), (wins_after.max(1) - 1, wins_after == 0)] {
                let mut queue = Queue::default();
                let old = queue.key(earlier, Tick(5 * MS));
                let new = queue.key(later, Tick((5 + wait) * MS));
                assert_eq!(old < new, first, "{earlier:?} before {later:?} by {wait} ms");
            }
        }
    }

    proptest! {
        #[test]
        fn within_a_priority_nobody_is_overtaken(come in prop::collection::vec((0..4_usize, 0..90_u64), 1..60)) {
            let mut queue = Queue::default();
            let mut keys: [Vec<_>; 4] = Default::default();
            for (level, at) in come {
                // Times that run back a little, as those of different threads do.
                keys[level].push(queue.key(ALL[level], Tick(at * MS)));
            }
            for keys in keys {
                prop_assert!(keys.is_sorted());
            }
        }
    }

    #[test]
    fn the_end_of_time_keeps_the_order_of_coming() {
        let mut queue = Queue::default();
        let keys = ALL.map(|priority| queue.key(priority, Tick::MAX));
        assert!(keys.is_sorted());
    }
}
