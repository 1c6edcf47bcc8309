//! A body that never lets the runtime rest still meets its limits.

use std::time::{Duration, Instant};

use resilience_runtime::{Rejection, RejectionKind, comprehensive_retry};

/// Always has something to do, like a socket that is never empty: uses tokio's whole budget in each poll.
#[comprehensive_retry("greedy", max_attempts = 1, attempt_timeout = "100ms", deadline = "10s")]
async fn greedy() -> Result<(), Rejection> {
    loop {
        tokio::task::coop::consume_budget().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_uses_up_its_budget_in_each_poll_is_cut_off_all_the_same() {
    let start = Instant::now();
    let outcome = tokio::spawn(greedy()).await.unwrap();
    assert_eq!(outcome.map_err(|no| no.kind()), Err(RejectionKind::AttemptTimeout));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
