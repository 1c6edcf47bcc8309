//! Where a vote is written and where votes are added up: the counters of the current thread, and those of all threads.

use crate::counting::tally::Tally;

/// The votes of one thread.
pub(crate) type Votes = Tally<4>;

/// Where votes go, and where they are added up.
#[derive(Debug)]
pub(crate) struct VoteSink<'a, P, W> {
    /// The part of the current thread.
    pub(crate) own: &'a Votes,
    /// The parts of all threads.
    pub(crate) all: &'a P,
    /// How the own part is written.
    pub(crate) by: W,
}

// By hand: derived, they would ask the same of `P`.
impl<P, W: Copy> Clone for VoteSink<'_, P, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, W: Copy> Copy for VoteSink<'_, P, W> {}
