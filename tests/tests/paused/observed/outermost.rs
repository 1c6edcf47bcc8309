//! Of several things that would be done with one call, the outermost is said.

use resilience_runtime::{comprehensive_retry, graceful_degradation, testing};

use super::{observe, would};
use crate::script::{Answer, Fail, Fault, Script, Step, call, ms, slow};

#[comprehensive_retry("svc", idempotent = true, hedge(after = "50ms"))]
async fn hedged(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// What is said of two calls at once of which the second would have waited, and both end so.
async fn second_of(settings: &str, step: Step) -> Vec<(&'static str, u64)> {
    testing::isolated(async {
        observe(&format!("bulkhead = {{ max_concurrent = 1, max_queue = 1 }}\n{settings}"));
        let script = Script::new([step]);
        let _ = tokio::join!(hedged(&script), hedged(&script));
        would()
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn deadline_then_retry_then_copy_then_queue_then_timeout() {
    let limits = |attempts, timeout, deadline| {
        format!(
            "max_attempts = {attempts}\nbase_delay = 0\nattempt_timeout = '{timeout}'\ndeadline = '{deadline}'"
        )
    };
    let fails = |time| slow(time, Fail(Fault::Down));
    let answers = |time| slow(time, Answer(1));
    // All of them at once, then one less each time, from the outside.
    assert_eq!(second_of(&limits(2, "100ms", "150ms"), fails(200)).await, [("deadline_exceeded", 2)]);
    assert_eq!(second_of(&limits(2, "100ms", "9s"), fails(200)).await, [("retry", 2)]);
    assert_eq!(
        second_of(&limits(2, "100ms", "9s"), answers(200)).await,
        [("retry", 2)],
        "it would have timed out"
    );
    assert_eq!(second_of(&limits(1, "100ms", "9s"), fails(200)).await, [("hedge", 2)]);
    assert_eq!(second_of(&limits(1, "20ms", "9s"), fails(40)).await, [("queue", 1), ("attempt_timeout", 1)]);
    assert_eq!(second_of(&limits(1, "1s", "9s"), answers(40)).await, [("queue", 1)]);
}

#[tokio::test(start_paused = true)]
async fn of_the_rules_at_the_entry_the_first_that_rejects() {
    let rejecting = |limits: &str| {
        format!(
            "max_attempts = 1\nbreaker.consecutive_failures = 1\nrate_limit = {{ per_second = 1, burst = 1 }}\n{limits}"
        )
    };
    testing::isolated(async {
        observe(&rejecting("bulkhead = { max_concurrent = 1, max_queue = 0 }"));
        let script = Script::new([slow(100, Fail(Fault::Down))]);
        let _ = tokio::join!(call(&script), call(&script));
        assert_eq!(would(), [("rate_limited", 1)], "and not the bulkhead behind it");
        let _ = call(&script).await;
        assert_eq!(would(), [("circuit_open", 1), ("rate_limited", 1)], "the breaker stands before both");
        testing::set_pressure(99.0);
        let _ = call(&script).await;
        assert_eq!(would(), [("shed", 1), ("circuit_open", 1), ("rate_limited", 1)]);
        let _ = resilience_runtime::with_deadline(ms(0), call(&script)).await;
        assert_eq!(
            would(),
            [("deadline_exceeded", 1), ("shed", 1), ("circuit_open", 1), ("rate_limited", 1)]
        );
    })
    .await;
}

#[graceful_degradation("svc", static_response = 3)]
async fn once(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn what_runs_once_anyway_would_not_be_retried() {
    testing::isolated(async {
        observe("");
        assert_eq!(once(&Script::new([Fail(Fault::Down)])).await, Err(Fault::Down));
        assert_eq!(would(), []);
    })
    .await;
}
