//! Data: the counters that a vote goes to, those of the current thread and those of all threads: one argument for both, with the
//! way to write the own ones.

use crate::counting::tally::Tally;

/// The votes of one thread, by slice.
pub(crate) type Votes = Tally<4>;

/// Where a vote is counted, and where votes are summed up.
#[derive(Debug)]
pub(crate) struct VoteSink<'a, P, W> {
    /// The counters of the current thread.
    pub(crate) own: &'a Votes,
    /// The counters of all threads.
    pub(crate) all: &'a P,
    /// How the own counters are written: with plain stores by their owner, else with atomic additions.
    pub(crate) by: W,
}

// Written by hand: a derive would require `P: Clone` and `P: Copy`.
impl<P, W: Copy> Clone for VoteSink<'_, P, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, W: Copy> Copy for VoteSink<'_, P, W> {}
