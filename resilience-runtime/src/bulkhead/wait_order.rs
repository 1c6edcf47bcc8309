//! Sorts the waiters of the bulkhead; it decides nothing, `queue` does. In: waiters with their keys. Out: who is first in either
//! order, who expires next, and who has the least time left.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use resilience_settings::Priority;

use crate::clock::Tick;

/// How much waiting makes up for one level of priority, without a loss.
///
/// Three levels come to 750 ms, so with the default `max_wait` of a second even the least important waiter is ahead
/// of everybody who arrives in the last quarter of its wait, whatever their priority: no flow of important calls can
/// starve it for longer. Within a quarter of a second the order is strict, which is as long as a burst usually lasts.
/// The queue of Linux's deadline scheduler for disks ages the same way.
pub(super) const LEVEL: Duration = Duration::from_millis(250);

/// The keys that a waiter is ordered by.
#[derive(Clone, Copy, Debug)]
pub(super) struct WaiterKeys {
    /// The order of arrival.
    pub(super) id: u64,
    /// The order of being offered a permit that another waiter then took; zero if never offered. Such waiters stay at
    /// the head.
    pub(super) offer_number: u64,
    pub(super) priority: Priority,
    pub(super) arrived: Tick,
    /// When its call began: a retry arrives anew, and is no newer for it.
    pub(super) call: Tick,
    /// The deadline of its call.
    pub(super) deadline: Tick,
    /// When it stops waiting.
    pub(super) expires: Tick,
}

/// Above every priority.
pub(super) const ABOVE_ALL: u8 = u8::MAX;

/// The waiters, in every order.
///
/// Each order has an index of its own, so that a queue of a million costs a few steps per waiter that comes and goes.
#[derive(Debug, Default)]
pub(super) struct WaitOrder {
    /// Ahead of all others.
    heads: BTreeMap<u64, u64>,
    levels: [Level; 4],
    len: u32,
}

/// The waiters of one priority. Those at the head are only in `deadlines` and `ends`.
#[derive(Debug, Default)]
struct Level {
    coming: BTreeSet<(Tick, u64)>,
    calls: BTreeSet<(Tick, u64)>,
    deadlines: BTreeSet<(Tick, u64)>,
    ends: BTreeSet<(Tick, u64)>,
}

/// From the least important on.
const ALL: [Priority; 4] = [Priority::Low, Priority::Normal, Priority::High, Priority::Critical];

/// A range of priorities, counted from `Low`.
pub(super) type Levels = std::ops::RangeInclusive<usize>;

/// The priorities that are refused only in favour of one another, and all others.
pub(super) const CRITICAL: Levels = Priority::Critical as usize..=Priority::Critical as usize;
pub(super) const OTHERS: Levels = Priority::Low as usize..=Priority::High as usize;

impl WaitOrder {
    pub(super) fn insert(&mut self, keys: &WaiterKeys) {
        let level = &mut self.levels[keys.priority as usize];
        if keys.offer_number > 0 {
            self.heads.insert(keys.offer_number, keys.id);
        } else {
            level.coming.insert((keys.arrived, keys.id));
            level.calls.insert((keys.call, keys.id));
        }
        level.deadlines.insert((keys.deadline, keys.id));
        level.ends.insert((keys.expires, keys.id));
        self.len += 1;
    }

    /// Removes a waiter, which must be present.
    pub(super) fn remove(&mut self, keys: &WaiterKeys) {
        let level = &mut self.levels[keys.priority as usize];
        if keys.offer_number > 0 {
            self.heads.remove(&keys.offer_number);
        } else {
            level.coming.remove(&(keys.arrived, keys.id));
            level.calls.remove(&(keys.call, keys.id));
        }
        level.deadlines.remove(&(keys.deadline, keys.id));
        level.ends.remove(&(keys.expires, keys.id));
        self.len -= 1;
    }

    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// How many waiters have one of these priorities.
    pub(super) fn count(&self, levels: Levels) -> usize {
        self.levels[levels].iter().map(|level| level.deadlines.len()).sum()
    }

    /// The next waiter, by arrival or newest first.
    pub(super) fn next(&self, is_fifo: bool) -> Option<u64> {
        let head = self.heads.first_key_value().map(|(_, id)| *id);
        head.or_else(|| if is_fifo { self.first_in() } else { self.newest() })
    }

    /// The first to arrive, where each level above `Low` counts as having arrived [`LEVEL`] earlier. That fixes the
    /// order of two waiters for good when the second arrives, since both age alike.
    fn first_in(&self) -> Option<u64> {
        let aged = |(below, level): (u32, &Level)| {
            let (arrived, id) = *level.coming.first()?;
            Some((arrived.plus(LEVEL * below), id))
        };
        let first = (0..).zip(self.levels.iter().rev()).filter_map(aged).min();
        first.map(|(_, id)| id)
    }

