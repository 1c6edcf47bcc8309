//! Tools for tests of annotated code: a registry for one future, repeatable randomness, and a set pressure.

mod isolated;
mod pressure;

pub use isolated::{inherit, isolated};
pub use pressure::set_pressure;

/// Makes jitter repeatable on the current thread.
///
/// ```
/// resilience_runtime::testing::seed(7);
/// ```
pub fn seed(seed: u64) {
    resilience_settings::entropy::seed(seed);
}
