//! A deadline that one call alone has: it holds on each way that calls take, and changes nothing else.

use std::future::{Future, pending, poll_fn};
use std::task::Poll;
use std::time::Duration;

use resilience_runtime::monitor::{CallOutcome, Stats};
use resilience_runtime::{RejectionKind, Resilient, testing};
use tokio::time::{Instant, sleep};

use crate::script::{Answer, Fail, Fault, Hang, Script, configure, ms, rejected, secs, slow, stats};

/// The first call of a thread makes room for what it counts, and takes another way than those after it.
const ROUNDS: u32 = 3;

#[tokio::test(start_paused = true)]
async fn it_ends_the_body_and_the_attempts_after_it() {
    testing::isolated(async {
        configure("max_attempts = 100\nbase_delay = 0\nidempotent = true\nbudget = 'off'\nbreaker = 'off'\nattempt_timeout = '70ms'");
        let handle = Resilient::service("svc").build();
        for _ in 0..ROUNDS {
            let script = Script::new([slow(30, Fail(Fault::Down))]);
            let (began, call) = (Instant::now(), handle.call(|| script.step()));
            let outcome = call.deadline(ms(100)).await;
            assert_eq!((outcome, began.elapsed()), (Err(Fault::Down), ms(100)));
            assert_eq!(script.asked(), [ms(0), ms(30), ms(60), ms(90)]);

            let hang = Script::new([Hang]);
            let outcome = handle.call(|| hang.step()).deadline(ms(50)).await;
            assert_eq!(rejected(&outcome), Some(RejectionKind::DeadlineExceeded));
            assert_eq!(began.elapsed(), ms(150));

            // The timeout of the attempt comes first, and then the deadline.
            let hang = Script::new([Hang]);
            assert!(handle.call(|| hang.step()).deadline(ms(90)).await.is_err());
            assert_eq!((hang.asked(), began.elapsed()), (vec![ms(0), ms(70)], ms(240)));
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn it_holds_for_the_calls_inside() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = 'off'");
        let (outer, inner) = (Resilient::service("svc").build(), Resilient::service("inside").build());
        for _ in 0..ROUNDS {
            let began = Instant::now();
            // It begins inside, and goes on outside of the call that has the deadline.
            let made = outer.call(|| async {
                let mut call = Box::pin(inner.call(pending::<Result<u32, Fault>>));
                let is_pending = poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx).is_pending())).await;
                assert!(is_pending);
                Ok::<_, Fault>(call)
            });
            let outcome = made.deadline(ms(40)).await.expect("it succeeds").await;
            assert!(rejected(&outcome).is_some_and(RejectionKind::is_timeout), "{outcome:?}");
            assert_eq!(began.elapsed(), ms(40));
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_gives_its_permit_back() {
    testing::isolated(async {
        configure(
            "max_attempts = 1\nattempt_timeout = 'off'\nbulkhead = { max_concurrent = 1, max_queue = 0 }",
        );
        let handle = Resilient::service("svc").build();
        for round in 1..=u64::from(ROUNDS) {
            let ready = || handle.call(|| async { Ok::<_, Fault>(1) }).deadline(secs(1));
            let hang = Script::new([Hang]);
            let held = tokio::time::timeout(ms(10), async {
                tokio::join!(handle.call(|| hang.step()).deadline(secs(1)), async {
                    assert_eq!(rejected(&ready().await), Some(RejectionKind::BulkheadFull));
                })
            });
            assert!(held.await.is_err());
            assert_eq!(ready().await, Ok(1));
            let count = |outcome| stats().calls(outcome);
            assert_eq!((count(CallOutcome::Cancelled), count(CallOutcome::Success)), (round, round));
        }
    })
    .await;
}

/// What is counted of many calls, each with a deadline where there is one.
async fn counted(deadline: Option<Duration>) -> Stats {
    testing::isolated_with(7, async {
        configure(
            "max_attempts = 3\nbase_delay = 0\nattempt_timeout = '20ms'\nbreaker.consecutive_failures = 4\n\
             breaker.open_for = '50ms'\nbulkhead = { max_concurrent = 32, max_queue = 0 }",
        );
        let handle = Resilient::service("svc").build();
        let steps = [
            vec![Answer(1)],
            vec![slow(5, Answer(2))],
            vec![Fail(Fault::Down), Answer(3)],
            vec![slow(5, Fail(Fault::Down)), slow(5, Answer(4))],
            vec![Fail(Fault::Wrong)],
            vec![Hang, Answer(5)],
            vec![Fail(Fault::Down)],
            vec![Fail(Fault::Busy { wait: Some(ms(3)) }), Answer(6)],
        ];
        for round in 0..40 {
            let script = Script::new(steps[round % steps.len()].clone());
            let call = handle.call(|| script.step());
            let _ = match deadline {
                Some(deadline) => call.deadline(deadline).await,
                None => call.await,
            };
            sleep(ms(20)).await;
        }
        stats()
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn one_that_is_far_away_changes_nothing_that_is_counted() {
    let plain = counted(None).await;
    assert!(plain.retries() > 5 && plain.calls(CallOutcome::Error) > 2, "{plain:?}");
    assert_eq!(counted(Some(secs(3_600))).await, plain);
}
