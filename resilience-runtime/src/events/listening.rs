//! Decides whether events of single calls are made: only where somebody listens. In: the level of the log. Out: whether anybody
//! listens to events of single calls, so that none is made for nobody.

use tracing::level_filters::LevelFilter;
use tracing::{Level, event_enabled};

/// Whether events per call are to be made. One load where nobody listens to anything of their level, which is nearly
/// everywhere.
#[inline]
pub(crate) fn is_told() -> bool {
    LevelFilter::current() >= LevelFilter::DEBUG
}

/// Whether anybody listens to retries.
#[inline]
pub(crate) fn is_retry_told() -> bool {
    is_told() && is_retry_enabled()
}

#[cold]
fn is_retry_enabled() -> bool {
    event_enabled!(target: "resilience::retry", Level::DEBUG)
}
