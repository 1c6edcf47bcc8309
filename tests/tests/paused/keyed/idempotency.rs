//! Calls with an idempotency key and results in memory: what is given again, who waits, and what a call that did not end well
//! leaves behind.

mod clauses;

use std::time::Duration;

use resilience_runtime::monitor::{CallOutcome, CallerOutcome, IdempotencyResult, Stats};
use resilience_runtime::{Rejection, RejectionKind, comprehensive_retry, registry, testing};
use tokio::time::{Instant, sleep, timeout};

use crate::script::{Answer, Fail, Fault, Hang, Script, Step, configure, ms, secs};

#[comprehensive_retry("idem", idempotency(key = key, fingerprint = amount))]
async fn pay(key: &str, amount: u32, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// Without a fingerprint.
async fn buy(key: &str, script: &Script) -> Result<u32, Fault> {
    pay(key, 0, script).await
}

/// Of the same service: it passes through, and its clause holds all the same.
#[comprehensive_retry("idem", idempotency(key = key))]
async fn around(key: &str, inner: &str, script: &Script) -> Result<u32, Fault> {
    buy(inner, script).await
}

fn after(time: Duration, step: Step) -> Step {
    Step::After(time, Box::new(step))
}

fn one(step: Step) -> Script {
    Script::new([step])
}

fn stats() -> Stats {
    registry().service("idem").unwrap().stats()
}

fn counted(result: IdempotencyResult) -> u64 {
    stats().idempotency(result)
}

fn rejected<T>(outcome: Result<T, Fault>) -> Rejection {
    match outcome {
        Err(Fault::Rejected(rejection)) => rejection,
        Err(other) => panic!("no rejection, but {other}"),
        Ok(_) => panic!("no rejection, but a result"),
    }
}

/// Settings of the service, over a few that most tests share.
pub(crate) fn plain(more: &str) {
    let shared = ["max_attempts = 1", "attempt_timeout = '5s'", "deadline = '60s'"];
    let is_replaced =
        |line: &str| line.split(' ').next().is_some_and(|key| more.lines().any(|more| more.starts_with(key)));
    let shared: Vec<_> = shared.into_iter().filter(|line| !is_replaced(line)).collect();
    configure(&format!("[services.idem]\n{}\n{more}", shared.join("\n")));
}

#[tokio::test(start_paused = true)]
async fn a_result_is_given_again_for_its_ttl_and_the_body_does_not_run() {
    testing::isolated(async {
        plain("idempotency.ttl = '1h'");
        let script = Script::new([Answer(1), Answer(2)]);
        assert_eq!(buy("a", &script).await, Ok(1));
        assert_eq!(buy("a", &script).await, Ok(1));
        sleep(secs(3_590)).await;
        assert_eq!(buy("a", &script).await, Ok(1));
        assert_eq!(script.asked().len(), 1);
        assert_eq!(buy("b", &script).await, Ok(2), "another key is another request");
        sleep(secs(20)).await;
        assert_eq!(buy("a", &script).await, Ok(2), "the ttl counts from the end, not from the last replay");
        assert_eq!((counted(IdempotencyResult::Executed), counted(IdempotencyResult::Replayed)), (3, 2));
        let stats = stats();
        assert_eq!((stats.calls(CallOutcome::Success), stats.ended(), stats.in_flight()), (5, 5, 0));
        assert_eq!(stats.outcomes(CallerOutcome::Success), 5);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_failure_frees_the_key_at_once_and_a_cut_off_body_keeps_it_until_its_lease_runs_out() {
    testing::isolated(async {
        plain("idempotency.lease = '30s'");
        let start = Instant::now();
        assert_eq!(buy("own", &one(Fail(Fault::Wrong))).await, Err(Fault::Wrong));
        assert_eq!(buy("own", &one(Answer(1))).await, Ok(1));
        assert_eq!(start.elapsed(), Duration::ZERO);

        // Timed out after 5 s, in the first third of the lease: 30 s from the claim.
        assert_eq!(rejected(buy("late", &one(Hang)).await).kind(), RejectionKind::AttemptTimeout);
        assert_eq!(buy("late", &one(Answer(2))).await, Ok(2));
        assert_eq!(start.elapsed(), secs(30));

        // Dropped after 1 s.
        assert!(timeout(secs(1), buy("dropped", &one(Hang))).await.is_err());
        assert_eq!(buy("dropped", &one(Answer(3))).await, Ok(3));
        assert_eq!(start.elapsed(), secs(60));

        let script = one(Step::Panic);
        let panics = tokio::spawn(testing::inherit(async move { buy("panicked", &script).await }));
        assert!(panics.await.is_err());
        assert_eq!(buy("panicked", &one(Answer(4))).await, Ok(4));
        assert_eq!(start.elapsed(), secs(90));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_at_a_third_while_its_call_lives_and_not_past_its_deadline() {
    testing::isolated(async {
        plain("attempt_timeout = 'off'\ndeadline = '100s'\nidempotency = { lease = '30s', wait = '1h' }");
        let start = Instant::now();
        // Renewed at 10, 20, … 70: free at 100.
        assert!(timeout(secs(79), buy("long", &one(Hang))).await.is_err());
        assert_eq!(buy("long", &one(Answer(1))).await, Ok(1));
        assert_eq!(start.elapsed(), secs(100));

        // The deadline ends the call at 100 s, the last renewal is at 100: free at 130 s. A call that waits until its own
        // deadline is too early, and the next is not.
        let start = Instant::now();
        let cut = rejected(buy("dead", &one(Hang)).await);
        assert_eq!((cut.kind(), start.elapsed()), (RejectionKind::DeadlineExceeded, secs(100)));
        assert_eq!(buy("dead", &one(Answer(2))).await, Ok(2));
        assert_eq!(start.elapsed(), secs(130));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_body_never_started_leaves_nothing() {
    testing::isolated(async {
        plain("idempotency.wait = 'off'\nbulkhead = { max_concurrent = 1, max_queue = 5, max_wait = '50s' }");
        let (busy, waiting) = (one(after(secs(4), Answer(1))), one(Answer(2)));
        let (first, second) = tokio::join!(buy("a", &busy), async {
            sleep(ms(1)).await;
            // In the queue of the bulkhead, it holds its key.
            let queued = timeout(secs(1), buy("b", &waiting));
            let (queued, refused) = tokio::join!(queued, async {
                sleep(ms(10)).await;
                rejected(buy("b", &waiting).await).kind()
            });
            assert!(queued.is_err());
            assert_eq!(refused, RejectionKind::IdempotencyInProgress);
            buy("b", &waiting).await
        });
        assert_eq!((first, second, waiting.asked().len()), (Ok(1), Ok(2), 1));
        registry().service("idem").unwrap().force_open();
        assert_eq!(rejected(buy("c", &one(Answer(3))).await).kind(), RejectionKind::CircuitOpen);
        registry().service("idem").unwrap().reset_breaker();
        assert_eq!(buy("c", &one(Answer(3))).await, Ok(3));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn calls_wait_for_the_one_that_runs_and_are_woken_at_once() {
    testing::isolated(async {
        plain("");
        let start = Instant::now();
        let script = one(after(ms(1_234), Answer(7)));
        let calls = (0..100).map(|_| buy("a", &script));
        let outcomes = futures::future::join_all(calls).await;
        assert!(outcomes.iter().all(|outcome| *outcome == Ok(7)));
        assert_eq!((script.asked().len(), start.elapsed()), (1, ms(1_234)));
        let monitored = resilience_runtime::monitor().dashboard_data();
        let service = monitored.services.iter().find(|service| service.name == "idem").unwrap();
        assert_eq!(service.waiting.idempotency_us, 99 * 1_234_000);
        assert_eq!(service.idempotency.get("replayed"), 99);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn if_the_call_fails_one_of_those_that_wait_runs_next() {
    testing::isolated(async {
        plain("");
        let start = Instant::now();
        let script = Script::new([after(secs(1), Fail(Fault::Wrong)), after(secs(1), Answer(7))]);
        let outcomes = futures::future::join_all((0..10).map(|_| buy("a", &script))).await;
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Err(Fault::Wrong)).count(), 1);
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Ok(7)).count(), 9);
        assert_eq!((script.asked().len(), start.elapsed()), (2, secs(2)));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_no_longer_than_it_may_and_says_when_to_come_again() {
    testing::isolated(async {
        plain("attempt_timeout = 'off'\ndeadline = '4s'\nidempotency.lease = '30s'");
        let slow = one(after(secs(30), Answer(1)));
        let begun = Instant::now();
        let (_, waited) = tokio::join!(timeout(ms(3_900), buy("a", &slow)), async {
            sleep(ms(10)).await;
            buy("a", &slow).await
        });
        // The deadline is around the clause: it ends a call that waits as it ends one in a queue.
        assert_eq!(rejected(waited).kind(), RejectionKind::DeadlineExceeded);
        assert_eq!((begun.elapsed(), counted(IdempotencyResult::InProgress)), (ms(4_010), 0));
        // Within a call of the same service too, and with another that answers for it.
        let inner = Script::new([Answer(9)]);
        assert_eq!(rejected(around("o", "a", &inner).await).kind(), RejectionKind::DeadlineExceeded);
        assert_eq!((begun.elapsed(), inner.asked().len()), (ms(8_010), 0));
        plain("attempt_timeout = 'off'\nidempotency = { wait = '2s', lease = '30s' }");
        let begun = Instant::now();
        let refused = rejected(buy("a", &slow).await);
        assert_eq!((refused.kind(), begun.elapsed()), (RejectionKind::IdempotencyInProgress, secs(2)));
        assert_eq!(refused.retry_after(), Some(ms(19_990)));
        plain("attempt_timeout = 'off'\nidempotency = { wait = 'off', lease = '30s' }");
        let refused = rejected(buy("a", &slow).await);
        assert_eq!(refused.retry_after(), Some(ms(19_990)));
        assert_eq!(begun.elapsed(), secs(2));
        assert_eq!(counted(IdempotencyResult::InProgress), 2);
        assert_eq!(stats().rejections(RejectionKind::IdempotencyInProgress), 2);
        assert_eq!(stats().outcomes(CallerOutcome::Rejected), 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_same_key_for_another_request_is_a_mismatch_at_once() {
    testing::isolated(async {
        plain("");
        let script = one(after(secs(1), Answer(1)));
        let (first, second) = tokio::join!(pay("a", 5, &script), async {
            sleep(ms(1)).await;
            (pay("a", 6, &script).await, Instant::now())
        });
        assert_eq!(first, Ok(1));
        assert_eq!(rejected(second.0).kind(), RejectionKind::IdempotencyMismatch);
        assert_eq!(rejected(pay("a", 6, &script).await).kind(), RejectionKind::IdempotencyMismatch);
        assert_eq!((pay("a", 5, &script).await, script.asked().len()), (Ok(1), 1));
        assert_eq!(counted(IdempotencyResult::Mismatch), 2);
    })
    .await;
}

#[comprehensive_retry("idem", idempotency(key = key))]
async fn maybe(key: Option<String>, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn no_key_is_no_protection_and_an_empty_one_is_refused() {
    testing::isolated(async {
        plain("");
        let script = Script::new([Answer(1), Answer(2), Answer(3)]);
        assert_eq!(maybe(None, &script).await, Ok(1));
        assert_eq!(maybe(None, &script).await, Ok(2));
        assert_eq!(counted(IdempotencyResult::Unprotected), 2);
        let empty = rejected(maybe(Some(String::new()), &script).await);
        assert_eq!(empty.kind(), RejectionKind::IdempotencyKeyEmpty);
        assert_eq!(maybe(Some("a".into()), &script).await, Ok(3));
        assert_eq!(maybe(Some("a".into()), &script).await, Ok(3));
        plain("[overrides.idem]\nidempotency = 'off'");
        let script = Script::new([Answer(4), Answer(5)]);
        assert_eq!(
            (maybe(Some("a".into()), &script).await, maybe(Some(String::new()), &script).await),
            (Ok(4), Ok(5))
        );
    })
    .await;
}
