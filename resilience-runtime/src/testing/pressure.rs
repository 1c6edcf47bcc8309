//! Pressure by hand: nothing measures the machine for an isolated registry, so that a busy one fails no test.

use crate::registry::registry;

/// Puts the registry in force here under a pressure, until the next time: from 1 on `Low` calls are shed, from 1.2
/// also `Normal`, from 1.5 also `High`, whatever the settings say.
///
/// It acts at once, also downwards, as if it had lasted for `recover_after`.
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
