//! What holds while nothing is under way: at the end of each round.

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
