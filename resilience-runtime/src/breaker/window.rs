//! In: votes with their time. Out: how many of each sort the last so much time has seen. The window of the ground
//! in the breaker's own words.

use super::vote::{Counts, Vote};
use crate::clock::Tick;
use crate::shard::Slot;
use crate::slice_window::SliceWindow;
use crate::slices::Slices;

/// The results of the last so much time. The length comes with each use, since it may change at any time.
#[derive(Debug, Default)]
pub(super) struct TimeWindow(SliceWindow<4>);

impl TimeWindow {
    /// Counts a vote; the tag of its slice, which changes whenever a slice, a generation or an era begins.
    #[inline]
    pub(super) fn record(&self, vote: Vote, generation: u32, slices: Slices, now: Tick, slot: Slot) -> u32 {
        match vote.index() {
            Some(sort) => self.0.record(sort, generation, slices, now, slot),
            None => self.0.tag(generation, slices, now),
        }
    }

    /// The votes of a generation in the window that ends now.
    pub(super) fn counts(&self, generation: u32, slices: Slices, now: Tick) -> Counts {
        Counts(self.0.counts(generation, slices, now))
    }

    /// The votes of each slice in the window, from the current one back.
    pub(super) fn newest_first(
        &self,
        generation: u32,
        slices: Slices,
        now: Tick,
    ) -> impl Iterator<Item = Counts> {
        self.0.newest_first(generation, slices, now).map(Counts)
    }

    /// Carries the newest part of the counts over to slices of another length.
    pub(super) fn reshape(&self, generation: u32, old: Slices, new: Slices, now: Tick) {
        self.0.reshape(generation, old, new, now);
    }
}
