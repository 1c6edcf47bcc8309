//! The latency histograms of a service: what they contain, and what they do not.

use std::time::Duration;

use resilience_runtime::monitor::AttemptOutcome;
use resilience_runtime::{RejectionKind, comprehensive_retry, testing};

use crate::script::{Answer, Fail, Fault, Hang, Script, call, configure, ms, secs, service, slow, stats};

/// The latency that half of the calls did not exceed.
fn median() -> Duration {
    stats().latency().quantile(0.5).expect("something was measured")
}

#[tokio::test(start_paused = true)]
async fn an_outage_does_not_make_a_service_look_quick() {
    testing::isolated(async {
        configure("max_attempts = 1");
        let script = Script::new([slow(80, Answer(1))]);
        for _ in 0..5 {
            assert_eq!(call(&script).await, Ok(1));
        }
        service().force_open();
        for _ in 0..100 {
            assert!(call(&script).await.is_err());
        }
        assert_eq!((stats().latency().count(), stats().rejections(RejectionKind::CircuitOpen)), (5, 100));
        assert!(median() >= ms(80), "{:?}", median());
        assert_eq!(stats().latency().total(), ms(400));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_wait_in_vain_is_no_latency_and_is_measured_apart() {
    testing::isolated(async {
        configure("max_attempts = 1\ndeadline = '60s'\nattempt_timeout = '50s'\nbulkhead = { max_concurrent = 1, max_wait = '2s' }");
        let script = Script::new([slow(1_000, Answer(1)), slow(9_000, Answer(2))]);
        let (one, two, three) = tokio::join!(call(&script), call(&script), call(&script));
        assert_eq!((one, two), (Ok(1), Ok(2)));
        assert!(matches!(three, Err(Fault::Rejected(it)) if it.kind() == RejectionKind::BulkheadFull));
        assert_eq!((stats().latency().count(), stats().waiting().count()), (2, 2));
        assert_eq!(stats().waiting().total().as_secs(), 3, "one second for a permit, and two for none");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_turn_is_measured_too() {
    testing::isolated(async {
        configure("max_attempts = 1\nrate_limit = { per_second = 1, burst = 1, max_wait = '5s' }");
        let script = Script::new([Answer(1)]);
        assert_eq!(call(&script).await, Ok(1));
        assert_eq!(stats().waiting().count(), 0, "it need not wait");
        assert_eq!(call(&script).await, Ok(1));
        assert_eq!(stats().waiting().count(), 1);
        assert_eq!(stats().waiting().total().as_millis(), 1_000);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_timed_out_has_a_latency() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = '2s'");
        assert!(call(&Script::new([Hang])).await.is_err());
        assert_eq!(call(&Script::new([Fail(Fault::Wrong)])).await, Err(Fault::Wrong));
        assert_eq!((stats().latency().count(), stats().attempts(AttemptOutcome::TimedOut)), (2, 1));
        assert!(stats().latency().total() >= secs(2));
    })
    .await;
}

#[comprehensive_retry("svc", max_attempts = 1, cache(ttl = "10s", mode = ReadThrough))]
async fn cached() -> Result<u32, Fault> {
    tokio::time::sleep(ms(30)).await;
    Ok(1)
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_the_cache_has_none() {
    testing::isolated(async {
        for _ in 0..9 {
            assert_eq!(cached().await, Ok(1));
        }
        assert_eq!((stats().latency().count(), stats().cache_hits()), (1, 8));
        assert!(median() >= ms(30));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_adaptive_budget_goes_by_what_is_known_however_little() {
    testing::isolated(async {
        // Too few results for the breaker, and for a rate that is shown.
        configure(
            "max_attempts = 2\nbase_delay = 0\nbreaker.min_calls = 10000\nbreaker.quiet_failures = 'off'\n\
             budget = { kind = 'adaptive', ratio = 0.5, min_per_second = 0, burst_capacity = 14 }",
        );
        for _ in 0..600 {
            assert_eq!(call(&Script::new([Fail(Fault::Down)])).await, Err(Fault::Down));
        }
        assert_eq!(stats().retries(), 14, "what was saved up, and nothing of what fails");
    })
    .await;
}
