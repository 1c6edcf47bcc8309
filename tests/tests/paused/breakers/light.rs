//! Services that are called too rarely for rates: their breakers open all the same, but not by one bad request.

use std::cell::Cell;
use std::time::Duration;

use resilience_runtime::{RejectionKind, comprehensive_retry, registry, testing};
use tokio::time::sleep;

use crate::script::{Answer, Fail, Fault, Hang, Script, call, configure, ms, rejected, secs, service, slow};

/// Makes a call every `every`, in parallel, until the breaker opens; returns how many had begun by then.
async fn calls_until_open(every: Duration, script: &'static Script) -> u64 {
    for number in 1..20 {
        tokio::spawn(testing::inherit(async { call(script).await }));
        for _ in 0..100 {
            sleep(every / 100).await;
            if service().breaker_state().is_open() {
                return number;
            }
        }
    }
    panic!("it never opens")
}

fn forever(script: Script) -> &'static Script {
    Box::leak(Box::new(script))
}

#[tokio::test(start_paused = true)]
async fn a_dead_service_opens_within_three_calls_at_one_in_ten_seconds_whatever_its_attempts() {
    for kind in ["database", "http_api", "message_queue", "ai_service", "microservice"] {
        for pause in [secs(10), secs(60)] {
            testing::isolated(async {
                configure(&format!("kind = '{kind}'"));
                let script = forever(Script::new([Fail(Fault::Down)]));
                assert_eq!(calls_until_open(pause, script).await, 3, "{kind} each {pause:?}");
            })
            .await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_died_after_it_had_answered_does_too() {
    testing::isolated(async {
        configure("kind = 'database'");
        assert_eq!(call(&Script::new([Answer(1)])).await, Ok(1));
        assert_eq!(calls_until_open(secs(10), forever(Script::new([Fail(Fault::Down)]))).await, 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_opens_by_the_timeouts_of_three() {
    for pause in [secs(10), secs(40)] {
        testing::isolated(async {
            configure("kind = 'http_api'\nattempt_timeout = '10s'");
            let script = forever(Script::new([Hang]));
            for _ in 0..2 {
                tokio::spawn(testing::inherit(async { call(script).await }));
                sleep(pause).await;
                assert!(service().breaker_state().is_closed());
            }
            // Its first attempt ends after ten seconds, and so does a second one of the call before.
            tokio::spawn(testing::inherit(async { call(script).await }));
            sleep(ms(11_001)).await;
            assert!(service().breaker_state().is_open());
            let fourth = Script::new([Answer(1)]);
            assert_eq!(rejected(&call(&fourth).await), Some(RejectionKind::CircuitOpen));
            assert_eq!(fourth.asked().len(), 0);
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_success_in_between_keeps_it_closed() {
    testing::isolated(async {
        configure("max_attempts = 1");
        for _ in 0..20 {
            for _ in 0..4 {
                assert_eq!(call(&Script::new([Fail(Fault::Down)])).await, Err(Fault::Down));
                sleep(secs(11)).await;
            }
            assert_eq!(call(&Script::new([Answer(1)])).await, Ok(1));
            // The success has left the window, and all that was counted with it, before the next failure.
            sleep(secs(60)).await;
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_can_never_succeed_does_not_open_it() {
    testing::isolated(async {
        configure("max_attempts = 15\nbase_delay = '10ms'\nstrategy = 'fixed'\nbudget = 'off'");
        assert_eq!(call(&Script::new([Fail(Fault::Down)])).await, Err(Fault::Down));
        assert!(service().breaker_state().is_closed());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn failures_of_long_ago_do_not_count() {
    testing::isolated(async {
        configure("max_attempts = 1");
        for _ in 0..20 {
            assert_eq!(call(&Script::new([Fail(Fault::Down)])).await, Err(Fault::Down));
            // Five of them never fall within five minutes.
            sleep(secs(76)).await;
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_window_of_calls_and_a_service_without_statistics_know_it_too() {
    for (settings, calls) in [
        ("max_attempts = 1\nbreaker.window = 100", 5),
        ("max_attempts = 1\nattempt_timeout = 'off'\ndeadline = 'off'", 5),
        ("max_attempts = 2\nbase_delay = 0\nattempt_timeout = 'off'\ndeadline = 'off'", 3),
    ] {
        testing::isolated(async {
            let file = format!("[global]\nenable_global_metrics = false\n[services.svc]\n{settings}\n");
            registry().load_config(&file, "test.toml").unwrap_or_else(|error| panic!("{error}"));
            let script = forever(Script::new([Fail(Fault::Down)]));
            assert_eq!(calls_until_open(secs(10), script).await, calls, "{settings}");
        })
        .await;
    }
}

#[comprehensive_retry("rare", max_attempts = 1, breaker(quiet_failures = 2))]
async fn rare(runs: &Cell<u32>) -> Result<u32, Fault> {
    runs.set(runs.get() + 1);
    Err(Fault::Down)
}

#[comprehensive_retry("stoic", max_attempts = 1, breaker(quiet_failures = off))]
async fn stoic(runs: &Cell<u32>) -> Result<u32, Fault> {
    runs.set(runs.get() + 1);
    Err(Fault::Down)
}

#[tokio::test(start_paused = true)]
async fn the_attribute_says_after_how_many() {
    testing::isolated(async {
        let runs = Cell::new(0);
        for _ in 0..15 {
            assert!(rare(&runs).await.is_err());
        }
        assert_eq!(runs.take(), 2);
        for _ in 0..15 {
            assert!(stoic(&runs).await.is_err());
        }
        assert_eq!(runs.take(), 15);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_given_up_at_the_deadline_counts() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = 'off'\ndeadline = '2s'\nbreaker.slow_call = '1s'");
        for _ in 0..5 {
            assert!(call(&Script::new([slow(60_000, Answer(1))])).await.is_err());
            sleep(secs(20)).await;
        }
        assert!(!service().breaker_state().is_closed());
    })
    .await;
}
