//! What a breaker counts against a service, and what it does not.

use resilience_runtime::monitor::{AttemptOutcome, CallOutcome};
use resilience_runtime::{Ending, RejectionKind, comprehensive_retry, testing};

use crate::script::{
    Answer, Fail, Fault, Hang, Script, Step, call, configure, ms, secs, service, slow, stats,
};

/// One attempt per call; two failures in a row, or half of at least four, open the breaker.
const TOUCHY: &str = "max_attempts = 1\nattempt_timeout = '1s'\ndeadline = '10s'\n\
    breaker = { consecutive_failures = 2, min_calls = 100, open_for = '5s', half_open_calls = 1, success_threshold = 2 }";

async fn twice(step: Step) -> bool {
    for _ in 0..2 {
        let _ = call(&Script::new([step.clone()])).await;
    }
    service().breaker_state().is_open()
}

#[tokio::test(start_paused = true)]
async fn failures_unwanted_answers_and_timeouts_open_the_breaker_and_nothing_else_does() {
    for (step, opens) in [
        (Fail(Fault::Down), true),
        (Fail(Fault::Refused), true),
        (Hang, true),
        (Fail(Fault::Status(503)), true),
        (Fail(Fault::Wrong), false),
        (Fail(Fault::Status(404)), false),
        (Fail(Fault::Busy { wait: None }), false),
        (Fail(Fault::Ours), false),
        (Answer(1), false),
    ] {
        testing::isolated(async {
            configure(TOUCHY);
            assert_eq!(twice(step.clone()).await, opens, "{step:?}");
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_rejects_until_the_break_ends_then_trials_close_it() {
    testing::isolated(async {
        configure(TOUCHY);
        assert!(twice(Fail(Fault::Down)).await);
        let script = Script::new([Answer(7)]);
        let Err(Fault::Rejected(rejection)) = call(&script).await else { panic!("not rejected") };
        assert_eq!((rejection.kind(), rejection.service()), (RejectionKind::CircuitOpen, "svc"));
        let rest = rejection.retry_after().expect("the rest of the break");
        assert!((ms(4_400)..=ms(5_600)).contains(&rest), "{rest:?}");
        assert!(script.asked().is_empty());
        tokio::time::sleep(rest).await;
        assert_eq!(call(&script).await, Ok(7));
        assert!(service().breaker_state().is_half_open());
        assert_eq!(call(&script).await, Ok(7));
        assert!(service().breaker_state().is_closed());
        assert_eq!(stats().rejections(RejectionKind::CircuitOpen), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_failed_trial_doubles_the_break() {
    testing::isolated(async {
        configure(TOUCHY);
        assert!(twice(Fail(Fault::Down)).await);
        tokio::time::sleep(secs(6)).await;
        assert_eq!(call(&Script::new([Fail(Fault::Down)])).await, Err(Fault::Down));
        let Err(Fault::Rejected(rejection)) = call(&Script::new([Answer(7)])).await else {
            panic!("not rejected")
        };
        let rest = rejection.retry_after().expect("the rest of the break");
        assert!((ms(8_900)..=ms(11_100)).contains(&rest), "{rest:?}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_dropped_trial_gives_its_place_to_the_next() {
    testing::isolated(async {
        configure(TOUCHY);
        assert!(twice(Fail(Fault::Down)).await);
        tokio::time::sleep(secs(6)).await;
        for _ in 0..20 {
            let hanging = Script::new([Hang]);
            // Younger than half the attempt timeout: not counted.
            assert!(tokio::time::timeout(ms(100), call(&hanging)).await.is_err());
            assert_eq!(hanging.asked().len(), 1, "the trial ran");
        }
        let script = Script::new([Answer(7)]);
        assert_eq!((call(&script).await, call(&script).await), (Ok(7), Ok(7)));
        assert!(service().breaker_state().is_closed());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn only_so_many_trials_run_at_once() {
    testing::isolated(async {
        configure(TOUCHY);
        assert!(twice(Fail(Fault::Down)).await);
        tokio::time::sleep(secs(6)).await;
        let script = Script::new([slow(200, Answer(7))]);
        let results = futures::future::join_all((0..10).map(|_| call(&script))).await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        assert_eq!(script.asked().len(), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_hung_dependency_whose_callers_all_give_up_trips_the_breaker() {
    testing::isolated(async {
        configure(TOUCHY);
        for _ in 0..2 {
            // Each caller gives up before the attempt timeout, but after half of it.
            assert!(tokio::time::timeout(ms(600), call(&Script::new([Hang]))).await.is_err());
        }
        assert!(service().breaker_state().is_open());
        assert_eq!(stats().attempts(AttemptOutcome::Abandoned), 2);
        assert_eq!(stats().calls(CallOutcome::Cancelled), 2);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failure_and_is_not_retried() {
    testing::isolated(async {
        configure(&TOUCHY.replace("max_attempts = 1", "max_attempts = 3"));
        for _ in 0..2 {
            let body = testing::inherit(async { call(&Script::new([Step::Panic, Answer(1)])).await });
            assert!(tokio::spawn(body).await.unwrap_err().is_panic());
        }
        assert!(service().breaker_state().is_open());
        assert_eq!(stats().calls(CallOutcome::Panicked), 2);
        assert_eq!(stats().attempts(AttemptOutcome::Panicked), 2);
        assert_eq!(stats().in_flight(), 0);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn slow_answers_open_the_breaker_when_it_looks_at_them() {
    testing::isolated(async {
        configure(
            "max_attempts = 1\nbreaker = { slow_call = '500ms', slow_rate = 0.5, min_calls = 4, window = 10 }",
        );
        for time in [0, 0, 600, 600] {
            assert!(call(&Script::new([slow(time, Answer(1))])).await.is_ok());
        }
        assert!(service().breaker_state().is_open());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_would_find_the_breaker_open_is_not_waited_for() {
    testing::isolated(async {
        configure(&TOUCHY.replace(
            "max_attempts = 1",
            "max_attempts = 5\nbase_delay = '1s'\nstrategy = 'fixed'\njitter = 0.0",
        ));
        let script = Script::new([Fail(Fault::Down)]);
        assert_eq!(call(&script).await, Err(Fault::Down), "the real error, not the rejection");
        assert_eq!(script.asked().len(), 2);
        assert_eq!(stats().endings(Ending::CircuitOpen), 1);
    })
    .await;
}

fn is_wrong(fault: &Fault) -> bool {
    *fault == Fault::Wrong
}

#[comprehensive_retry("svc", breaker(record_if = is_wrong))]
async fn recorded_by_hand(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn record_if_decides_what_counts() {
    for (fault, opens) in [(Fault::Wrong, true), (Fault::Down, false)] {
        testing::isolated(async {
            configure(TOUCHY);
            for _ in 0..2 {
                let _ = recorded_by_hand(&Script::new([Fail(fault.clone())])).await;
            }
            assert_eq!(service().breaker_state().is_open(), opens, "{fault:?}");
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_breaker_can_be_forced_and_reset_by_hand() {
    testing::isolated(async {
        configure(TOUCHY);
        let script = Script::new([Answer(7)]);
        assert!(call(&script).await.is_ok());
        service().force_open();
        tokio::time::sleep(secs(600)).await;
        assert!(matches!(call(&script).await, Err(Fault::Rejected(_))), "for as long as it is forced");
        service().force_closed();
        assert!(!twice(Fail(Fault::Down)).await);
        assert!(call(&script).await.is_ok());
        service().reset_breaker();
        assert!(twice(Fail(Fault::Down)).await);
        service().reset_breaker();
        assert!(service().breaker_state().is_closed());
        assert!(call(&script).await.is_ok());
    })
    .await;
}

#[comprehensive_retry("svc", circuit_breaker_enabled = false, max_attempts = 3, base_delay = 0)]
async fn beside_the_breaker(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_site_that_does_not_look_at_the_breaker_is_not_stopped_by_it() {
    testing::isolated(async {
        configure(TOUCHY);
        assert!(twice(Fail(Fault::Down)).await);
        let script = Script::new([Fail(Fault::Down), Answer(7)]);
        assert_eq!(beside_the_breaker(&script).await, Ok(7));
    })
    .await;
}
