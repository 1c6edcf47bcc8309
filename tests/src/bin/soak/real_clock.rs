//! In: the build. Out: whether it is the one that users have.
//!
//! With feature `testing` timers are tokio's, and clocks may stand still: a soak of that would say nothing about the
//! timers and the clocks that everybody else has. Cargo unites the features of all that it builds at once, so the program
//! looks for itself.

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

/// An error, if the library goes by tokio's clock: half of a break of an hour is over then when that clock has been moved.
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
            "built with feature `testing` of resilience-runtime ({other:?} of the break are left): \
             build it as ./soak does, alone and without that feature"
        )),
    }
}
