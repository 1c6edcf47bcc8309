//! Counts the events of one thread in a sliding window. In: events of the thread. Out: their counts, slice by slice. Separate from
//! the window because this is what each event costs: while the slice lasts, a check of its bounds and an add.
//!
//! It has eleven slices, ten for the window and the current one, each with a word `tag << 32 | count` per kind.
//! Nothing is ever cleared: readers ignore a count with another tag, and the next writer replaces it.

use crate::clock::Tick;
use crate::counting::shard::{Own, Writer};
use crate::counting::slices::{PLACES, place};
use crate::counting::window_key::WindowKey;
use crate::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use crate::sync::zeros;

const COUNT: u64 = u32::MAX as u64;

/// What an event in a shared part adds to `evicted`: more than the stored counts can lose when another slice begins in
/// their place, so that the sum of both always changes.
const SHARED_EVENT: u64 = 1 << 40;

/// What one thread counts in a window.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Tally<const KINDS: usize> {
    /// The slice in which the owner counted last. All counts at its place carry its tag, so that the next event in the
    /// same slice needs neither a division nor a tag. Only the owner uses it; a shared part has none.
    current: Current,
    counts: [[AtomicU64; KINDS]; PLACES],
    /// The events of the first half of the kinds that are no longer stored at any place; see
    /// [`first_half_ever`](Self::first_half_ever).
    evicted: AtomicU64,
}

/// A slice as its owner remembers it; before the first, its length is 0, which no slice has.
#[derive(Debug, Default)]
#[repr(C)]
struct Current {
    start: AtomicU64,
    length: AtomicU64,
    generation: AtomicU32,
    era: AtomicU32,
    place: AtomicUsize,
}

/// Which counts belong together: those of one key in one era.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) key: WindowKey,
    pub(crate) era: u32,
}

impl Stamp {
    /// The tag of a slice.
    #[inline]
    pub(crate) fn tag(self, slice: u64) -> u32 {
        self.key.slices.tag(slice, self.key.generation, self.era)
    }
}

impl<const KINDS: usize> Default for Tally<KINDS> {
    fn default() -> Self {
        Self {
            current: Current::default(),
            counts: std::array::from_fn(|_| zeros()),
            evicted: AtomicU64::new(0),
        }
    }
}

impl<const KINDS: usize> Tally<KINDS> {
    /// Counts an event of a kind, below `KINDS`.
    #[inline]
    pub(crate) fn count(&self, kind: usize, stamp: Stamp, now: Tick, by: impl Writer) {
        let Some(own) = by.own() else { return self.count_shared(kind, stamp, now, by) };
        if !self.count_on(kind, stamp, now, own) {
            self.rotate(stamp, now, own);
            self.count_on(kind, stamp, now, own);
        }
    }

    /// Counts an event if the slice is the one in which the owner counted last; else counts nothing and returns
    /// `false`.
    #[expect(clippy::inline_always, reason = "on the path of nearly every call")]
    #[inline(always)]
    pub(crate) fn count_on(&self, kind: usize, stamp: Stamp, now: Tick, own: Own) -> bool {
        let is_current = self.current.is(stamp, now);
        if is_current {
            let place = self.current.place.load(Ordering::Relaxed);
            let count = &self.counts[place][kind];
            if !is_full(count.load(Ordering::Relaxed)) {
                own.add(count, 1);
            }
        }
        is_current
    }

    /// Makes the slice at `now` the current one, and prepares its place. Also called when time runs back.
    #[cold]
    fn rotate(&self, stamp: Stamp, now: Tick, own: Own) {
        let slices = stamp.key.slices;
        let slice = slices.number(now);
        let tag = stamp.tag(slice);
        let place = place(slice);
        let mut evicted = 0;
        for (kind, count) in self.counts[place].iter().enumerate() {
            let old = count.load(Ordering::Relaxed);
            if !has_tag(old, tag) {
                evicted += if kind < KINDS / 2 { old & COUNT } else { 0 };
                own.update(count, |_| u64::from(tag) << 32);
            }
        }
        if evicted > 0 {
            own.add(&self.evicted, evicted);
        }
        let start = slice.saturating_mul(slices.length());
        self.current.start.store(start, Ordering::Relaxed);
        self.current.length.store(slices.length(), Ordering::Relaxed);
        self.current.generation.store(stamp.key.generation, Ordering::Relaxed);
        self.current.era.store(stamp.era, Ordering::Relaxed);
        self.current.place.store(place, Ordering::Relaxed);
    }

    /// Counts in a part that several threads write: each event computes its slice.
    #[cold]
    fn count_shared(&self, kind: usize, stamp: Stamp, now: Tick, by: impl Writer) {
        let slice = stamp.key.slices.number(now);
        let tag = stamp.tag(slice);
        if kind < KINDS / 2 {
            by.add(&self.evicted, SHARED_EVENT);
        }
        by.update(&self.counts[place(slice)][kind], |old| match old {
            old if !has_tag(old, tag) => u64::from(tag) << 32 | 1,
            old if is_full(old) => old,
            old => old + 1,
        });
    }

