//! Checks at the end of each round, when nothing is under way.

mod alone;
mod counts;
mod keys;
mod places;
mod probes;
mod uncounted;
mod waits;

pub(crate) use self::counts::check_counts;
pub(crate) use self::probes::probe;
pub(crate) use self::uncounted::Uncounted;
