//! Calls that are alive but not polled: a slow consumer of `buffer_unordered`, a `select!` on `&mut future`. They do
//! not keep other calls waiting for ever.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{RejectionKind, comprehensive_retry, testing};

use crate::script::{
    Answer, Fail, Fault, Script, ask, call, configure, ms, rejected, secs, service, slow, stats,
};

/// Polls a future once, with a waker that does nothing.
fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

const ONE_TRIAL: &str = "max_attempts = 1\nbreaker = { consecutive_failures = 1, open_for = '5s', half_open_calls = 1, success_threshold = 2 }";

#[tokio::test(start_paused = true)]
async fn a_trial_that_is_not_polled_gives_its_place_to_the_next_when_it_should_have_ended() {
    for (limit, hold) in
        [("attempt_timeout = '1s'", 1_100), ("attempt_timeout = 'off'\ndeadline = 'off'", 60_000)]
    {
        testing::isolated(async {
            configure(&format!("{ONE_TRIAL}\n{limit}"));
            assert_eq!(ask(Fail(Fault::Down)).await, Err(Fault::Down));
            tokio::time::sleep(secs(6)).await;
            let script = Script::new([slow(10, Answer(1))]);
            let mut stuck = pin!(call(&script));
            assert!(poll_once(stuck.as_mut()).is_pending());
            assert_eq!(
                rejected(&ask(Answer(2)).await),
                Some(RejectionKind::CircuitOpen),
                "it may still answer"
            );
            tokio::time::sleep(ms(hold)).await;
            assert_eq!(ask(Answer(2)).await, Ok(2), "{limit}");
            // One of two that are needed; the late one does not count.
            assert_eq!(stuck.await, Ok(1));
            assert!(service().breaker_state().is_half_open());
            assert_eq!(ask(Answer(3)).await, Ok(3));
            assert!(service().breaker_state().is_closed());
            assert_eq!(stats().in_flight(), 0);
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn trials_that_time_out_still_open_the_breaker_again() {
    testing::isolated(async {
        configure(&format!("{ONE_TRIAL}\nattempt_timeout = '1s'"));
        assert_eq!(ask(Fail(Fault::Down)).await, Err(Fault::Down));
        tokio::time::sleep(secs(6)).await;
        assert_eq!(rejected(&ask(crate::script::Hang).await), Some(RejectionKind::AttemptTimeout));
        assert!(service().breaker_state().is_open());
    })
    .await;
}

#[comprehensive_retry("svc", cache(ttl = "1m", key = 7, mode = ReadThrough))]
async fn shared(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_call_that_is_not_polled_takes_over_when_it_should_have_ended() {
    for (limits, patience) in [
        ("deadline = '2s'\nattempt_timeout = '1s'", 2_000),
        ("deadline = 'off'\nattempt_timeout = '1s'", 1_000),
        ("deadline = 'off'\nattempt_timeout = 'off'\nbreaker = { max_open_for = '20s' }", 20_000),
        ("deadline = 'off'\nattempt_timeout = 'off'\nbreaker = 'off'", 60_000),
    ] {
        testing::isolated(async move {
            configure(&format!("max_attempts = 1\n{limits}"));
            let scripts = [10, 30, 0].map(|time| Script::new([slow(u64::from(time), Answer(time))]));
            let mut leads = pin!(shared(&scripts[0]));
            assert!(poll_once(leads.as_mut()).is_pending());
            tokio::time::sleep(ms(500)).await;
            // Two waiters, one with a little more time than the other: the first leads, the second gets its answer.
            let began = tokio::time::Instant::now();
            let first = async { (shared(&scripts[1]).await, began.elapsed()) };
            let second = async {
                tokio::time::sleep(ms(1)).await;
                (shared(&scripts[2]).await, began.elapsed())
            };
            let ((first, first_after), (second, second_after)) = tokio::join!(first, second);
            let due = ms(patience - 500);
            assert_eq!((first, second), (Ok(30), Ok(30)), "{limits}");
            assert!(first_after >= due + ms(30) && first_after < due + ms(50), "{first_after:?} {limits}");
            assert!(second_after >= first_after && second_after < first_after + ms(5));
            assert_eq!(scripts[2].asked().len(), 0);
            // The late answer goes only to its own caller.
            let late = leads.await;
            assert!(late == Ok(10) || rejected(&late).is_some(), "{late:?}");
            assert_eq!(stats().in_flight(), 0);
            assert_eq!(stats().calls(CallOutcome::Panicked), 0);
        })
        .await;
    }
}
