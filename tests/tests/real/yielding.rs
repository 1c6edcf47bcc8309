//! Retries without a delay, of a body that is ready at once: other branches of the task still run.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use resilience_runtime::{Rejection, Resilient, comprehensive_retry};

static RUNS: AtomicU32 = AtomicU32::new(0);

#[derive(Debug)]
struct Down;

impl From<Rejection> for Down {
    fn from(_: Rejection) -> Self {
        Self
    }
}

impl resilience_runtime::Classify for Down {
    fn classify(&self) -> resilience_runtime::Recovery {
        resilience_runtime::Recovery::retry()
    }
}

/// Two hundred microseconds of work.
fn work() {
    RUNS.fetch_add(1, Ordering::Relaxed);
    let began = Instant::now();
    while began.elapsed() < Duration::from_micros(200) {
        std::hint::spin_loop();
    }
}

#[comprehensive_retry(
    "yielding", max_attempts = 1_000_000, base_delay = 0, budget = off, breaker = off, deadline = off, attempt_timeout = off
)]
async fn fails() -> Result<(), Down> {
    work();
    Err(Down)
}

#[comprehensive_retry(
    "yielding", max_attempts = 1_000_000, base_delay = 0, budget = off, breaker = off, deadline = off,
    attempt_timeout = off, idempotent = true, hedge(after = "1s", max = 1)
)]
async fn fails_in_copies() -> Result<(), Down> {
    work();
    Err(Down)
}

#[comprehensive_retry("yielding_around", max_attempts = 1)]
async fn fails_inside() -> Result<(), Down> {
    fails().await
}

#[tokio::test]
async fn a_call_whose_retries_are_due_at_once_can_be_timed_out_from_outside() {
    let limit = Duration::from_millis(100);
    for way in 0..4 {
        let began = Instant::now();
        let outcome = tokio::time::timeout(limit, async {
            match way {
                0 => fails().await,
                1 => fails_in_copies().await,
                2 => fails_inside().await,
                _ => {
                    let body = || async {
                        work();
                        Err(Down)
                    };
                    Resilient::service("yielding_by_hand")
                        .max_attempts(1_000_000)
                        .base_delay(Duration::ZERO)
                        .deadline(None)
                        .budget(false)
                        .breaker(false)
                        .build()
                        .call(body)
                        .await
                }
            }
        });
        assert!(outcome.await.is_err(), "{way}: it ended");
        // Up to 128 more attempts, and what a busy machine adds.
        assert!(began.elapsed() < Duration::from_millis(900), "{way}: {:?}", began.elapsed());
    }
    assert!(RUNS.load(Ordering::Relaxed) > 100, "it did retry");
}

#[tokio::test]
async fn the_last_error_comes_back_however_often_it_yields() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    #[comprehensive_retry("yielding", max_attempts = 1_000, base_delay = 0, budget = off, breaker = off)]
    async fn at_last() -> Result<u32, Down> {
        let asked = ASKED.fetch_add(1, Ordering::Relaxed);
        if asked < 900 { Err(Down) } else { Ok(asked) }
    }
    assert_eq!(at_last().await.ok(), Some(900));
}
