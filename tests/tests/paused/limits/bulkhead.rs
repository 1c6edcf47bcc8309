//! The bulkhead through the attributes: which calls run, which wait, in which order, and that no slot is ever lost.

use std::sync::Mutex;

use resilience_runtime::{
    Ending, Priority, RejectionKind, comprehensive_retry, registry, testing, with_priority,
};
use tokio::time::Instant;

use crate::script::{
    Answer, Fail, Fault, Hang, Script, Step, ask, call, configure, ms, rejected, secs, service, slow, stats,
};

mod late;
mod order;
mod overload;
mod release;

async fn at_once(calls: usize, step: Step) -> Vec<Result<u32, Fault>> {
    let steps = std::iter::repeat_n(step, calls);
    futures::future::join_all(steps.map(ask)).await
}

#[tokio::test(start_paused = true)]
async fn so_many_run_so_many_wait_and_the_rest_is_rejected_at_once() {
    testing::isolated(async {
        configure("max_attempts = 1\nbulkhead = { max_concurrent = 3, max_queue = 2, max_wait = '9s' }");
        let start = Instant::now();
        let script = Script::new([slow(100, Answer(1))]);
        let calls = (0..7).map(|_| async { (rejected(&call(&script).await), start.elapsed()) });
        let ended = futures::future::join_all(calls).await;
        assert_eq!(script.asked(), [ms(0), ms(0), ms(0), ms(100), ms(100)]);
        assert_eq!(ended[2], (None, ms(100)));
        assert_eq!(ended[4], (None, ms(200)));
        let full = Some(RejectionKind::BulkheadFull);
        assert_eq!(ended[5..], [(full, ms(0)), (full, ms(0))]);
        assert_eq!(stats().rejections(RejectionKind::BulkheadFull), 2);
        assert_eq!(service().bulkhead_in_flight(), Some(0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_max_wait_or_the_deadline() {
    for (settings, waited, expected) in [
        ("deadline = '60s'", ms(300), RejectionKind::BulkheadFull),
        ("deadline = '200ms'", ms(200), RejectionKind::DeadlineExceeded),
    ] {
        testing::isolated(async {
            configure(&format!(
                "{settings}\nmax_attempts = 1\nattempt_timeout = 'off'\nbulkhead = {{ max_concurrent = 1, max_wait = '300ms' }}"
            ));
            let start = Instant::now();
            let (_, (outcome, after)) = tokio::join!(
                tokio::time::timeout(secs(2), ask(Hang)),
                async { (ask(Answer(1)).await, start.elapsed()) }
            );
            assert_eq!(rejected(&outcome), Some(expected));
            assert!(after >= waited && after <= waited + ms(1), "{after:?}");
            assert_eq!(service().bulkhead_queue_depth(), Some(0));
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_attempt_timeout_begins_with_the_permit() {
    testing::isolated(async {
        configure(
            "max_attempts = 1\nattempt_timeout = '150ms'\nbulkhead = { max_concurrent = 1, max_wait = '9s' }",
        );
        let outcomes = at_once(4, slow(100, Answer(1))).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_retry_leaves_the_bulkhead_while_it_sleeps_and_rejoins_at_the_back() {
    testing::isolated(async {
        configure(
            "max_attempts = 2\nstrategy = 'fixed'\njitter = 0.0\nbase_delay = '50ms'\nbulkhead = { max_concurrent = 1, max_wait = '9s' }",
        );
        let failing = Script::new([slow(100, Fail(Fault::Down)), Answer(1)]);
        let others = Script::new([slow(100, Answer(1))]);
        let (outcome, _, _) = tokio::join!(call(&failing), call(&others), call(&others));
        assert_eq!(outcome, Ok(1));
        assert_eq!(others.asked(), [ms(100), ms(200)], "while the first one sleeps, another has its permit");
        assert_eq!(failing.asked(), [ms(0), ms(300)], "behind the one that waited already");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_full_bulkhead_ends_a_retry_with_the_real_error() {
    testing::isolated(async {
        configure(
            "max_attempts = 2\nstrategy = 'fixed'\njitter = 0.0\nbase_delay = '50ms'\nbulkhead = { max_concurrent = 1, max_queue = 0 }",
        );
        let failing = Script::new([Fail(Fault::Down), Answer(1)]);
        let (outcome, _) = tokio::join!(call(&failing), async {
            tokio::time::sleep(ms(10)).await;
            ask(slow(100, Answer(1))).await
        });
        assert_eq!(outcome, Err(Fault::Down));
        assert_eq!(stats().endings(Ending::BulkheadFull), 1);
        assert_eq!(stats().rejections(RejectionKind::BulkheadFull), 0);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_breaker_is_asked_again_after_a_wait() {
    testing::isolated(async {
        configure(
            "max_attempts = 1\nbreaker.consecutive_failures = 1\nbulkhead = { max_concurrent = 1, max_wait = '9s' }",
        );
        let waiting = Script::new([Answer(1)]);
        let (first, second) = tokio::join!(ask(slow(100, Fail(Fault::Down))), call(&waiting));
        assert_eq!(first, Err(Fault::Down));
        assert_eq!(rejected(&second), Some(RejectionKind::CircuitOpen));
        assert_eq!(waiting.asked(), []);
        assert_eq!(service().bulkhead_in_flight(), Some(0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_waits_holds_no_trial_of_a_half_open_breaker() {
    testing::isolated(async {
        configure(
            "max_attempts = 1\nbulkhead = { max_concurrent = 1, max_wait = '9s' }\n\
             breaker = { consecutive_failures = 1, open_for = '1s', half_open_calls = 2, success_threshold = 2 }",
        );
        assert_eq!(ask(Fail(Fault::Down)).await, Err(Fault::Down));
        tokio::time::sleep(secs(2)).await;
        // One trial runs and the other four wait. If those held trials, the third would be rejected.
        let outcomes = at_once(5, slow(100, Answer(1))).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert!(service().breaker_state().is_closed());
    })
    .await;
}

#[comprehensive_retry("svc")]
async fn around(script: &Script) -> Result<u32, Fault> {
    call(script).await
}

#[tokio::test(start_paused = true)]
async fn a_nested_call_of_the_same_service_takes_no_second_permit() {
    testing::isolated(async {
        configure("max_attempts = 1\nbulkhead = { max_concurrent = 1, max_wait = '1s' }");
        let script = Script::new([slow(10, Answer(5))]);
        let (outer, permits) = tokio::join!(around(&script), async {
            tokio::time::sleep(ms(5)).await;
            service().bulkhead_in_flight()
        });
        assert_eq!((outer, permits), (Ok(5), Some(1)));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_resize_under_load_admits_waiters_at_once_and_loses_no_permit() {
    testing::isolated(async {
        let resize = |limit| {
            configure(&format!(
                "max_attempts = 1\nbulkhead = {{ max_concurrent = {limit}, max_queue = 100, max_wait = '9s' }}"
            ));
        };
        resize(2);
        let script = Script::new([slow(100, Answer(1))]);
        let calls = futures::future::join_all((0..20).map(|_| call(&script)));
        let ((), outcomes) = tokio::join!(
            async {
                tokio::time::sleep(ms(50)).await;
                assert_eq!((service().bulkhead_in_flight(), service().bulkhead_queue_depth()), (Some(2), Some(18)));
                resize(5);
                tokio::time::sleep(ms(1)).await;
                assert_eq!(script.asked().len(), 5);
                resize(1);
                tokio::time::sleep(ms(60)).await;
                assert_eq!(service().bulkhead_in_flight(), Some(3), "the surplus runs out");
                tokio::time::sleep(ms(100)).await;
                assert_eq!(service().bulkhead_in_flight(), Some(1));
                configure("max_attempts = 1\nbulkhead = 'off'");
                tokio::time::sleep(ms(1)).await;
                assert_eq!(script.asked().len(), 20, "switched off, everybody runs");
                resize(2);
            },
            calls
        );
        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!((service().bulkhead_in_flight(), service().bulkhead_queue_depth()), (Some(0), Some(0)));
        let outcomes = at_once(4, slow(100, Answer(1))).await;
        assert!(outcomes.iter().all(Result::is_ok), "and it works as before");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_waits_for_a_permit_holds_no_place_under_the_cap() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = '10ms'\nstrategy = 'fixed'\njitter = 0.0\nattempt_timeout = '500ms'\nbulkhead = { max_concurrent = 1, max_wait = '200ms' }");
        let retried = Script::new([Fail(Fault::Down), Answer(1)]);
        let hanging = Script::new([Hang]);
        let waits = async {
            tokio::time::sleep(ms(50)).await;
            assert_eq!(registry().concurrent_retries(), 0, "it sleeps in the queue");
        };
        // The retry finds the only slot taken by the other call.
        let other = async {
            tokio::time::sleep(ms(5)).await;
            tokio::time::timeout(ms(100), call(&hanging)).await
        };
        let (outcome, _, ()) = tokio::join!(call(&retried), other, waits);
        assert_eq!(outcome, Ok(1));
        assert_eq!(registry().concurrent_retries(), 0);
    })
    .await;
}
