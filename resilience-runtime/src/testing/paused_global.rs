//! Switches the program's own registry over to tokio's clock, for a test.

use crate::registry::global;

/// Has the program's own registry go by tokio's clock from now on, as an [isolated](super::isolated) one does, for tests that
/// need that very registry: of what runs in other tasks or threads, or of what the whole process shares.
///
/// It is for the whole process and cannot be undone, so a test binary calls it at the beginning of each test; more than once
/// is as good as once. Without it, in a paused runtime, the waits of calls outside of isolated futures follow tokio's clock,
/// and their windows and breaks the counter of the processor, as in a program without this feature.
///
/// It may be called at any time. What ends at some moment still ends then by the new clock; timers that are armed go by the
/// old one to their end. From now on nothing measures the machine for this registry: guards of
/// [`start_load_shedding`](crate::start_load_shedding) that are made later do nothing.
///
/// Each runtime that pauses its clock has its own, and threads that run none have the real one. So tests that run at the same
/// time may share a service only if they can bear that.
///
/// ```
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
/// use std::time::Duration;
/// use resilience_runtime::{comprehensive_retry, registry, testing};
///
/// #[comprehensive_retry(
///     "stock",
///     max_attempts = 1,
///     breaker(consecutive_failures = 1, open_for = "1h", max_open_for = "1h")
/// )]
/// async fn stock() -> Result<u32, std::io::Error> {
///     Err(std::io::ErrorKind::ConnectionReset.into())
/// }
///
/// testing::paused_global();
/// stock().await.unwrap_err();
/// assert!(registry().service("stock").unwrap().breaker_state().is_open());
/// tokio::time::sleep(Duration::from_secs(7_200)).await;
/// assert_eq!(stock().await.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset, "not turned away");
/// # }
/// ```
pub fn paused_global() {
    global().clock().switch_over();
}
