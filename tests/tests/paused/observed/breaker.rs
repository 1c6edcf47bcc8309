//! The breaker that nobody follows: who votes in it, and who are its trials.

use resilience_runtime::{comprehensive_retry, testing};
use tokio::time::sleep;

use super::{observe, would};
use crate::script::{Answer, Fail, Fault, Script, ask, call, ms, secs, service, slow};

const QUICK: &str = "max_attempts = 1\nattempt_timeout = '1s'\n\
    breaker = { consecutive_failures = 1, open_for = '5s', half_open_calls = 2, success_threshold = 2 }";

#[tokio::test(start_paused = true)]
async fn what_it_would_reject_votes_for_nothing_and_makes_no_deposit() {
    testing::isolated(async {
        observe(
            "max_attempts = 2\nbreaker = { consecutive_failures = 2, open_for = '5s' }\n\
             budget = { ratio = 0.1, burst_capacity = 9, min_per_second = 0 }",
        );
        for _ in 0..2 {
            let _ = ask(Fail(Fault::Down)).await;
        }
        let (tokens, rest) = (service().budget_tokens(), service().retry_after());
        for _ in 0..20 {
            let _ = ask(Fail(Fault::Down)).await;
            let _ = ask(Answer(1)).await;
        }
        assert_eq!((service().budget_tokens(), service().retry_after()), (tokens, rest));
        assert!((tokens.unwrap() - 8.1).abs() < 1e-6, "{tokens:?}");
        assert_eq!(would(), [("retry", 1), ("circuit_open", 40)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn after_the_break_the_first_calls_are_the_trials() {
    testing::isolated(async {
        observe(QUICK);
        let _ = ask(Fail(Fault::Down)).await;
        sleep(secs(6)).await;
        let script = Script::new([slow(100, Answer(1))]);
        futures::future::join_all((0..5).map(|_| call(&script))).await;
        assert_eq!(script.asked().len(), 5, "all of them run");
        assert_eq!(would(), [("circuit_open", 3)], "and two were the trials");
        assert!(service().breaker_state().is_closed(), "which have closed it");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_trial_that_fails_or_takes_too_long_starts_the_next_break() {
    testing::isolated(async {
        observe(QUICK);
        for step in [Fail(Fault::Down), slow(5_000, Answer(1))] {
            let _ = ask(step).await;
            assert!(service().breaker_state().is_open());
            sleep(secs(60)).await;
            assert!(service().retry_after().is_none(), "the break is over");
        }
        assert_eq!(ask(Answer(1)).await, Ok(1));
        assert!(service().breaker_state().is_half_open());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_trial_that_is_dropped_or_would_be_rejected_further_in_gives_its_place_back() {
    testing::isolated(async {
        observe(&format!("{QUICK}\nbulkhead = {{ max_concurrent = 1, max_queue = 0 }}"));
        let _ = ask(Fail(Fault::Down)).await;
        sleep(secs(6)).await;
        for _ in 0..5 {
            assert!(tokio::time::timeout(ms(10), ask(slow(100, Answer(1)))).await.is_err());
        }
        assert!(service().breaker_state().is_half_open());
        let script = Script::new([slow(100, Answer(1))]);
        futures::future::join_all((0..4).map(|_| call(&script))).await;
        assert_eq!(would(), [("bulkhead_full", 3)], "none of them has kept a trial from another");
        assert_eq!(ask(Answer(1)).await, Ok(1));
        assert!(service().breaker_state().is_closed());
    })
    .await;
}

#[comprehensive_retry("svc", partition = tenant, max_attempts = 1)]
async fn of_tenant(tenant: u32, script: &Script) -> Result<u32, Fault> {
    let _ = tenant;
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn each_partition_has_its_own() {
    testing::isolated(async {
        observe(QUICK);
        let script = Script::new([Fail(Fault::Down), Answer(1)]);
        let _ = of_tenant(1, &script).await;
        assert_eq!(of_tenant(2, &script).await, Ok(1));
        assert_eq!(would(), []);
        assert_eq!(of_tenant(1, &script).await, Ok(1));
        assert_eq!(would(), [("circuit_open", 1)]);
        let stats = service().stats();
        assert_eq!(stats.breaker_transitions_to(resilience_runtime::BreakerState::Open), 0, "told to nobody");
    })
    .await;
}
