//! Many threads call one service at once, and every call is counted.

use std::time::Duration;

use resilience_runtime::monitor::{AttemptOutcome, CallOutcome};
use resilience_runtime::{Ending, comprehensive_retry, registry};

#[comprehensive_retry(
    "hammered",
    max_attempts = 3,
    base_delay = 0,
    breaker(min_calls = 1_000_000, quiet_failures = off),
    budget(ratio = 0.1, burst_capacity = 20, min_per_second = 1)
)]
async fn call(round: u64) -> Result<u64, String> {
    if round.is_multiple_of(3) { Err("down".to_owned()) } else { Ok(round) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn every_call_is_counted_and_retries_stay_within_the_budget() {
    const TASKS: u64 = 64;
    const CALLS: u64 = 3_000;
    let start = std::time::Instant::now();
    let tasks = (0..TASKS).map(|_| {
        tokio::spawn(async {
            for round in 0..CALLS {
                let _ = call(round).await;
                if round.is_multiple_of(64) {
                    tokio::task::yield_now().await;
                }
            }
        })
    });
    for task in futures::future::join_all(tasks).await {
        task.unwrap();
    }
    let elapsed = start.elapsed().as_secs_f64();
    let stats = registry().service("hammered").unwrap().stats();
    let calls = TASKS * CALLS;
    assert_eq!((stats.started(), stats.ended(), stats.in_flight()), (calls, calls, 0));
    assert_eq!(stats.calls(CallOutcome::Success), calls / 3 * 2);
    assert_eq!(stats.calls(CallOutcome::Error), calls / 3);
    assert_eq!(stats.latency().count(), calls);
    assert!(stats.latency().quantile(0.5).unwrap() < Duration::from_millis(10));
    let attempts = stats.attempts(AttemptOutcome::Success) + stats.attempts(AttemptOutcome::Retryable);
    assert_eq!(attempts, calls + stats.retries());
    let ended = stats.endings(Ending::BudgetExhausted) + stats.endings(Ending::AttemptsExhausted);
    assert_eq!(ended, calls / 3);
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let (allowed, retries) = (0.1 * calls as f64 + 20.0 + elapsed + 1.0, stats.retries() as f64);
    assert!(retries <= allowed, "{retries} > {allowed}");
    assert!(stats.retries() > calls / 20, "the budget was used: {}", stats.retries());
}
