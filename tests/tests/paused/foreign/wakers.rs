//! Wakers that panic when they are cloned, woken or dropped.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use cooked_waker::{IntoWaker, Wake, WakeRef};
use resilience_runtime::comprehensive_retry;

use super::{behaving, burn, play};
use crate::script::{Answer, Fail, Fault, Script, Step, call, ms, slow};

/// The waker of a task that is polled repeatedly, whether woken or not.
#[derive(Debug)]
struct Grenade;

impl Clone for Grenade {
    fn clone(&self) -> Self {
        burn();
        Self
    }
}

impl Drop for Grenade {
    fn drop(&mut self) {
        burn();
    }
}

impl WakeRef for Grenade {
    fn wake_by_ref(&self) {
        burn();
    }
}

impl Wake for Grenade {}

type Call = Pin<Box<dyn Future<Output = Result<u32, Fault>>>>;

/// Polls calls in turn, a millisecond apart, each with a waker of its own, until all have ended; the fuse may blow in
/// any of these polls. Those at some places are dropped after that many rounds. Returns how many calls panicked.
async fn poll_all(calls: Vec<Call>, dropped: &[(usize, usize)]) -> u64 {
    let mut calls: Vec<_> = calls.into_iter().map(Some).collect();
    let mut panicked = 0;
    for round in 0..400 {
        for (number, place) in calls.iter_mut().enumerate() {
            let Some(call) = place else { continue };
            let waker = Box::new(Grenade).into_waker();
            let polled =
                catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(&mut Context::from_waker(&waker))));
            panicked += u64::from(polled.is_err());
            if !matches!(polled, Ok(Poll::Pending)) || dropped.contains(&(number, round)) {
                // The timers of the bodies have wakers, too.
                let _ = catch_unwind(AssertUnwindSafe(|| *place = None));
            }
            let _ = catch_unwind(AssertUnwindSafe(|| drop(waker)));
        }
        if calls.iter().all(Option::is_none) {
            return panicked;
        }
        behaving(tokio::time::sleep(ms(1))).await;
    }
    let stuck: Vec<_> = calls.iter().map(Option::is_some).collect();
    panic!("calls are stuck: {stuck:?}, {dropped:?}");
}

/// A call that owns its script.
fn boxed(steps: impl IntoIterator<Item = Step>) -> Call {
    let script = Script::new(steps);
    Box::pin(async move { call(&script).await })
}

#[comprehensive_retry("svc", idempotent = true, hedge(after = "2ms", max = 2))]
async fn hedged(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("svc", cache(ttl = "1ms", key = 7, mode = ReadThrough))]
async fn shared(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// A call that owns its script and shares its execution with others of its kind.
fn boxed_shared(steps: impl IntoIterator<Item = Step>) -> Call {
    let script = Script::new(steps);
    Box::pin(async move { shared(&script).await })
}

const LIMITS: [&str; 4] = [
    "bulkhead = { max_concurrent = 1, max_queue = 9, max_wait = '1s' }",
    "bulkhead = { max_concurrent = 20 }\nattempt_timeout = '50ms'",
    "rate_limit = { per_second = 200, burst = 1, max_wait = '1s' }",
    "bulkhead = { max_concurrent = 1, max_queue = 9, max_wait = '5ms' }\nattempt_timeout = '4ms'",
];

#[tokio::test(start_paused = true)]
async fn a_waker_that_panics_costs_nothing_but_its_own_call() {
    for (limit, delay) in
        LIMITS.into_iter().zip(["0", "'2ms'"].into_iter().cycle()).chain([(LIMITS[1], "'2ms'")])
    {
        {
            let settings = format!(
                "max_attempts = 3\nbase_delay = {delay}\nbudget = 'off'\n{limit}\n\
                 breaker = {{ consecutive_failures = 99, half_open_calls = 1 }}"
            );
            for dropped in [&[][..], &[(1, 2), (2, 1)]] {
                play(&format!("wakers {dropped:?}"), &settings, async || {
                    let calls = vec![
                        boxed([slow(3, Fail(Fault::Down)), slow(2, Answer(1))]),
                        boxed([Fail(Fault::Down), slow(3, Answer(1))]),
                        boxed([slow(3, Answer(1))]),
                        boxed([slow(1, Fail(Fault::Wrong))]),
                    ];
                    poll_all(calls, dropped).await
                })
                .await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_waker_that_panics_costs_nothing_where_calls_have_copies() {
    play("hedges", "max_attempts = 2\nbase_delay = 0\nbulkhead = { max_concurrent = 20 }", async || {
        let script = Script::new([slow(9, Answer(1)), slow(3, Fail(Fault::Down)), slow(4, Answer(2))]);
        poll_all(vec![Box::pin(async move { hedged(&script).await })], &[]).await
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_waker_that_panics_keeps_nobody_else_from_a_shared_answer() {
    for step in [slow(3, Answer(1)), slow(3, Fail(Fault::Wrong)), Step::Panic] {
        for dropped in [&[][..], &[(0, 1)], &[(1, 1), (0, 2)]] {
            play("flights", "max_attempts = 1", async || {
                let calls = (0..4).map(|_| boxed_shared([step.clone()])).collect();
                poll_all(calls, dropped).await
            })
            .await;
        }
    }
}
