//! Counts results in a window of time (`window = "10s"`). In: votes with their time. Out: how many of each kind the window holds. A
//! [`SliceWindow`] whose kinds are the four results of a vote.

use super::vote::{Counts, Vote};
use super::vote_sink::Votes;
use crate::clock::Tick;
use crate::counting::shard::{Own, Parts, Writer};
use crate::counting::slice_window::SliceWindow;
use crate::counting::slices::Slices;
use crate::counting::window_key::WindowKey;

/// The results of the last period. The length is passed in with each use, since it may change at any time.
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
        key: WindowKey,
        now: Tick,
        by: impl Writer,
    ) {
        if let Some(kind) = vote.index() {
            self.0.record(own, kind, key, now, by);
        }
    }

    /// As [`record`](Self::record), if the thread counted last in the current slice; else counts nothing and returns
    /// `false`.
    #[expect(clippy::inline_always, reason = "on the path of nearly every call")]
    #[inline(always)]
    pub(in crate::breaker) fn record_on(
        &self,
        own: &Votes,
        vote: Vote,
        key: WindowKey,
        now: Tick,
        by: Own,
    ) -> bool {
        const { assert!(Vote::Success.index().is_some()) };
        vote.index().is_some_and(|kind| self.0.record_on(own, kind, key, now, by))
    }

    /// A tag that changes whenever a slice, a generation or an era begins.
    pub(in crate::breaker) fn mark(&self, key: WindowKey, now: Tick) -> u32 {
        self.0.tag(key, now)
    }

    /// The votes of a generation in the window that ends now.
    pub(in crate::breaker) fn counts(&self, all: &impl Parts<Votes>, key: WindowKey, now: Tick) -> Counts {
        Counts(self.0.counts(all, key, now))
    }

    /// The votes of each slice in the window, from the current one back.
    pub(in crate::breaker) fn newest_first(
        &self,
        all: &impl Parts<Votes>,
        key: WindowKey,
        now: Tick,
    ) -> impl Iterator<Item = Counts> {
        self.0.newest_first(all, key, now).map(Counts)
    }

    /// Carries the newest part of the counts over to slices of another length.
    pub(in crate::breaker) fn reshape(
        &self,
        all: &impl Parts<Votes>,
        old: WindowKey,
        new: Slices,
        now: Tick,
    ) {
        self.0.reshape(all, old, new, now);
    }
}
