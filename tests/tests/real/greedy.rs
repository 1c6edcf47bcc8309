//! A body that never yields to the runtime still meets its limits.

use std::cell::Cell;
use std::time::{Duration, Instant};

use resilience_runtime::{Patch, Rejection, RejectionKind, comprehensive_retry, update_service};

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

/// The first call makes the others wait for its answer.
#[comprehensive_retry("shared", max_attempts = 1, attempt_timeout = off, cache(key = (), mode = ReadThrough))]
async fn shared() -> Result<(), Rejection> {
    std::future::pending().await
}

/// Uses up the budget of its task in each poll, until it is told to stop or some seconds have passed.
async fn hog(stop: &Cell<bool>) {
    let start = Instant::now();
    while !stop.get() && start.elapsed() < Duration::from_secs(3) {
        tokio::task::coop::consume_budget().await;
    }
}

#[tokio::test]
async fn a_call_that_waits_for_the_answer_of_another_meets_its_deadline_beside_a_greedy_one() {
    let leads = tokio::spawn(shared());
    tokio::time::sleep(Duration::from_millis(10)).await;
    update_service("shared", &Patch::new().deadline(Some(Duration::from_millis(100)))).unwrap();
    let (start, stop) = (Instant::now(), Cell::new(false));
    let follows = async {
        let outcome = shared().await;
        stop.set(true);
        (outcome, start.elapsed())
    };
    // In this order in each poll, and in one task.
    let ((), (outcome, elapsed)) = futures::join!(hog(&stop), follows);
    assert_eq!(outcome.map_err(|no| no.kind()), Err(RejectionKind::DeadlineExceeded));
    assert!(elapsed < Duration::from_secs(2), "{elapsed:?}");
    leads.abort();
}
