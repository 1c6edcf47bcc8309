//! Rules of a call through a handle, given as closures: which errors and answers are retried, and what the breaker
//! counts.

use resilience_runtime::{Patch, Recovery, Resilient, call, registry, testing};

use crate::script::{Answer, Fail, Fault, Script, configure, stats};

const QUIET: &str = "max_attempts = 3\nbase_delay = 0\nbudget = 'off'\nbreaker = 'off'";

#[tokio::test(start_paused = true)]
async fn retry_if_is_a_list_of_what_is_run_again_and_never_retry_if_is_stronger() {
    testing::isolated(async {
        configure(QUIET);
        let handle = Resilient::service("svc").build();
        let cases = [(Fault::Down, [3, 1, 1]), (Fault::Wrong, [1, 3, 1]), (Fault::Ours, [1, 3, 1])];
        for (fault, [plain, listed, both]) in cases {
            let script = || Script::new([Fail(fault.clone())]);
            let runs = script();
            assert!(handle.call(|| runs.step()).await.is_err());
            assert_eq!(runs.asked().len(), plain, "{fault}");

            let runs = script();
            let not_down = |error: &Fault| *error != Fault::Down;
            assert_eq!(handle.call(|| runs.step()).retry_if(not_down).await, Err(fault.clone()));
            assert_eq!(runs.asked().len(), listed, "{fault}");

            let runs = script();
            let call = handle.call(|| runs.step()).never_retry_if(|_| true).retry_if(not_down);
            assert_eq!(call.await, Err(fault.clone()));
            assert_eq!(runs.asked().len(), both, "{fault}");
        }

        // Either of two lists is enough, and each way of classifying takes rules.
        let runs = Script::new([Fail(Fault::Wrong), Fail(Fault::Ours), Answer(1)]);
        let by_hand = handle.call_with(|| runs.step(), |_| Recovery::never());
        let listed = by_hand.retry_if(|error| *error == Fault::Wrong).retry_if(|error| *error == Fault::Ours);
        assert_eq!(listed.await, Ok(1));
        let runs = Script::new([Fail(Fault::Down)]);
        assert!(call!(handle, || runs.step()).never_retry_if(|error| *error == Fault::Down).await.is_err());
        assert_eq!(runs.asked().len(), 1);

        // The status of an error is checked before the list, as in attributes.
        registry().update_service("svc", &Patch::new().retryable_status_codes(vec![404])).unwrap();
        let runs = Script::new([Fail(Fault::Status(404))]);
        assert!(handle.call(|| runs.step()).retry_if(|_| false).await.is_err());
        assert_eq!(runs.asked().len(), 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn record_if_alone_decides_what_votes() {
    testing::isolated(async {
        configure("max_attempts = 1\nbudget = 'off'\nbreaker.consecutive_failures = 3");
        let handle = Resilient::service("svc").build();
        let ask = async |fault: Fault, failure: bool| {
            let runs = Script::new([Fail(fault)]);
            let _ = handle.call(|| runs.step()).record_if(|_| failure).await;
            runs.asked().len()
        };
        for _ in 0..10 {
            assert_eq!(ask(Fault::Down, false).await, 1, "it does not vote failure");
        }
        for _ in 0..3 {
            assert_eq!(ask(Fault::Wrong, true).await, 1);
        }
        assert_eq!(ask(Fault::Wrong, true).await, 0, "the breaker is open");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn retry_if_ok_runs_an_answer_again_and_returns_the_last() {
    testing::isolated(async {
        configure(QUIET);
        let handle = Resilient::service("svc").build();
        let small = |value: &u32| *value < 10;
        let runs = Script::new([Answer(1), Fail(Fault::Down), Answer(10)]);
        assert_eq!(handle.call(|| runs.step()).retry_if_ok(small).await, Ok(10));
        let runs = Script::new([Answer(1), Answer(2), Answer(3), Answer(4)]);
        let call = handle.call(|| runs.step()).partition(7).retry_if_ok(small).never_retry_if(|_| true);
        assert_eq!(call.await, Ok(3), "the last of three");
        assert_eq!(runs.asked().len(), 3);
        assert_eq!(stats().retries(), 4);
    })
    .await;
}
