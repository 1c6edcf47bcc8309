//! The conformance suite for stores of idempotency records.

mod faults;
mod lives;
mod probe;
mod races;
mod rules;
mod suite;

pub use self::faults::StoreFaults;
pub use self::suite::idempotency_store_suite;
