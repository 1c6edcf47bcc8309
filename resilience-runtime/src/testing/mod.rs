//! Tools for tests of annotated code: a registry for one future, repeatable randomness, a set pressure, [load](mod@load) from
//! an open loop, and the conformance suite for stores.

mod idempotency_store;
mod isolated;
pub mod load;
mod pressure;

pub use idempotency_store::{StoreFaults, idempotency_store_suite};
pub use isolated::{inherit, isolated};
pub use load::load;
pub use pressure::set_pressure;

/// Makes jitter repeatable on the current thread.
///
/// ```
/// resilience_runtime::testing::seed(7);
/// ```
pub fn seed(seed: u64) {
    resilience_settings::entropy::seed(seed);
}
