//! The body: once, at once, as the plain function; whatever would be done with its call.

use std::sync::atomic::{AtomicU32, Ordering};

use resilience_runtime::monitor::{AttemptOutcome, CallOutcome, CallerOutcome};
use resilience_runtime::{
    Answered, RejectionKind, answered_by, comprehensive_retry, graceful_degradation, registry,
    resilient_service, testing, with_deadline,
};
use tokio::time::{Instant, sleep, timeout};

use super::{observe, would};
use crate::script::{
    Answer, Fail, Fault, Hang, Script, Step, ask, call, ms, rejected, secs, service, slow, stats,
};

/// Rules of which each would keep most calls from running, or end them.
const STRICT: &str = "max_attempts = 3\nbase_delay = '1ms'\nmax_delay = '1ms'\nattempt_timeout = '10ms'\n\
    deadline = '50ms'\nbreaker = { consecutive_failures = 1, open_for = '1m' }\n\
    bulkhead = { max_concurrent = 1, max_queue = 0 }\nrate_limit = { per_second = 1, burst = 1 }\nthrottle.k = 1";

#[tokio::test(start_paused = true)]
async fn it_runs_once_and_at_once_while_every_rule_would_reject() {
    testing::isolated(async {
        observe(STRICT);
        testing::set_pressure(99.0);
        let start = Instant::now();
        for _ in 0..3 {
            let script = Script::new([slow(100, Fail(Fault::Down))]);
            assert_eq!(call(&script).await, Err(Fault::Down));
            assert_eq!(script.asked(), [ms(0)]);
        }
        let script = Script::new([slow(100, Answer(7))]);
        let outcomes = futures::future::join_all((0..20).map(|_| call(&script))).await;
        assert!(outcomes.iter().all(|outcome| *outcome == Ok(7)), "{outcomes:?}");
        assert_eq!(script.asked(), [ms(0); 20]);
        assert_eq!(start.elapsed(), ms(400), "as long as the bodies took");
        // Of the real counters, each has what has happened.
        let stats = stats();
        assert_eq!((stats.calls(CallOutcome::Success), stats.calls(CallOutcome::Error)), (20, 3));
        assert_eq!((stats.attempts_ended(), stats.retries(), stats.in_flight()), (23, 0, 0));
        assert_eq!(stats.attempts(AttemptOutcome::Retryable), 3);
        for &kind in RejectionKind::ALL {
            assert_eq!(stats.rejections(kind), 0, "{kind:?}");
        }
        assert_eq!(would(), [("shed", 23)], "each of them, once");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn nothing_ends_it_and_nothing_is_left_of_it_when_it_is_dropped() {
    testing::isolated(async {
        observe("attempt_timeout = '10ms'\ndeadline = '50ms'\nbulkhead.max_concurrent = 1");
        assert!(timeout(secs(3_600), ask(Hang)).await.is_err(), "no timer but that of the caller");
        let stats = stats();
        assert_eq!((stats.calls(CallOutcome::Cancelled), stats.in_flight()), (1, 0));
        assert_eq!(stats.attempts(AttemptOutcome::Abandoned), 1);
        assert_eq!(would(), [("deadline_exceeded", 1)]);
        assert_eq!(ask(Answer(1)).await, Ok(1));
        assert_eq!(would(), [("deadline_exceeded", 1)], "its seat is free again");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_panic_goes_through_and_is_counted_as_one() {
    testing::isolated(async {
        observe("breaker.consecutive_failures = 1\nbulkhead.max_concurrent = 1\nbulkhead.max_queue = 0");
        let panicked = tokio::spawn(testing::inherit(async { ask(Step::Panic).await })).await;
        assert!(panicked.unwrap_err().is_panic());
        let stats = stats();
        assert_eq!((stats.calls(CallOutcome::Panicked), stats.outcomes(CallerOutcome::Panicked)), (1, 1));
        assert!(service().breaker_state().is_open(), "it votes");
        service().reset_breaker();
        assert_eq!(ask(Answer(1)).await, Ok(1));
        assert_eq!(would(), [], "its seat beside the bulkhead is free again");
    })
    .await;
}

#[comprehensive_retry("inner", attempt_timeout = off, deadline = off)]
async fn inner() -> Result<u32, Fault> {
    sleep(ms(200)).await;
    Ok(5)
}

#[comprehensive_retry("svc", deadline = "50ms", attempt_timeout = "50ms")]
async fn around() -> Result<u32, Fault> {
    inner().await
}

#[tokio::test(start_paused = true)]
async fn the_calls_inside_see_the_deadline_around_it_and_not_its_own() {
    testing::isolated(async {
        observe("");
        let start = Instant::now();
        assert_eq!(around().await, Ok(5));
        assert_eq!(start.elapsed(), ms(200));
        let outcome = with_deadline(ms(100), around()).await;
        assert_eq!(rejected(&outcome), Some(RejectionKind::DeadlineExceeded));
        assert_eq!(start.elapsed(), ms(300));
        let of_inner = registry().service("inner").unwrap().stats();
        assert_eq!(
            of_inner.rejections(RejectionKind::DeadlineExceeded),
            1,
            "it is the inner call that has ended"
        );
        assert_eq!(stats().rejections(RejectionKind::DeadlineExceeded), 0);
        assert_eq!(would(), [("deadline_exceeded", 2)]);
    })
    .await;
}

/// Calls its own service.
#[comprehensive_retry("svc")]
async fn twice(script: &Script) -> Result<u32, Fault> {
    call(script).await
}

#[tokio::test(start_paused = true)]
async fn a_call_of_the_same_service_inside_is_a_part_of_it() {
    testing::isolated(async {
        observe("bulkhead = { max_concurrent = 1, max_queue = 0 }\nmax_attempts = 1");
        assert_eq!(twice(&Script::new([Answer(1)])).await, Ok(1));
        assert_eq!((stats().started(), would()), (1, Vec::new()));
    })
    .await;
}

static FALLBACKS: AtomicU32 = AtomicU32::new(0);

#[resilient_service(
    "svc",
    fallback = |_key: u32, _script: &Script| { FALLBACKS.fetch_add(1, Ordering::Relaxed); Ok(9) },
    cache(key = key, mode = ReadThrough),
    static_response = 10
)]
async fn answered(key: u32, script: &Script) -> Result<u32, Fault> {
    let _ = key;
    script.step().await
}

#[graceful_degradation("svc", cache(key = 0), fallback = |_script: &Script| { FALLBACKS.fetch_add(1, Ordering::Relaxed); Ok(9) })]
async fn degrades(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn nothing_is_kept_for_later_and_nobody_answers_for_it() {
    testing::isolated(async {
        observe("max_attempts = 1");
        let script = Script::new([Answer(1), Answer(2), Fail(Fault::Down)]);
        let (first, by) = answered_by(answered(1, &script)).await;
        assert_eq!((first, by), (Ok(1), Answered::Call));
        assert_eq!(answered(1, &script).await, Ok(2), "the cache does not answer");
        assert_eq!(answered(1, &script).await, Err(Fault::Down));
        let script = Script::new([Answer(3), Fail(Fault::Down)]);
        assert_eq!((degrades(&script).await, degrades(&script).await), (Ok(3), Err(Fault::Down)));
        assert_eq!(FALLBACKS.load(Ordering::Relaxed), 0);
        let stats = stats();
        assert_eq!((stats.cache_hits(), stats.fallbacks_skipped()), (0, 0));
        assert_eq!((stats.outcomes(CallerOutcome::Failure), stats.outcomes(CallerOutcome::Success)), (2, 3));
        // The same functions, where the rules act.
        crate::script::configure("max_attempts = 1");
        assert_eq!((answered(1, &script).await, degrades(&script).await), (Ok(9), Ok(9)));
        assert_eq!(FALLBACKS.load(Ordering::Relaxed), 2);
    })
    .await;
}
