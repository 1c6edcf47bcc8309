//! A call may be dropped at every point where it waits, and leaves no trace.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{comprehensive_retry, registry, testing};

use crate::script::{Answer, Fail, Fault, Script, Step, configure, ms, service, slow, stats};

#[comprehensive_retry("svc")]
async fn call(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// The permits that a call may hold, read from outside.
fn held() -> (u64, u32, Option<f64>, bool) {
    (
        stats().in_flight(),
        registry().concurrent_retries(),
        service().budget_tokens(),
        service().breaker_state().is_closed(),
    )
}

/// Three attempts: each waits in its body, and there is a delay between two.
fn script() -> Script {
    Script::new([slow(30, Fail(Fault::Down)), slow(30, Fail(Fault::Down)), slow(30, Answer(7))])
}

const SETTINGS: &str = "max_attempts = 3\nstrategy = 'fixed'\njitter = 0.0\nbase_delay = '20ms'\nattempt_timeout = '1s'\n\
    budget = { ratio = 0.0, min_per_second = 0, burst_capacity = 1000 }\nbreaker = { min_calls = 1000 }";

#[tokio::test(start_paused = true)]
async fn a_call_dropped_at_any_moment_leaves_nothing_behind_and_is_counted_once() {
    testing::isolated(async {
        configure(SETTINGS);
        assert_eq!(call(&script()).await, Ok(7));
        let ended = stats().ended();
        for (drops, moment) in (0..130).step_by(5).enumerate() {
            let before = held();
            assert!(tokio::time::timeout(ms(moment), call(&script())).await.is_err(), "{moment} ms");
            let after = held();
            // Two retries started after 50 and after 100 ms, and cost a token each; the others gave it back.
            let started = f64::from(u8::from(moment >= 50) + u8::from(moment >= 100));
            assert_eq!(after.2, before.2.map(|tokens| tokens - started), "tokens at {moment} ms");
            assert_eq!((after.0, after.1, after.3), (0, 0, true), "{moment} ms");
            assert_eq!(stats().calls(CallOutcome::Cancelled), drops as u64 + 1, "{moment} ms");
            assert_eq!(stats().ended(), ended + drops as u64 + 1);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_after_any_number_of_polls_leaves_nothing_behind() {
    testing::isolated(async {
        configure(&SETTINGS.replace("'20ms'", "0"));
        let steps = || Script::new([Step::After(ms(0), Box::new(Fail(Fault::Down))), Answer(7)]);
        for polls in 0..4 {
            let script = steps();
            {
                let mut future = pin!(call(&script));
                let mut task = Context::from_waker(Waker::noop());
                for _ in 0..polls {
                    if let Poll::Ready(outcome) = future.as_mut().poll(&mut task) {
                        assert_eq!(outcome, Ok(7));
                        break;
                    }
                    tokio::time::advance(ms(1)).await;
                }
            }
            if polls > 0 {
                assert_eq!((stats().in_flight(), registry().concurrent_retries()), (0, 0), "{polls} polls");
                assert_eq!(stats().ended(), stats().started());
            }
        }
    })
    .await;
}
