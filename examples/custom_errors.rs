//! Error types of one's own: `#[derive(Classify)]` says what each variant means, `From<Rejection>` takes what
//! the library itself has to say.
#![expect(clippy::print_stdout, reason = "an example talks to its reader")]

use std::time::Duration;

use resilience_runtime::{Classify, Recovery, Rejection, comprehensive_retry};

#[derive(Clone, Debug, thiserror::Error, Classify)]
enum StoreError {
    /// Comes and goes: retried, and counted against the store.
    #[error("the store hung up")]
    #[retry]
    HungUp,
    /// The store asks us to slow down: retried after at least that long, and not held against it.
    #[error("slow down")]
    #[throttled(after = wait)]
    SlowDown { wait: Duration },
    /// The store answered; it would answer the same again.
    #[error("no such item")]
    #[never]
    NoSuchItem,
    /// Our own mistake, made before anything was sent.
    #[error("an empty key")]
    #[local]
    EmptyKey,
    /// Whatever its status says.
    #[error("status {status}")]
    #[status(status)]
    Http { status: u16 },
    /// The library gave up: breaker open, or out of time.
    #[error(transparent)]
    #[transparent]
    Rejected(#[from] Rejection),
}

#[comprehensive_retry("store", max_attempts = 3, base_delay = "1ms", max_retry_after = "1s", budget = off)]
async fn fetch(error: &StoreError, attempts: &mut u32) -> Result<(), StoreError> {
    *attempts += 1;
    Err(error.clone())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), String> {
    let cases = [
        (StoreError::HungUp, 3),
        (StoreError::SlowDown { wait: Duration::from_millis(20) }, 3),
        (StoreError::SlowDown { wait: Duration::from_secs(9) }, 1),
        (StoreError::NoSuchItem, 1),
        (StoreError::EmptyKey, 1),
        (StoreError::Http { status: 503 }, 3),
        (StoreError::Http { status: 404 }, 1),
    ];
    for (error, expected) in &cases {
        let mut attempts = 0;
        let outcome = fetch(error, &mut attempts).await;
        let verdict: Recovery = error.classify();
        println!("{attempts} attempts for {error:?}: {verdict:?}");
        if attempts != *expected || outcome.is_ok() {
            return Err(format!("expected {expected} attempts for {error:?}"));
        }
    }
    println!("ok: {} errors, each treated as its type says", cases.len());
    Ok(())
}
