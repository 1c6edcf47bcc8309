//! Checks the build. Out: whether its timers and clocks are those that users have.
//!
//! Cargo unifies the features of everything that it builds at once, so this program may be built with `testing`. That gives
//! isolated tests a clock of their own and must leave the registry of the program on the real one; were it not so, a soak
//! would say nothing about the timers of other builds.

use std::time::Duration;

use resilience_runtime::{Service, comprehensive_retry, registry};

use crate::plan::Fault;

const BREAK: Duration = Duration::from_hours(1);

#[comprehensive_retry(
    "soak_clock",
    max_attempts = 1,
    breaker(consecutive_failures = 1, open_for = "1h", max_open_for = "2h")
)]
async fn fails() -> Result<(), Fault> {
    Err(Fault::Down)
}

/// An error if the library uses tokio's clock: then half of an hour's break is over once that clock has been advanced.
pub(crate) fn check() -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    let rest = runtime.map_err(|error| error.to_string())?.block_on(async {
        let _ = fails().await;
        tokio::time::advance(BREAK).await;
        registry().service("soak_clock").and_then(Service::retry_after)
    });
    match rest {
        Some(rest) if rest > BREAK / 2 => Ok(()),
        other => Err(format!(
            "the registry of the program follows tokio's clock ({other:?} of the break are left): timers of other builds \
             would not be those that this one tries"
        )),
    }
}
