//! Tools for tests of annotated code: a registry for one future, on tokio's clock and with random numbers and a pressure of its
//! own, faults by [rules](chaos) and by [scripts](script), [assertions](mod@expect) on what happened, [load](mod@load) from an open
//! loop, simulations of overload, [suites](suite) of tests for whole services, and the conformance suite for stores. The
//! program's own registry is as without this feature.
//!
//! A test is two lines around its body: `#[tokio::test(start_paused = true)]` and `testing::isolated(async { … }).await`. There is
//! no attribute for both. It would have to repeat what tokio's says of runtimes, it would keep the body from being a closure or
//! a loop over seeds ([`isolated_with`]), and `RESILIENCE_SEED` gives a whole run another seed without it.

pub mod chaos;
pub mod expect;
mod idempotency_store;
mod isolated;
pub mod load;
mod paused_global;
mod pressure;
mod prose;
mod script;
#[cfg(feature = "config")]
pub mod simulate;
mod span;
pub mod suite;
mod xml;

pub use expect::expect;
pub use idempotency_store::{StoreFaults, idempotency_store_suite};
pub use isolated::{inherit, isolated, isolated_with};
pub use load::load;
pub use paused_global::paused_global;
pub use pressure::set_pressure;
pub use script::{FaultScript, script};
pub use span::IntoSpan;
pub use suite::run_comprehensive_test_suite;

/// Begins anew with the random numbers that follow from this seed: those of the current isolated registry, or outside of one
/// those of the current thread.
///
/// ```
/// resilience_runtime::testing::seed(7);
/// ```
pub fn seed(seed: u64) {
    crate::registry::registry().shared.chance.seed(seed);
}
