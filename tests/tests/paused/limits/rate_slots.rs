//! Waiting for a slot of the rate limit, through the attributes: a call that leaves uses up no slot, and a call that is
//! not polled does not keep others from theirs.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use resilience_runtime::{RejectionKind, comprehensive_retry, registry, testing};
use tokio::time::{Instant, sleep, timeout};

use crate::script::{
    Answer, Fail, Fault, Hang, Script, ask, call, configure, ms, rejected, secs, service, slow, stats,
};

const TEN_A_SECOND: &str = "max_attempts = 1\nrate_limit = { per_second = 10, burst = 1, max_wait = '1s' }";

/// Polls a future once, with a waker that does nothing.
fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// A call that comes after some time, and is dropped if it has not ended after some more.
async fn come(script: &Script, after: Duration, patience: Duration) -> Option<Result<u32, Fault>> {
    sleep(after).await;
    timeout(patience, call(script)).await.ok()
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_while_it_waits_takes_no_slot_along() {
    testing::isolated(async {
        configure(TEN_A_SECOND);
        let script = Script::new([Answer(1)]);
        let outcomes = tokio::join!(
            come(&script, ms(0), secs(9)),
            come(&script, ms(0), ms(50)),
            come(&script, ms(10), secs(9)),
        );
        assert_eq!(outcomes, (Some(Ok(1)), None, Some(Ok(1))));
        assert_eq!(script.asked(), [ms(0), ms(100)], "not at 200");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn callers_that_give_up_early_do_not_keep_the_slots_from_being_used() {
    for deadline in ["", "\ndeadline = '50ms'\nattempt_timeout = '50ms'"] {
        testing::isolated(async {
            configure(&format!("{TEN_A_SECOND}{deadline}"));
            let script = Script::new([Answer(1)]);
            let calls = (0..1_000).map(|number| come(&script, ms(10 * number), ms(50)));
            futures::future::join_all(calls).await;
            assert!(script.asked().len() >= 90, "{} of 100 slots", script.asked().len());
            assert!(script.asked().windows(2).all(|two| two[1] >= two[0] + ms(100)), "{:?}", script.asked());
            assert_eq!((stats().in_flight(), stats().ended()), (0, 1_000));
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_slot_that_comes_with_the_deadline_is_not_taken() {
    testing::isolated(async {
        configure(&format!("{TEN_A_SECOND}\ndeadline = '100ms'\nattempt_timeout = '100ms'"));
        let script = Script::new([Answer(1)]);
        let start = Instant::now();
        let outcomes = tokio::join!(call(&script), async { (call(&script).await, start.elapsed()) });
        assert_eq!(outcomes.0, Ok(1));
        assert_eq!((rejected(&outcomes.1.0), outcomes.1.1), (Some(RejectionKind::RateLimited), ms(0)));

        // It comes at the deadline because of a reload, and the next call gets it.
        sleep(secs(1)).await;
        configure(&format!("{TEN_A_SECOND}\ndeadline = '150ms'\nattempt_timeout = '150ms'"));
        let script = Script::new([Answer(1)]);
        let outcomes = tokio::join!(call(&script), call(&script), come(&script, ms(60), secs(9)), async {
            sleep(ms(50)).await;
            configure(&TEN_A_SECOND.replace("per_second = 10", "per_second = 5"));
        },);
        assert_eq!(rejected(&outcomes.1), Some(RejectionKind::DeadlineExceeded));
        assert_eq!((outcomes.0, outcomes.2), (Ok(1), Some(Ok(1))));
        assert_eq!(script.asked(), [ms(0), ms(150)], "half a slot was left after 50 ms");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_is_refused_at_its_slot_leaves_the_slot_to_the_next() {
    #[comprehensive_retry("svc", circuit_breaker_enabled = false)]
    async fn unguarded(script: &Script) -> Result<u32, Fault> {
        script.step().await
    }
    testing::isolated(async {
        configure(TEN_A_SECOND);
        let script = Script::new([Answer(1)]);
        let start = Instant::now();
        let outcomes = tokio::join!(
            call(&script),
            call(&script),
            async { (call(&script).await, start.elapsed()) },
            unguarded(&script),
            async {
                sleep(ms(50)).await;
                service().force_open();
            },
        );
        let open = Some(RejectionKind::CircuitOpen);
        assert_eq!((outcomes.0, rejected(&outcomes.1), outcomes.3), (Ok(1), open, Ok(1)));
        assert_eq!((rejected(&outcomes.2.0), outcomes.2.1), (open, ms(100)));
        assert_eq!(script.asked(), [ms(0), ms(100)], "not at 300");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_finds_no_permit_leaves_its_slot_to_the_next() {
    for max_queue in [0, 1] {
        testing::isolated(async {
            let bulkhead = format!("bulkhead = {{ max_concurrent = 1, max_queue = {max_queue} }}");
            configure(&format!("{TEN_A_SECOND}\n{bulkhead}"));
            let script = Script::new([slow(150, Answer(1)), Answer(1)]);
            let outcomes = tokio::join!(
                call(&script),
                // Its slot comes at 100 ms, and it waits for the permit, or is rejected.
                come(&script, ms(0), ms(120)),
                come(&script, ms(155), secs(9)),
            );
            if max_queue == 0 {
                assert_eq!(rejected(&outcomes.1.unwrap()), Some(RejectionKind::BulkheadFull));
            } else {
                assert_eq!(outcomes.1, None);
            }
            assert_eq!((outcomes.0, outcomes.2), (Ok(1), Some(Ok(1))));
            assert_eq!(script.asked(), [ms(0), ms(155)], "not at 200");
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_not_polled_keeps_the_others_from_their_slots_for_no_longer_than_100_ms() {
    testing::isolated(async {
        configure(TEN_A_SECOND);
        let script = Script::new([Answer(1)]);
        let stuck = Script::new([Answer(1)]);
        assert_eq!(call(&script).await, Ok(1));
        let mut first = pin!(call(&stuck));
        let mut second = pin!(call(&stuck));
        assert!(poll_once(first.as_mut()).is_pending() && poll_once(second.as_mut()).is_pending());
        let others = async {
            let all = tokio::join!(call(&script), call(&script), call(&script));
            assert_eq!(all, (Ok(1), Ok(1), Ok(1)));
            let newcomer = come(&script, ms(30), secs(9)).await;
            assert_eq!(newcomer, Some(Ok(1)));
        };
        others.await;
        // Due at 100 ms; offered to the first, then to the second, then to one that is polled; and no call waits for
        // these two again.
        assert_eq!(script.asked(), [0, 300, 400, 500, 600].map(ms));
        assert_eq!(stuck.asked(), []);
        // They keep their places.
        let mut newcomer = pin!(call(&script));
        assert!(poll_once(newcomer.as_mut()).is_pending());
        assert_eq!(tokio::join!(first, second, newcomer), (Ok(1), Ok(1), Ok(1)));
        assert_eq!(stuck.asked(), [700, 800].map(ms));
        assert_eq!(script.asked().last(), Some(&ms(900)));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_thousand_that_are_not_polled_are_found_out_at_once() {
    testing::isolated(async {
        configure(&format!("{}\ndeadline = 'off'", TEN_A_SECOND.replace("'1s'", "'500s'")));
        let (script, stuck) = (Script::new([Answer(1)]), Script::new([Answer(1)]));
        assert_eq!(call(&script).await, Ok(1));
        let mut crowd: Vec<_> = (0..1_000).map(|_| Box::pin(call(&stuck))).collect();
        for waiting in &mut crowd {
            assert!(poll_once(waiting.as_mut()).is_pending());
        }
        let calls = (0..10).map(|_| call(&script));
        let outcomes = futures::future::join_all(calls).await;
        assert_eq!(outcomes, [const { Ok(1) }; 10]);
        let asked = script.asked();
        assert!(asked[1] <= ms(2_300), "{asked:?}");
        assert!(asked.last() <= Some(&(asked[1] + ms(900))), "{asked:?}");
        drop(crowd);
        assert_eq!(stats().in_flight(), 0);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_waits_in_vain_is_told_when_its_time_is_up() {
    testing::isolated(async {
        configure(TEN_A_SECOND);
        assert_eq!(ask(Answer(1)).await, Ok(1));
        let start = Instant::now();
        let (outcome, ()) = tokio::join!(ask(Answer(1)), async {
            sleep(ms(50)).await;
            configure(&TEN_A_SECOND.replace("per_second = 10", "per_second = 0.1"));
        });
        assert_eq!((rejected(&outcome), start.elapsed()), (Some(RejectionKind::RateLimited), secs(1)));
        let Err(Fault::Rejected(rejection)) = outcome else { unreachable!() };
        // Half a slot of what was used remains, and calls may wait for a second.
        assert_eq!(rejection.retry_after(), Some(ms(5_000 - 950 - 1_000)));
        assert_eq!(stats().rejections(RejectionKind::RateLimited), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_waits_for_its_slot_holds_no_trial_and_no_place_under_the_cap() {
    testing::isolated(async {
        configure(&format!("{}\nbase_delay = 0", TEN_A_SECOND.replace("max_attempts = 1", "max_attempts = 2")));
        let script = Script::new([Fail(Fault::Down), Answer(1)]);
        let (outcome, ()) = tokio::join!(call(&script), async {
            sleep(ms(50)).await;
            assert_eq!(registry().concurrent_retries(), 0);
        });
        assert_eq!(outcome, Ok(1));

        sleep(secs(1)).await;
        configure(&format!("{TEN_A_SECOND}\nbreaker = {{ consecutive_failures = 1, open_for = '20ms', half_open_calls = 1, success_threshold = 1 }}"));
        assert_eq!(ask(Fail(Fault::Down)).await, Err(Fault::Down));
        sleep(ms(50)).await;
        let script = Script::new([slow(10, Answer(1))]);
        assert_eq!(tokio::join!(call(&script), call(&script)), (Ok(1), Ok(1)), "nobody is kept from the trial");
        assert_eq!(script.asked(), [ms(50), ms(150)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_overtakes_nobody_who_waits() {
    testing::isolated(async {
        configure("max_attempts = 1\nrate_limit = { per_second = 10, burst = 1, max_wait = '90ms' }");
        let (script, late) = (Script::new([Answer(1)]), Script::new([Answer(1)]));
        assert_eq!(call(&script).await, Ok(1));
        let mut waits = pin!(come(&script, ms(20), secs(9)));
        assert!(poll_once(waits.as_mut()).is_pending());
        tokio::time::advance(ms(20)).await;
        assert!(poll_once(waits.as_mut()).is_pending());
        // The slot has come, but its task has not been polled yet.
        tokio::time::advance(ms(80)).await;
        let newcomer = call(&late).await;
        assert_eq!(rejected(&newcomer), Some(RejectionKind::RateLimited));
        let Err(Fault::Rejected(rejection)) = newcomer else { unreachable!() };
        assert_eq!(rejection.retry_after(), Some(ms(10)));
        assert_eq!(waits.await, Some(Ok(1)));
        assert_eq!((script.asked(), late.asked()), (vec![ms(0), ms(100)], vec![]));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn waiters_come_and_go_and_leave_no_trace() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = '9s'\nrate_limit = { per_second = 100, burst = 2, max_wait = '9s' }");
        let script = Script::new([Answer(1)]);
        for number in 0..200 {
            let _ = timeout(ms(number % 37), futures::future::join_all((0..5).map(|_| call(&script)))).await;
            let _ = timeout(ms(number % 5), ask(Hang)).await;
        }
        assert_eq!((stats().in_flight(), stats().started() - stats().ended()), (0, 0));
        sleep(secs(1)).await;
        let start = Instant::now();
        let both = tokio::join!(call(&script), call(&script));
        assert_eq!((both, start.elapsed()), ((Ok(1), Ok(1)), ms(0)), "nobody is in the way");
    })
    .await;
}
