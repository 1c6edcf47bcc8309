//! Tests: what is injected, as the layers around an attempt take it: retries, hedges, caches, idempotency keys, breakers.

use std::io::{self, ErrorKind};
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use resilience_runtime::monitor::CallerOutcome;
use resilience_runtime::testing::{self, chaos};
use resilience_runtime::{Rejection, RejectionKind, comprehensive_retry, registry};
use tokio::time::Instant;

use crate::snapshot;

#[comprehensive_retry("layer", max_attempts = 3, base_delay = "1ms", breaker = off, budget = off)]
async fn ask() -> Result<u64, io::Error> {
    Ok(7)
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_counted_once_and_not_tried_again() {
    testing::isolated(async {
        let rule = chaos::rule("layer").named("bang").panic().arm();
        AssertUnwindSafe(ask()).catch_unwind().await.expect_err("it panics");
        let stats = registry().service("layer").expect("it was called").stats();
        assert_eq!((rule.injected(), snapshot("layer").injections.get("bang")), (1, 1));
        assert_eq!((stats.outcomes(CallerOutcome::Panicked), stats.attempts_needed()), (1, [0; 5]));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_as_that_of_an_inner_call_and_not_tried_again() {
    testing::isolated(async {
        for kind in RejectionKind::ALL.iter().copied() {
            let rule = chaos::rule("layer").reject(kind).arm();
            let error = ask().await.expect_err("it is rejected");
            let rejection = error.get_ref().and_then(|inner| inner.downcast_ref::<Rejection>());
            let rejection = rejection.unwrap_or_else(|| panic!("{kind:?}: {error:?}"));
            assert_eq!((rejection.kind(), rejection.service()), (kind, "layer"));
            // What an inner call has done may be lost; what it has refused is not asked for again.
            let is_time = matches!(kind, RejectionKind::AttemptTimeout | RejectionKind::DeadlineExceeded);
            let attempts = if is_time { 3 } else { 1 };
            assert_eq!(rule.injected(), attempts, "{kind:?}");
        }
        assert_eq!(snapshot("layer").breaker.state, "closed");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_wrong_ok_is_looked_at_like_any_other() {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that the key wants")]
    fn is_empty(answer: &u64) -> bool {
        *answer == 0
    }
    #[comprehensive_retry("picky", max_attempts = 3, base_delay = "1ms", retry_if_ok = is_empty)]
    async fn picky() -> Result<u64, io::Error> {
        Ok(7)
    }
    testing::isolated(async {
        let wrong = chaos::rule("picky").change_ok(|answer: &mut u64| *answer = 0).count(2).arm();
        assert_eq!(picky().await.expect("the third attempt is right"), 7);
        assert_eq!(wrong.injected(), 2);
        testing::expect("picky").attempts(3).retries(2).succeeds();
        let always = chaos::rule("picky").change_ok(|answer: &mut u64| *answer = 0).arm();
        assert_eq!(picky().await.expect("it is an answer all the same"), 0);
        assert_eq!(always.injected(), 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn each_copy_of_a_hedged_attempt_is_hit_by_itself() {
    #[comprehensive_retry("mirror", max_attempts = 1, idempotent = true, hedge(after = "100ms", max = 2))]
    async fn ask() -> Result<u64, io::Error> {
        Ok(7)
    }
    testing::isolated(async {
        let began = Instant::now();
        let hang = chaos::rule("mirror").hang().count(2).arm();
        assert_eq!((ask().await.expect("the third copy"), hang.injected()), (7, 2));
        assert_eq!(began.elapsed(), Duration::from_millis(200));
        let slow = chaos::rule("mirror").latency("5s").count(1).arm();
        let wrong = chaos::rule("mirror").change_ok(|answer: &mut u64| *answer = 0).arm();
        assert_eq!(ask().await.expect("the second copy"), 0);
        assert_eq!((slow.injected(), wrong.injected()), (1, 1), "the copy that was left has changed nothing");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_the_cache_answers_is_not_hit_and_a_wrong_ok_is_kept() {
    #[comprehensive_retry("kept", max_attempts = 1, cache(key = 1_u8, ttl = "1h", mode = ReadThrough))]
    async fn kept() -> Result<u64, io::Error> {
        Ok(7)
    }
    testing::isolated(async {
        let wrong = chaos::rule("kept").change_ok(|answer: &mut u64| *answer = 0).arm();
        assert_eq!(kept().await.expect("only wrong"), 0);
        let down = chaos::rule("kept").io_error(ErrorKind::TimedOut).arm();
        assert_eq!(kept().await.expect("of the cache"), 0, "as a wrong answer would be");
        assert_eq!((wrong.injected(), down.injected()), (1, 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_stale_answer_covers_for_a_rule() {
    #[comprehensive_retry("stale", max_attempts = 1, breaker = off, cache(key = 1_u8, ttl = "1h"))]
    async fn stale() -> Result<u64, io::Error> {
        Ok(7)
    }
    testing::isolated(async {
        assert_eq!(stale().await.expect("nothing is armed"), 7);
        let down = chaos::rule("stale").io_error(ErrorKind::TimedOut).arm();
        assert_eq!((stale().await.expect("of the cache"), down.injected()), (7, 1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn under_an_idempotency_key_a_fault_is_no_result() {
    #[comprehensive_retry("written", max_attempts = 1, breaker = off, idempotency(key = "the same"))]
    async fn write() -> Result<u64, io::Error> {
        Ok(7)
    }
    testing::isolated(async {
        let down = chaos::rule("written").io_error(ErrorKind::ConnectionRefused).count(1).arm();
        write().await.expect_err("the rule");
        assert_eq!((write().await.expect("the key is free again"), down.injected()), (7, 1));
        let again = chaos::rule("written").io_error(ErrorKind::ConnectionRefused).arm();
        assert_eq!((write().await.expect("the result of the first"), again.injected()), (7, 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_keeps_rules_from_hitting() {
    #[comprehensive_retry("fragile", max_attempts = 1, breaker(consecutive_failures = 2))]
    async fn fragile() -> Result<u64, io::Error> {
        Ok(7)
    }
    testing::isolated(async {
        let down = chaos::rule("fragile").io_error(ErrorKind::ConnectionRefused).arm();
        for _ in 0..5 {
            fragile().await.expect_err("the rule, or the breaker");
        }
        assert_eq!(down.injected(), 2);
        testing::expect("fragile").opens().then_rejects(RejectionKind::CircuitOpen);
        let outcomes = registry().service("fragile").expect("it was called").stats();
        assert_eq!(outcomes.outcomes(CallerOutcome::Rejected), 3);
    })
    .await;
}
