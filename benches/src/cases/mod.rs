//! All cases: one file per group, ours through the attributes first, then the peers.

mod bare;
mod error_path;
mod full_stack;
mod handles;
mod idempotency;
mod lanes;
mod open_breaker;
pub mod ours;
mod patterns;
mod reference;

use crate::Case;

/// Every case, in the order of the tables.
pub fn all() -> Vec<Case> {
    let groups =
        [patterns(), full_stack(), error_path(), open_breaker(), handles::cases(), idempotency::cases()];
    groups.into_iter().flatten().collect()
}

/// The bare bodies and each pattern alone.
pub fn patterns() -> Vec<Case> {
    [bare::cases(), patterns::cases()].into_iter().flatten().collect()
}

/// All patterns at once around a body that succeeds.
pub fn full_stack() -> Vec<Case> {
    full_stack::cases()
}

/// Bodies that fail, with delays of zero.
pub fn error_path() -> Vec<Case> {
    error_path::cases()
}

/// Calls that an open breaker rejects.
pub fn open_breaker() -> Vec<Case> {
    open_breaker::cases()
}

/// What becomes more with each call, so that its counts depend on how many there were.
pub fn growing() -> Vec<Case> {
    idempotency::growing()
}

/// What is worth making from many threads: whatever a service shares between its callers.
pub fn contended() -> Vec<Case> {
    let shared = [reference::cases(), full_stack::cases_with_lanes(), patterns::contended()];
    shared.into_iter().flatten().collect()
}
