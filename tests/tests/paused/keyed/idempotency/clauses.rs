//! The clause beside the others: retries, nested calls, degradation, copies, other types, and two functions with one scope.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use resilience_runtime::config::FindingKind;
use resilience_runtime::monitor::{CallerOutcome, IdempotencyResult};
use resilience_runtime::{
    RejectionKind, carry_context, comprehensive_retry, idempotency_key, registry, resilient_service, testing,
};
use tokio::time::{Instant, timeout};

use super::{after, around, buy, counted, one, plain, rejected, stats};
use crate::script::{Answer, Fail, Fault, Script, ms, secs};

#[comprehensive_retry("idem", max_attempts = 3, base_delay = "1s", jitter = 0, idempotency(key = key))]
async fn retried(key: &str, keys: &std::sync::Mutex<Vec<String>>, script: &Script) -> Result<u32, Fault> {
    keys.lock().unwrap().push(idempotency_key().expect("it has one"));
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn one_lease_holds_for_all_attempts_each_of_which_has_the_same_key_to_pass_on() {
    testing::isolated(async {
        let keys = std::sync::Mutex::default();
        let script = Script::new([Fail(Fault::Down), Fail(Fault::Down), Answer(1)]);
        let (first, second) = tokio::join!(retried("a", &keys, &script), retried("a", &keys, &script));
        assert_eq!((first, second, script.asked().len()), (Ok(1), Ok(1), 3));
        assert_eq!(retried("b", &keys, &one(Answer(2))).await, Ok(2));
        let keys = keys.into_inner().unwrap();
        assert!(keys[0].len() == 64 && keys[0].chars().all(|digit| digit.is_ascii_hexdigit()));
        assert!(keys[0] == keys[1] && keys[1] == keys[2] && keys[2] != keys[3], "{keys:?}");
        assert_eq!(idempotency_key(), None);
        // Between two attempts too, a call that is dropped may have had an effect.
        plain("idempotency.wait = 'off'");
        let script = Script::new([Fail(Fault::Down)]);
        let keys = std::sync::Mutex::default();
        assert!(timeout(ms(500), retried("c", &keys, &script)).await.is_err());
        assert_eq!(rejected(retried("c", &keys, &script).await).kind(), RejectionKind::IdempotencyInProgress);
    })
    .await;
}

#[comprehensive_retry("idem_outer", idempotency(key = key))]
async fn outer(key: &str, inner: &str, script: &Script) -> Result<u32, Fault> {
    let own = idempotency_key();
    let outcome = buy(inner, script).await;
    assert_eq!(idempotency_key(), own, "the inner key was that of the inner call");
    outcome
}

#[comprehensive_retry("idem", idempotency(key = depth))]
async fn recursive(depth: u32, next: u32) -> Result<u32, Fault> {
    if depth == 5 { Ok(1) } else { Box::pin(recursive(next, next)).await }
}

#[comprehensive_retry("idem", idempotency(key = depth))]
async fn spawning(depth: u32) -> Result<u32, Fault> {
    let inner = carry_context(testing::inherit(Box::pin(async move { spawning(depth).await })));
    inner.await
}

#[tokio::test(start_paused = true)]
async fn nested_calls_have_keys_of_their_own_and_never_wait_for_themselves() {
    testing::isolated(async {
        plain("");
        let script = Script::new([Answer(1), Answer(2)]);
        assert_eq!(outer("o", "i", &script).await, Ok(1));
        assert_eq!(
            around("p", "i", &script).await,
            Ok(1),
            "the inner result, through a call that passes through"
        );
        assert_eq!(around("p", "other", &script).await, Ok(1), "its own result");
        assert_eq!(script.asked().len(), 1);
        let start = Instant::now();
        assert_eq!(rejected(recursive(4, 4).await).kind(), RejectionKind::IdempotencyInProgress);
        assert_eq!(recursive(4, 5).await, Ok(1), "the key was free after that");
        assert_eq!(rejected(spawning(1).await).kind(), RejectionKind::IdempotencyInProgress);
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert_eq!(stats().in_flight(), 0);
    })
    .await;
}

async fn stand_in(_: &str, _: &Script) -> Result<u32, Fault> {
    Ok(99)
}

#[comprehensive_retry("idem", max_attempts = 1, idempotency(key = key), fallback = stand_in)]
async fn with_fallback(key: &str, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_degraded_answer_is_never_stored_and_a_rejection_of_the_clause_is_not_answered_for() {
    testing::isolated(async {
        plain("idempotency.wait = 'off'");
        assert_eq!(with_fallback("a", &one(Fail(Fault::Wrong))).await, Ok(99));
        assert_eq!(with_fallback("a", &one(Answer(1))).await, Ok(1));
        let slow = one(after(secs(1), Answer(2)));
        let (first, second) = tokio::join!(with_fallback("b", &slow), with_fallback("b", &slow));
        assert_eq!((first, rejected(second).kind()), (Ok(2), RejectionKind::IdempotencyInProgress));
        let stats = stats();
        assert_eq!(stats.outcomes(CallerOutcome::Rejected), 1);
        assert_eq!((stats.outcomes(CallerOutcome::Degraded), stats.in_flight()), (1, 0));
    })
    .await;
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape of a predicate")]
fn is_pending(answer: &u32) -> bool {
    *answer == 0
}

#[comprehensive_retry("idem", max_attempts = 2, base_delay = 0, retry_if_ok = is_pending, idempotency(key = key))]
async fn wanted(key: &str, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("idem", hedge(after = "100ms"), idempotency(key = key))]
async fn hedged(key: &str, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[resilient_service("idem", idempotency(key = key))]
async fn by_service(key: u64, script: &Script) -> Result<String, Fault> {
    script.step().await.map(|answer| answer.to_string())
}

#[tokio::test(start_paused = true)]
async fn what_is_stored_is_the_ok_that_was_wanted_also_of_a_copy() {
    testing::isolated(async {
        plain("");
        let script = Script::new([Answer(0), Answer(0), Answer(0), Answer(5)]);
        assert_eq!(wanted("a", &script).await, Ok(0), "unwanted, so it is not kept");
        assert_eq!((wanted("a", &script).await, wanted("a", &script).await), (Ok(5), Ok(5)));
        assert_eq!(script.asked().len(), 4);
        let script = Script::new([after(secs(4), Answer(1)), Answer(2)]);
        let (first, second) = tokio::join!(hedged("a", &script), hedged("a", &script));
        assert_eq!((first, second, script.asked().len()), (Ok(2), Ok(2), 2));
        let script = Script::new([Answer(1), Answer(2)]);
        assert_eq!(
            (by_service(1, &script).await, by_service(1, &script).await),
            (Ok("1".into()), Ok("1".into()))
        );
    })
    .await;
}

mod elsewhere {
    use super::*;

    #[comprehensive_retry("idem_twice", idempotency(key = key))]
    pub(super) async fn twice(key: &str) -> Result<u32, Fault> {
        Ok(1)
    }

    #[comprehensive_retry("idem_twice", idempotency(key = key, scope = "elsewhere"))]
    pub(super) async fn apart(key: &str) -> Result<u32, Fault> {
        Ok(3)
    }
}

#[comprehensive_retry("idem_twice", idempotency(key = key))]
async fn twice(key: &str) -> Result<u32, Fault> {
    Ok(2)
}

#[comprehensive_retry("idem_twice", idempotency(key = key))]
async fn apart(key: &str) -> Result<u32, Fault> {
    Ok(4)
}

struct Api;

impl Api {
    #[comprehensive_retry("idem_twice", idempotency(key = key))]
    async fn twice(key: &str) -> Result<u32, Fault> {
        Ok(5)
    }
}

#[tokio::test(start_paused = true)]
async fn two_functions_with_one_scope_are_a_finding_and_rejected_until_one_writes_another() {
    testing::isolated(async {
        for outcome in [twice("a").await, elsewhere::twice("a").await, twice("a").await] {
            assert_eq!(rejected(outcome).kind(), RejectionKind::IdempotencyScopeShared);
        }
        let findings = registry().findings();
        let shared: Vec<_> =
            findings.iter().filter(|finding| finding.kind() == FindingKind::SharedScope).collect();
        assert_eq!(shared.len(), 2, "{findings:?}");
        assert!(shared[0].to_string().contains("`twice`"), "{}", shared[0]);
        assert_eq!((apart("a").await, elsewhere::apart("a").await), (Ok(4), Ok(3)));
        assert_eq!(Api::twice("a").await, Ok(5), "a method has the type in its scope");
    })
    .await;
}

/// A result whose clone panics.
struct Fragile(AtomicU32);

impl Clone for Fragile {
    fn clone(&self) -> Self {
        panic!("it does not like to be cloned")
    }
}

#[comprehensive_retry("idem", idempotency(key = key))]
async fn fragile(key: &str) -> Result<Fragile, Fault> {
    Ok(Fragile(AtomicU32::new(7)))
}

#[tokio::test(start_paused = true)]
async fn a_result_that_cannot_be_kept_is_done_all_the_same() {
    testing::isolated(async {
        assert_eq!(fragile("a").await.unwrap().0.load(Ordering::Relaxed), 7);
        assert_eq!(rejected(fragile("a").await).kind(), RejectionKind::IdempotencyResultUnavailable);
        assert_eq!(counted(IdempotencyResult::ResultUnavailable), 1);
    })
    .await;
}