    /// The newest call of the highest priority.
    fn newest(&self) -> Option<u64> {
        let highest = self.levels.iter().rev().find_map(|level| level.calls.last());
        highest.map(|(_, id)| *id)
    }

    /// The least priority among the waiters that are not at the head.
    pub(super) fn lowest(&self) -> Option<Priority> {
        ALL.into_iter().find(|priority| !self.levels[*priority as usize].coming.is_empty())
    }

    /// The latest to arrive with the least priority.
    pub(super) fn latest_arrival(&self) -> Option<u64> {
        let (_, id) = *self.levels[self.lowest()? as usize].coming.last()?;
        Some(id)
    }

    /// The oldest call of the least priority.
    pub(super) fn oldest(&self) -> Option<(Tick, u64)> {
        self.levels[self.lowest()? as usize].calls.first().copied()
    }

    /// The first waiter to expire, and when.
    pub(super) fn next_expiry(&self) -> Option<(Tick, u64)> {
        self.levels.iter().filter_map(|level| level.ends.first()).min().copied()
    }

    /// The waiter of these priorities with the least time left, if its deadline is no later than `by`.
    pub(super) fn doomed(&self, levels: Levels, by: Tick) -> Option<u64> {
        let first = self.levels[levels].iter().filter_map(|level| level.deadlines.first()).min()?;
        (first.0 <= by).then_some(first.1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MS: u64 = 1_000_000;
    fn keys(id: u64, priority: Priority, arrived: u64) -> WaiterKeys {
        let arrived = Tick(arrived);
        WaiterKeys {
            id,
            offer_number: 0,
            priority,
            arrived,
            call: arrived,
            deadline: Tick::MAX,
            expires: Tick::MAX,
        }
    }

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
                let mut order = WaitOrder::default();
                order.insert(&keys(1, earlier, 5 * MS));
                order.insert(&keys(2, later, (5 + wait) * MS));
                assert_eq!(order.first_in() == Some(1), first, "{earlier:?} before {later:?} by {wait} ms");
            }
        }
    }

    #[test]
    fn the_end_of_time_keeps_the_order_of_coming() {
        let mut order = WaitOrder::default();
        let places = [3, 1, 4, 2].map(|id| keys(id, ALL[usize::try_from(id).unwrap() - 1], u64::MAX));
        for keys in &places {
            order.insert(keys);
        }
        for id in 1..=4 {
            assert_eq!(order.first_in(), Some(id));
            order.remove(places.iter().find(|keys| keys.id == id).unwrap());
        }
        assert_eq!((order.first_in(), order.len()), (None, 0));
    }

    proptest! {
        #[test]
        fn it_says_what_a_look_at_all_of_them_says(
            come in prop::collection::vec((0..4_usize, 0..9_u64, 0..9_u64, 0..9_u64, 0..900_u64), 1..40),
            gone in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
            by in 0..10_u64,
        ) {
            let mut order = WaitOrder::default();
            let mut all: Vec<WaiterKeys> = Vec::new();
            for (id, (level, call, deadline, expires, gap)) in (1..).zip(come) {
                let arrived = all.last().map_or(Tick(0), |last| last.arrived).plus(Duration::from_millis(gap));
                let (call, deadline, expires) = (Tick(call), Tick(deadline), Tick(expires));
                all.push(WaiterKeys { id, offer_number: 0, priority: ALL[level], arrived, call, deadline, expires });
                order.insert(&all[all.len() - 1]);
            }
            for index in gone {
                if !all.is_empty() {
                    order.remove(&all.remove(index.index(all.len())));
                }
            }
            let level = |keys: &WaiterKeys| keys.priority as usize;
            let aged = |keys: &WaiterKeys| keys.arrived.plus(LEVEL * (3 - keys.priority as u32));
            let id = |keys: Option<&WaiterKeys>| keys.map(|keys| keys.id);
            prop_assert_eq!(order.first_in(), id(all.iter().min_by_key(|one| (aged(one), one.id))));
            prop_assert_eq!(order.newest(), id(all.iter().max_by_key(|one| (level(one), one.call, one.id))));
            prop_assert_eq!(order.len() as usize, all.len());
            prop_assert_eq!(order.next_expiry(), all.iter().map(|one| (one.expires, one.id)).min());
            for levels in [0..=2, 3..=3, 0..=3] {
                let mut some = all.iter().filter(|one| levels.contains(&level(one))).collect::<Vec<_>>();
                prop_assert_eq!(order.count(levels.clone()), some.len());
                some.sort_by_key(|one| (one.deadline, one.id));
                let first = some.first().copied().filter(|one| one.deadline <= Tick(by));
                prop_assert_eq!(order.doomed(levels, Tick(by)), id(first));
            }
        }
    }
}
