//! In: who waits, with all that their order goes by. Out: who is first in one order or the other, who is over, and who
//! has the least time left. Apart from the queue because it decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::clock::Tick;
use crate::priority::Priority;

/// How much waiting makes up for one level of priority, while nobody is lost.
///
/// Three levels come to 750 ms, so that with the default `max_wait` of a second even the least important waiter
/// is ahead of everybody who comes in the last quarter of its wait, whatever their priority: no flow of important
/// calls can starve it for longer. Within a quarter of a second the order is strict, which is as long as a
/// burst usually lasts. The queue of Linux's deadline scheduler for disks ages the same way.
pub(super) const LEVEL: Duration = Duration::from_millis(250);

/// What the place of a waiter goes by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The order of coming.
    pub(super) id: u64,
    /// Zero, or the order of having been offered a seat that somebody else took: who was keeps the place at the head.
    pub(super) turn: u64,
    pub(super) priority: Priority,
    pub(super) came: Tick,
    /// When its call began: a retry comes anew, and is no newer for it.
    pub(super) call: Tick,
    /// The deadline of its call.
    pub(super) deadline: Tick,
    /// From when on it does not wait any more.
    pub(super) over: Tick,
}

/// Who waits.
///
/// Each order is kept as such, so that a queue of a million costs no more than a few steps for who comes and goes.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Before all others.
    heads: BTreeMap<u64, u64>,
    levels: [Level; 4],
    len: u32,
}

/// The waiters of one priority. Those at the head are in no order but by time.
#[derive(Debug, Default)]
struct Level {
    coming: BTreeMap<u64, Tick>,
    calls: BTreeSet<(Tick, u64)>,
    deadlines: BTreeSet<(Tick, u64)>,
    ends: BTreeSet<(Tick, u64)>,
}

/// From the least on.
const ALL: [Priority; 4] = [Priority::Low, Priority::Normal, Priority::High, Priority::Critical];

/// Some of the priorities, as places in their order from `Low` on.
pub(super) type Levels = std::ops::RangeInclusive<usize>;

impl Line {
    pub(super) fn insert(&mut self, place: &Place) {
        let level = &mut self.levels[place.priority as usize];
        if place.turn > 0 {
            self.heads.insert(place.turn, place.id);
        } else {
            level.coming.insert(place.id, place.came);
            level.calls.insert((place.call, place.id));
        }
        level.deadlines.insert((place.deadline, place.id));
        level.ends.insert((place.over, place.id));
        self.len += 1;
    }

    /// Takes one out that is in it.
    pub(super) fn remove(&mut self, place: &Place) {
        let level = &mut self.levels[place.priority as usize];
        if place.turn > 0 {
            self.heads.remove(&place.turn);
        } else {
            level.coming.remove(&place.id);
            level.calls.remove(&(place.call, place.id));
        }
        level.deadlines.remove(&(place.deadline, place.id));
        level.ends.remove(&(place.over, place.id));
        self.len -= 1;
    }

    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// How many wait with one of these priorities.
    pub(super) fn count(&self, levels: Levels) -> usize {
        self.levels[levels].iter().map(|level| level.deadlines.len()).sum()
    }

    /// Who is next, first come first served or newest first.
    pub(super) fn next(&self, in_turn: bool) -> Option<u64> {
        let head = self.heads.first_key_value().map(|(_, id)| *id);
        head.or_else(|| if in_turn { self.first_come() } else { self.newest() })
    }

    /// The first to come, where each level above `Low` counts as having come [`LEVEL`] earlier. That fixes the order
    /// of two waiters for good when the second comes, since both age alike.
    fn first_come(&self) -> Option<u64> {
        let aged = |(below, level): (u32, &Level)| {
            let (id, came) = level.coming.first_key_value()?;
            Some((came.plus(LEVEL * below), *id))
        };
        let first = (0..).zip(self.levels.iter().rev()).filter_map(aged).min();
        first.map(|(_, id)| id)
    }

    /// The newest call of the highest priority.
    fn newest(&self) -> Option<u64> {
        let highest = self.levels.iter().rev().find_map(|level| level.calls.last());
        highest.map(|(_, id)| *id)
    }

