//! One file per pattern that is measured alone, ours through the attributes first, then the peers.

mod breaker;
mod budget;
mod bulkhead;
mod fallback;
mod rate_limit;
mod retry;
mod timeout;

use crate::Case;

/// Each pattern alone, in the order of the tables.
pub(super) fn cases() -> Vec<Case> {
    let patterns = [
        retry::cases(),
        breaker::cases(),
        budget::cases(),
        bulkhead::cases(),
        timeout::cases(),
        rate_limit::cases(),
        fallback::cases(),
    ];
    patterns.into_iter().flatten().collect()
}

/// The patterns whose state all callers of a service share.
pub(super) fn contended() -> Vec<Case> {
    [breaker::cases(), bulkhead::cases()].into_iter().flatten().collect()
}
