//! Sets the pressure on the process for a test. In: a value. Out: the level that it puts in force. Nothing measures the machine for
//! an isolated registry, so a busy machine fails no test.

use crate::registry::registry;

/// Sets the pressure of the registry in force, until the next call: from 1, `Low` calls are shed, from 1.2 also
/// `Normal`, and from 1.5 also `High`, whatever the settings say.
///
/// It takes effect at once, also downwards, as if it had lasted for `recover_after`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use resilience_runtime::{Priority, registry, testing};
///
/// testing::isolated(async {
///     testing::set_pressure(1.3);
///     assert!(registry().sheds(Priority::Normal));
///     assert!(!registry().sheds(Priority::High));
/// })
/// .await;
/// # }
/// ```
pub fn set_pressure(pressure: f64) {
    registry().set_pressure(pressure);
}