    /// A number that changes with every event of the first half of the kinds (the good ones), and with nothing else. A
    /// reader only needs to know whether there was any. It is summed up from the counts, so that such events need no
    /// extra write except when their slice begins.
    pub(crate) fn first_half_ever(&self) -> u64 {
        let stored = self.counts.iter().flat_map(|place| &place[..KINDS / 2]);
        let evicted = self.evicted.load(Ordering::Relaxed);
        stored.fold(evicted, |sum, count| sum.wrapping_add(count.load(Ordering::Relaxed) & COUNT))
    }

    /// Adds the events of a slice to `sums`.
    pub(crate) fn add_to(&self, sums: &mut [u64; KINDS], slice: u64, tag: u32) {
        for (sum, count) in sums.iter_mut().zip(&self.counts[place(slice)]) {
            let count = count.load(Ordering::Relaxed);
            if has_tag(count, tag) {
                *sum += count & COUNT;
            }
        }
    }
}

impl Current {
    #[inline]
    fn is(&self, stamp: Stamp, now: Tick) -> bool {
        let length = stamp.key.slices.length();
        // Wrapping: a time before the start counts as far behind the end.
        now.0.wrapping_sub(self.start.load(Ordering::Relaxed)) < length
            && self.length.load(Ordering::Relaxed) == length
            && self.generation.load(Ordering::Relaxed) == stamp.key.generation
            && self.era.load(Ordering::Relaxed) == stamp.era
    }
}

#[inline]
fn has_tag(count: u64, tag: u32) -> bool {
    count >> 32 == u64::from(tag)
}

/// A full count stays full: an overflow would run into the tag.
#[inline]
fn is_full(count: u64) -> bool {
    count & COUNT == COUNT
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::counting::shard::Slot;
    use crate::counting::slices::Slices;

    const S: u64 = 1_000_000_000;

    fn seconds(window: u64) -> Slices {
        Slices::of(Duration::from_secs(window))
    }

    fn stamp(generation: u32, era: u32, slices: Slices) -> Stamp {
        Stamp { key: WindowKey { generation, slices }, era }
    }

    fn read(tally: &Tally<2>, stamp: Stamp, now: u64) -> [u64; 2] {
        let mut sums = [0; 2];
        let slice = stamp.key.slices.number(Tick(now));
        tally.add_to(&mut sums, slice, stamp.tag(slice));
        sums
    }

    #[test]
    fn a_full_count_stays_full() {
        let (tally, stamp) = (Tally::<2>::default(), stamp(3, 0, seconds(10)));
        let count = |times| {
            (0..times).for_each(|_| tally.count(0, stamp, Tick(S), Slot::current()));
        };
        count(1);
        own(&tally, seconds(10), S, |old| old & !COUNT | (COUNT - 1));
        assert_eq!(read(&tally, stamp, S), [COUNT - 1, 0]);
        count(3);
        assert_eq!(read(&tally, stamp, S), [COUNT, 0]);
    }

    fn own(tally: &Tally<2>, slices: Slices, now: u64, change: impl Fn(u64) -> u64) {
        Slot::current().update(&tally.counts[place(slices.number(Tick(now)))][0], change);
    }

    #[test]
    fn every_change_of_slice_stamp_or_length_is_seen_by_the_next_event() {
        let tally = Tally::<2>::default();
        for (round, (generation, era)) in (0..).zip([(0, 0), (1, 0), (0, 1), (0, 0)]) {
            for (window, now) in [(10, 30 * S), (10, 31 * S - 1), (10, 31 * S), (20, 31 * S), (10, 31 * S)] {
                let (stamp, now) = (stamp(generation, era, seconds(window)), now + 100 * round * S);
                let before = read(&tally, stamp, now);
                tally.count(1, stamp, Tick(now), Slot::current());
                tally.count(0, stamp, Tick(now), Slot::current());
                tally.count(1, stamp, Tick(now), Slot::current());
                let after = read(&tally, stamp, now);
                assert_eq!(after, [before[0] + 1, before[1] + 2], "{stamp:?} {now}");
            }
        }
    }

    #[test]
    fn time_that_runs_back_counts_in_the_slice_it_says() {
        let (tally, stamp) = (Tally::<2>::default(), stamp(0, 0, seconds(10)));
        for now in [5 * S, 4 * S, 5 * S, 4 * S, 4 * S] {
            tally.count(0, stamp, Tick(now), Slot::current());
        }
        assert_eq!(read(&tally, stamp, 5 * S), [2, 0]);
        assert_eq!(read(&tally, stamp, 4 * S), [3, 0]);
    }
}
