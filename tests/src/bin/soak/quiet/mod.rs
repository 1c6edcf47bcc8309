//! What holds while nothing is under way: at the end of each round.

mod alone;
mod counts;
mod keys;
mod places;
mod probes;
mod waits;

pub(crate) use self::counts::check_counts;
pub(crate) use self::probes::probe;
