//! The fast path: calls that end at once, or after one wait, behave like all others wherever the paths could differ.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use resilience_runtime::monitor::{AttemptOutcome, CallOutcome};
use resilience_runtime::{
    Answered, Ending, RejectionKind, answered_by, comprehensive_retry, registry, testing,
};

use crate::script::{Answer, Fail, Fault, Script, Step, call, configure, ms, service, slow, stats};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that `retry_if_ok` asks for")]
fn panics_at_three(value: &u32) -> bool {
    assert!(*value != 3, "three");
    false
}

#[comprehensive_retry("svc", retry_if_ok = panics_at_three)]
async fn picky(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("svc", static_response = 9)]
async fn degraded(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// The first call of a thread allocates its counters, and does not take the fast path.
async fn warm_up() {
    assert_eq!(call(&Script::new([Answer(0)])).await, Ok(0));
}

const ONE_PERMIT: &str =
    "max_attempts = 1\nbulkhead = { max_concurrent = 1, max_queue = 1, max_wait = '10s' }";
const MANY_PERMITS: &str = "max_attempts = 1\nbulkhead = { max_concurrent = 100 }";

#[tokio::test(start_paused = true)]
async fn a_panic_gives_everything_back_and_leaves_the_call() {
    for settings in [ONE_PERMIT, MANY_PERMITS] {
        testing::isolated(async {
            configure(settings);
            warm_up().await;
            let panics = [
                (Step::Panic, false),
                (slow(5, Step::Panic), false),
                (Answer(3), true),
                (slow(5, Answer(3)), true),
            ];
            for (count, (step, in_rule)) in (1..).zip(panics) {
                let body = async move {
                    let script = Script::new([step]);
                    if in_rule { picky(&script).await } else { call(&script).await }
                };
                assert!(tokio::spawn(testing::inherit(body)).await.unwrap_err().is_panic());
                assert_eq!(service().bulkhead_in_flight(), Some(0));
                assert_eq!(stats().calls(CallOutcome::Panicked), count);
                assert_eq!(stats().attempts(AttemptOutcome::Panicked), count);
                // A call inside another call of its service would not be counted.
                assert_eq!(call(&Script::new([Answer(1)])).await, Ok(1));
                assert_eq!((stats().started(), stats().ended()), (2 * count + 1, 2 * count + 1));
            }
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_waits_is_judged_by_the_settings_that_have_come_meanwhile() {
    testing::isolated(async {
        configure("max_attempts = 1\nbreaker = { min_calls = 2, failure_rate = 1.0 }");
        warm_up().await;
        let attempt = async { assert_eq!(call(&Script::new([slow(600, Answer(1))])).await, Ok(1)) };
        let reload = async {
            tokio::time::sleep(ms(300)).await;
            configure("max_attempts = 1\nbreaker = { min_calls = 2, slow_call = '500ms', slow_rate = 0.5 }");
        };
        tokio::join!(attempt, reload);
        assert!(service().breaker_state().is_open(), "it was slow");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_was_taken_goes_back_after_the_bulkhead_has_changed() {
    for (before, after) in
        [(ONE_PERMIT, MANY_PERMITS), (MANY_PERMITS, ONE_PERMIT), (MANY_PERMITS, "max_attempts = 1")]
    {
        testing::isolated(async {
            configure(before);
            warm_up().await;
            let attempt = async { assert_eq!(call(&Script::new([slow(600, Answer(1))])).await, Ok(1)) };
            let reload = async {
                tokio::time::sleep(ms(300)).await;
                configure(after);
            };
            tokio::join!(attempt, reload);
            configure(MANY_PERMITS);
            assert_eq!(service().bulkhead_in_flight(), Some(0), "{before} {after}");
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_an_open_breaker_turns_away_is_counted_and_answered_for_like_any_other() {
    testing::isolated(async {
        configure("max_attempts = 1\nbreaker = { consecutive_failures = 1, open_for = '5s' }");
        warm_up().await;
        let script = Script::new([Fail(Fault::Down), Answer(1)]);
        assert_eq!(answered_by(degraded(&script)).await, (Ok(9), Answered::Static));
        assert!(service().breaker_state().is_open());
        let before = stats();
        assert_eq!(answered_by(degraded(&script)).await, (Ok(9), Answered::Static));
        service().force_open();
        assert_eq!(answered_by(degraded(&script)).await, (Ok(9), Answered::Static));
        let Err(Fault::Rejected(rejection)) = call(&script).await else { panic!("not rejected") };
        assert_eq!((rejection.kind(), rejection.retry_after()), (RejectionKind::CircuitOpen, None));
        assert_eq!(script.asked().len(), 1);
        let after = stats();
        assert_eq!(after.started() - before.started(), 3);
        assert_eq!(after.rejections(RejectionKind::CircuitOpen), 3);
        assert_eq!(after.endings(Ending::CircuitOpen), 3);
        assert_eq!(after.latency().count(), before.latency().count(), "no body ran");
        assert_eq!(after.latency().total(), before.latency().total());
        assert_eq!((after.in_flight(), after.ended()), (0, after.started()));
    })
    .await;
}

struct Grenade;

impl Wake for Grenade {
    fn wake(self: Arc<Self>) {
        panic!("whoever wakes it");
    }
}

/// Polls a call, and another one that queues for its slot with a waker that panics when the slot is granted.
async fn give_permit_to_grenade(
    mut holder: Pin<&mut impl Future>,
    mut queued: Pin<&mut impl Future>,
    after: Duration,
) {
    let mut task = Context::from_waker(Waker::noop());
    assert!(holder.as_mut().poll(&mut task).is_pending());
    let grenade = Waker::from(Arc::new(Grenade));
    assert!(queued.as_mut().poll(&mut Context::from_waker(&grenade)).is_pending());
    tokio::time::advance(after).await;
    // It is woken all the same; what happens to it then is its own business.
    let _ = holder.as_mut().poll(&mut task);
}

/// Polls a future once, with a waker that does nothing.
fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test(start_paused = true)]
async fn a_waker_that_panics_does_not_give_a_permit_back_twice() {
    for waits in [0, 5] {
        testing::isolated(async {
            configure(ONE_PERMIT);
            warm_up().await;
            let (first, second) = (Script::new([slow(20, Answer(1))]), Script::new([Answer(2)]));
            let mut holder = pin!(call(&first));
            let mut queued = pin!(call(&second));
            give_permit_to_grenade(holder.as_mut(), queued.as_mut(), ms(20 + waits)).await;
            holder.set(call(&first));
            // The slot belongs to the other call now.
            assert_eq!(service().bulkhead_in_flight(), Some(1));
            assert_eq!(stats().calls(CallOutcome::Success), 2);
            assert_eq!(poll_once(queued.as_mut()), Poll::Ready(Ok(2)));
            assert_eq!(service().bulkhead_in_flight(), Some(0));
            assert_eq!((stats().calls(CallOutcome::Success), stats().in_flight()), (3, 0));
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn nor_does_it_when_the_attempt_has_failed_and_is_followed_by_another() {
    for attempts in [1, 2] {
        testing::isolated(async {
            configure(
                "base_delay = '0s'\nmax_attempts = 3\nbudget = 'off'\nbreaker = 'off'\n\
                 bulkhead = { max_concurrent = 1, max_queue = 1, max_wait = '10s' }",
            );
            warm_up().await;
            let mut steps = vec![Fail(Fault::Down); attempts - 1];
            steps.extend([slow(20, Fail(Fault::Down)), Answer(1)]);
            let (first, second) = (Script::new(steps), Script::new([Answer(2)]));
            let mut holder = pin!(call(&first));
            let mut queued = pin!(call(&second));
            give_permit_to_grenade(holder.as_mut(), queued.as_mut(), ms(20)).await;
            holder.set(call(&first));
            assert_eq!((service().bulkhead_in_flight(), registry().concurrent_retries()), (Some(1), 0));
            assert_eq!(stats().attempts(AttemptOutcome::Retryable), attempts as u64);
            assert_eq!(stats().attempts_ended(), 1 + attempts as u64);
            assert_eq!(poll_once(queued.as_mut()), Poll::Ready(Ok(2)));
            assert_eq!((service().bulkhead_in_flight(), stats().in_flight()), (Some(0), 0));
        })
        .await;
    }
}
