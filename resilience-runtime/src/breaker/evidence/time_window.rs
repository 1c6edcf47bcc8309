//! In: votes with their time. Out: how many of each kind the last so much time has seen. The window of the ground
//! in the breaker's own words.

use super::vote::{Counts, Vote};
use super::vote_sink::Votes;
use crate::clock::Tick;
use crate::counting::shard::{Own, Parts, Writer};
use crate::counting::slice_window::SliceWindow;
use crate::counting::slices::Slices;

/// The results of the last so much time. The length comes with each use, since it may change at any time.
#[derive(Debug, Default)]
#[repr(transparent)]
pub(in crate::breaker) struct TimeWindow(SliceWindow<4>);

impl TimeWindow {
    /// Counts a vote.
    #[inline(never)]
    pub(in crate::breaker) fn record(
        &self,
        own: &Votes,
        vote: Vote,
        generation: u32,
        slices: Slices,
        now: Tick,
        by: impl Writer,
    ) {
        if let Some(kind) = vote.index() {
            self.0.record(own, kind, generation, slices, now, by);
        }
    }

    /// The same while the slice lasts that the thread has counted in last; `false`, and nothing is counted, after it.
    #[expect(clippy::inline_always, reason = "a part of the way of nearly every call")]
    #[inline(always)]
    pub(in crate::breaker) fn record_on(
        &self,
        own: &Votes,
        vote: Vote,
        generation: u32,
        slices: Slices,
        now: Tick,
        by: Own,
    ) -> bool {
        const { assert!(Vote::Success.index().is_some()) };
        vote.index().is_some_and(|kind| self.0.record_on(own, kind, generation, slices, now, by))
    }

    /// What changes whenever a slice, a generation or an era begins.
    pub(in crate::breaker) fn mark(&self, generation: u32, slices: Slices, now: Tick) -> u32 {
        self.0.tag(generation, slices, now)
    }

    /// The votes of a generation in the window that ends now.
    pub(in crate::breaker) fn counts(
        &self,
        all: &impl Parts<Votes>,
        generation: u32,
        slices: Slices,
        now: Tick,
    ) -> Counts {
        Counts(self.0.counts(all, generation, slices, now))
    }

    /// The votes of each slice in the window, from the current one back.
    pub(in crate::breaker) fn newest_first(
        &self,
        all: &impl Parts<Votes>,
        generation: u32,
        slices: Slices,
        now: Tick,
    ) -> impl Iterator<Item = Counts> {
        self.0.newest_first(all, generation, slices, now).map(Counts)
    }

    /// Carries the newest part of the counts over to slices of another length.
    pub(in crate::breaker) fn reshape(
        &self,
        all: &impl Parts<Votes>,
        generation: u32,
        old: Slices,
        new: Slices,
        now: Tick,
    ) {
        self.0.reshape(all, generation, old, new, now);
    }
}
