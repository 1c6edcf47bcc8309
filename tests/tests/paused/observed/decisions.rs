//! Each thing that the rules would do, as it is counted: once for each call.

use resilience_runtime::monitor::{AttemptOutcome, ObservedDecision};
use resilience_runtime::{Priority, comprehensive_retry, testing, with_priority};
use tokio::time::sleep;

use super::{observe, would};
use crate::script::{Answer, Fail, Fault, Hang, Script, ask, call, ms, rejected, secs, service, slow, stats};

async fn at_once(calls: usize) {
    let script = Script::new([slow(100, Answer(1))]);
    futures::future::join_all((0..calls).map(|_| call(&script))).await;
}

#[tokio::test(start_paused = true)]
async fn the_first_retry_is_paid_from_the_budget_and_only_what_is_paid_would_be_made() {
    testing::isolated(async {
        observe(
            "max_attempts = 5\nbreaker = 'off'\nbudget = { burst_capacity = 2, ratio = 0.5, min_per_second = 0 }",
        );
        for _ in 0..2 {
            assert_eq!(ask(Fail(Fault::Down)).await, Err(Fault::Down));
        }
        assert_eq!((would(), stats().retries()), (vec![("retry", 2)], 0));
        // Two tokens at first, half a one for each call, one for each retry.
        assert!((service().budget_tokens().unwrap() - 0.5).abs() < 1e-6, "{:?}", service().budget_tokens());
        for _ in 0..3 {
            let _ = ask(Fail(Fault::Wrong)).await;
        }
        assert_eq!(would(), [("retry", 2)], "this error is not retried");
        assert!((service().budget_tokens().unwrap() - 2.0).abs() < 1e-6, "but its calls make deposits");
        for _ in 0..9 {
            let _ = ask(Fail(Fault::Down)).await;
        }
        assert_eq!(would(), [("retry", 2 + 6)], "no more than the budget pays for");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_would_reject() {
    testing::isolated(async {
        observe("max_attempts = 1\nbreaker = { consecutive_failures = 1, open_for = '5s' }");
        let _ = ask(Fail(Fault::Down)).await;
        assert_eq!(would(), []);
        for calls in 1..4 {
            assert_eq!(ask(Answer(1)).await, Ok(1));
            assert_eq!(would(), [("circuit_open", calls)]);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_throttle_would_reject_most_where_the_service_rejects_all() {
    testing::isolated(async {
        observe("max_attempts = 1\nbreaker = 'off'\nthrottle.k = 1");
        for _ in 0..100 {
            let _ = ask(Fail(Fault::Busy { wait: None })).await;
        }
        let before = stats().would(ObservedDecision::Throttled);
        sleep(secs(1)).await;
        for _ in 0..100 {
            assert_eq!(ask(Answer(1)).await, Ok(1));
        }
        let after = stats().would(ObservedDecision::Throttled);
        assert!(after > before + 50, "{before} of the first hundred, {after} of all");
        assert_eq!(would(), [("throttled", after)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_rate_limit_would_reject_or_have_them_wait() {
    testing::isolated(async {
        observe("rate_limit = { per_second = 10, burst = 2 }");
        at_once(5).await;
        assert_eq!(would(), [("rate_limited", 3)]);
        sleep(secs(1)).await;
        observe("rate_limit = { per_second = 10, burst = 2, max_wait = '200ms' }");
        at_once(5).await;
        assert_eq!(
            would(),
            [("rate_limited", 4), ("queue", 2)],
            "two at once, two in their turn, one too late"
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_bulkhead_would_have_them_wait_or_reject() {
    testing::isolated(async {
        observe("attempt_timeout = '5s'\nbulkhead = { max_concurrent = 2, max_queue = 1 }");
        at_once(6).await;
        assert_eq!(would(), [("bulkhead_full", 3), ("queue", 1)]);
        at_once(2).await;
        assert_eq!(would(), [("bulkhead_full", 3), ("queue", 1)]);
        assert_eq!(service().bulkhead_in_flight(), Some(0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_the_bulkhead_would_reject_takes_no_slot_of_the_rate_limit() {
    testing::isolated(async {
        observe(
            "bulkhead = { max_concurrent = 1, max_queue = 0 }\nrate_limit = { per_second = 1, burst = 2 }",
        );
        at_once(10).await;
        assert_eq!(would(), [("bulkhead_full", 9)]);
        at_once(1).await;
        assert_eq!(would(), [("bulkhead_full", 9)]);
        at_once(1).await;
        assert_eq!(would(), [("rate_limited", 1), ("bulkhead_full", 9)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn calls_would_be_shed_by_their_priority() {
    testing::isolated(async {
        observe("");
        testing::set_pressure(1.3);
        assert_eq!(with_priority(Priority::Critical, ask(Answer(1))).await, Ok(1));
        assert_eq!(would(), []);
        assert_eq!(rejected(&ask(Answer(1)).await), None);
        assert_eq!(would(), [("shed", 1)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_is_too_long_would_time_out_and_votes_so() {
    testing::isolated(async {
        observe("max_attempts = 1\nattempt_timeout = '50ms'\nbreaker.consecutive_failures = 2");
        assert_eq!(ask(slow(49, Answer(1))).await, Ok(1));
        assert_eq!(would(), []);
        assert_eq!(ask(slow(60, Answer(1))).await, Ok(1), "though it ends well");
        assert_eq!(would(), [("attempt_timeout", 1)]);
        assert!(tokio::time::timeout(ms(60), ask(Hang)).await.is_err());
        assert_eq!(would(), [("attempt_timeout", 2)], "decided as it is dropped");
        assert!(service().breaker_state().is_open());
        assert_eq!(stats().attempts(AttemptOutcome::TimedOut), 0);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_too_long_would_end_at_its_deadline() {
    testing::isolated(async {
        observe("attempt_timeout = 'off'\ndeadline = '50ms'\nbreaker.consecutive_failures = 1");
        assert_eq!(ask(slow(60, Answer(1))).await, Ok(1));
        assert_eq!(would(), [("deadline_exceeded", 1)]);
        assert!(service().breaker_state().is_open(), "half of the deadline has it hang");
        let late = resilience_runtime::with_deadline(ms(0), ask(Answer(1))).await;
        assert_eq!(
            (late, would()),
            (Ok(1), vec![("deadline_exceeded", 2)]),
            "one that is over before it begins, too"
        );
    })
    .await;
}

#[comprehensive_retry("svc", idempotent = true, hedge(after = "50ms"))]
async fn hedged(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what the attribute takes")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[comprehensive_retry("svc", retry_if_ok = is_zero)]
async fn not_zero(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_slow_attempt_would_get_a_copy() {
    testing::isolated(async {
        observe("attempt_timeout = '1s'");
        let script = Script::new([slow(50, Answer(1)), slow(51, Answer(2))]);
        assert_eq!((hedged(&script).await, would()), (Ok(1), Vec::new()));
        assert_eq!((hedged(&script).await, would()), (Ok(2), vec![("hedge", 1)]));
        assert_eq!(script.asked(), [ms(0), ms(50)], "there was none");
        assert_eq!(ask(slow(500, Answer(1))).await, Ok(1));
        assert_eq!(would(), [("hedge", 1)], "nor of a function that cannot have one");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_unwanted_ok_would_be_retried_and_is_returned() {
    testing::isolated(async {
        observe("");
        let script = Script::new([Answer(0), Answer(1)]);
        assert_eq!((not_zero(&script).await, would()), (Ok(0), vec![("retry", 1)]));
        assert_eq!((not_zero(&script).await, would()), (Ok(1), vec![("retry", 1)]));
    })
    .await;
}
