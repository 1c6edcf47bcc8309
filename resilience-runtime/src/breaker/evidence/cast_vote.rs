//! Data: a vote with all that a breaker weighs it by: the call that it belongs to, and when it was cast. One argument where there
//! would be three.

use super::quiet_failures::Origin;
use super::vote::Vote;
use crate::clock::Tick;

/// A vote, and of which call and when it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CastVote {
    pub(crate) vote: Vote,
    /// The call that it belongs to, as the breaker tells calls apart.
    pub(crate) origin: Origin,
    pub(crate) at: Tick,
}

impl CastVote {
    /// No vote: an attempt that was admitted will have no result.
    pub(crate) fn none(at: Tick) -> Self {
        Self { vote: Vote::None, origin: Origin::NONE, at }
    }
}