    /// The least priority of those who wait and are not at the head.
    pub(super) fn lowest(&self) -> Option<Priority> {
        ALL.into_iter().find(|priority| !self.levels[*priority as usize].coming.is_empty())
    }

    /// The last to come with the least priority.
    pub(super) fn last_come(&self) -> Option<u64> {
        let (id, _) = self.levels[self.lowest()? as usize].coming.last_key_value()?;
        Some(*id)
    }

    /// The oldest call of the least priority.
    pub(super) fn oldest(&self) -> Option<(Tick, u64)> {
        self.levels[self.lowest()? as usize].calls.first().copied()
    }

    /// The first that will not wait any more, and from when on.
    pub(super) fn next_over(&self) -> Option<(Tick, u64)> {
        self.levels.iter().filter_map(|level| level.ends.first()).min().copied()
    }

    /// The one of these priorities with the least time left, if its deadline comes by then.
    pub(super) fn hopeless(&self, levels: Levels, by: Tick) -> Option<u64> {
        let first = self.levels[levels].iter().filter_map(|level| level.deadlines.first()).min()?;
        (first.0 <= by).then_some(first.1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MS: u64 = 1_000_000;
    fn place(id: u64, priority: Priority, came: u64) -> Place {
        let came = Tick(came);
        Place { id, turn: 0, priority, came, call: came, deadline: Tick::MAX, over: Tick::MAX }
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
                let mut line = Line::default();
                line.insert(&place(1, earlier, 5 * MS));
                line.insert(&place(2, later, (5 + wait) * MS));
                assert_eq!(line.first_come() == Some(1), first, "{earlier:?} before {later:?} by {wait} ms");
            }
        }
    }

    #[test]
    fn the_end_of_time_keeps_the_order_of_coming() {
        let mut line = Line::default();
        let places = [3, 1, 4, 2].map(|id| place(id, ALL[usize::try_from(id).unwrap() - 1], u64::MAX));
        for place in &places {
            line.insert(place);
        }
        for id in 1..=4 {
            assert_eq!(line.first_come(), Some(id));
            line.remove(places.iter().find(|place| place.id == id).unwrap());
        }
        assert_eq!((line.first_come(), line.len()), (None, 0));
    }

    proptest! {
        #[test]
        fn it_says_what_a_look_at_all_of_them_says(
            come in prop::collection::vec((0..4_usize, 0..9_u64, 0..9_u64, 0..9_u64, 0..900_u64), 1..40),
            gone in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
            by in 0..10_u64,
        ) {
            let mut line = Line::default();
            let mut all: Vec<Place> = Vec::new();
            for (id, (level, call, deadline, over, gap)) in (1..).zip(come) {
                let came = all.last().map_or(Tick(0), |last| last.came).plus(Duration::from_millis(gap));
                let (call, deadline, over) = (Tick(call), Tick(deadline), Tick(over));
                all.push(Place { id, turn: 0, priority: ALL[level], came, call, deadline, over });
                line.insert(&all[all.len() - 1]);
            }
            for index in gone {
                if !all.is_empty() {
                    line.remove(&all.remove(index.index(all.len())));
                }
            }
            let level = |place: &Place| place.priority as usize;
            let aged = |place: &Place| place.came.plus(LEVEL * (3 - place.priority as u32));
            let id = |place: Option<&Place>| place.map(|place| place.id);
            prop_assert_eq!(line.first_come(), id(all.iter().min_by_key(|one| (aged(one), one.id))));
            prop_assert_eq!(line.newest(), id(all.iter().max_by_key(|one| (level(one), one.call, one.id))));
            prop_assert_eq!(line.len() as usize, all.len());
            prop_assert_eq!(line.next_over(), all.iter().map(|one| (one.over, one.id)).min());
            for levels in [0..=2, 3..=3, 0..=3] {
                let mut some = all.iter().filter(|one| levels.contains(&level(one))).collect::<Vec<_>>();
                prop_assert_eq!(line.count(levels.clone()), some.len());
                some.sort_by_key(|one| (one.deadline, one.id));
                let first = some.first().copied().filter(|one| one.deadline <= Tick(by));
                prop_assert_eq!(line.hopeless(levels, Tick(by)), id(first));
            }
        }
    }
}
