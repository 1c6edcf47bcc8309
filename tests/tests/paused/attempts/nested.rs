//! Annotated calls inside annotated calls.

use std::cell::Cell;

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{Rejection, RejectionKind, comprehensive_retry, registry, testing};
use tokio::time::Instant;

use crate::script::{Answer, Fail, Fault, Hang, Script, call, configure, ms, secs, stats};

fn count(counter: &Cell<u32>) {
    counter.set(counter.get() + 1);
}

#[comprehensive_retry("outer", max_attempts = 3, base_delay = 0, deadline = "2s", attempt_timeout = off)]
async fn outer(runs: &Cell<u32>, inner: &Script) -> Result<u32, Fault> {
    count(runs);
    call(inner).await
}

#[tokio::test(start_paused = true)]
async fn an_inner_call_ends_at_the_outer_deadline() {
    testing::isolated(async {
        configure("deadline = '60s'\nattempt_timeout = '60s'\nmax_attempts = 1");
        let start = Instant::now();
        let outcome = outer(&Cell::new(0), &Script::new([Hang])).await;
        assert!(
            matches!(outcome, Err(Fault::Rejected(ref it)) if it.kind() == RejectionKind::DeadlineExceeded)
        );
        assert!(start.elapsed() <= ms(2_002), "{:?}", start.elapsed());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn each_layer_pays_its_own_retries() {
    testing::isolated(async {
        // Three calls that fail, each three times, open a breaker.
        configure("max_attempts = 3\nbase_delay = 0\nbreaker = 'off'");
        let (runs, script) = (Cell::new(0), Script::new([Fail(Fault::Down)]));
        assert_eq!(outer(&runs, &script).await, Err(Fault::Down));
        assert_eq!((runs.get(), script.asked().len()), (3, 9));
        let retries = |name| registry().service(name).unwrap().stats().retries();
        assert_eq!((retries("outer"), retries("svc")), (2, 6));
    })
    .await;
}

#[comprehensive_retry("outer", max_attempts = 3, base_delay = 0, nested_retries = Suppress)]
async fn modest(runs: &Cell<u32>, inner: &Script) -> Result<u32, Fault> {
    count(runs);
    call(inner).await
}

#[tokio::test(start_paused = true)]
async fn a_modest_layer_does_not_retry_what_was_retried_below() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = 0");
        let (runs, script) = (Cell::new(0), Script::new([Fail(Fault::Down)]));
        assert_eq!(modest(&runs, &script).await, Err(Fault::Down));
        assert_eq!((runs.get(), script.asked().len()), (1, 3));
        // An inner call that may not retry has used up nothing.
        configure("max_attempts = 1\nbase_delay = 0");
        let (runs, script) = (Cell::new(0), Script::new([Fail(Fault::Down), Answer(1)]));
        assert_eq!(modest(&runs, &script).await, Ok(1));
        assert_eq!(runs.get(), 2);
    })
    .await;
}

/// Hides its source, as careless error types do, but keeps it.
#[derive(Debug)]
#[expect(dead_code, reason = "what it holds is held, and not looked at")]
struct Opaque(Option<Fault>);

impl From<Fault> for Opaque {
    fn from(fault: Fault) -> Self {
        Self(Some(fault))
    }
}

impl From<Rejection> for Opaque {
    fn from(_: Rejection) -> Self {
        Self(None)
    }
}

#[comprehensive_retry("hiding", max_attempts = 3, base_delay = 0, breaker(consecutive_failures = 1))]
async fn hiding(runs: &Cell<u32>, inner: &Script) -> Result<u32, Opaque> {
    count(runs);
    Ok(call(inner).await?)
}

#[tokio::test(start_paused = true)]
async fn an_inner_rejection_is_neither_retried_nor_held_against_the_outer_service() {
    testing::isolated(async {
        configure("max_attempts = 1");
        assert!(call(&Script::new([Answer(1)])).await.is_ok());
        registry().service("svc").unwrap().force_open();
        let runs = Cell::new(0);
        assert!(hiding(&runs, &Script::new([Answer(1)])).await.is_err());
        assert_eq!(runs.get(), 1, "the context tells, even where the error hides its source");
        assert!(registry().service("hiding").unwrap().breaker_state().is_closed());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_inner_timeout_is_retried_and_counts() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = '10ms'");
        let runs = Cell::new(0);
        assert!(hiding(&runs, &Script::new([Hang])).await.is_err());
        assert!(registry().service("hiding").unwrap().breaker_state().is_open());
    })
    .await;
}

#[comprehensive_retry("svc")]
async fn same_service(script: &Script) -> Result<u32, Fault> {
    call(script).await
}

#[tokio::test(start_paused = true)]
async fn a_call_of_the_same_service_passes_through() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0");
        let script = Script::new([Fail(Fault::Down)]);
        assert_eq!(same_service(&script).await, Err(Fault::Down));
        assert_eq!(script.asked().len(), 2, "two attempts of the outer call, none of the inner's own");
        assert_eq!(
            (stats().started(), stats().calls(CallOutcome::Error), stats().attempts_ended()),
            (1, 1, 2)
        );
    })
    .await;
}

#[comprehensive_retry("between", max_attempts = 1)]
async fn between(script: &Script) -> Result<u32, Fault> {
    call(script).await
}

#[comprehensive_retry("svc")]
async fn around(script: &Script) -> Result<u32, Fault> {
    between(script).await
}

#[tokio::test(start_paused = true)]
async fn also_with_another_service_in_between() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0");
        let script = Script::new([Fail(Fault::Down)]);
        assert_eq!(around(&script).await, Err(Fault::Down));
        assert_eq!((script.asked().len(), stats().started()), (2, 1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn calls_side_by_side_are_not_nested() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = '10s'");
        let (one, two) = (Script::new([crate::script::slow(50, Answer(1))]), Script::new([Answer(2)]));
        let (first, second) = tokio::join!(call(&one), call(&two));
        assert_eq!((first, second), (Ok(1), Ok(2)));
        assert_eq!(stats().started(), 2);
    })
    .await;
}

#[comprehensive_retry("outer", max_attempts = 1, deadline = "1s")]
async fn spawning() -> Result<u32, Fault> {
    let body = testing::inherit(async { call(&Script::new([crate::script::slow(5_000, Answer(3))])).await });
    // Not awaited: the task has its own deadline.
    drop(tokio::spawn(body));
    Ok(1)
}

#[tokio::test(start_paused = true)]
async fn a_spawned_task_stands_on_its_own() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = '10s'\ndeadline = '60s'");
        assert_eq!(spawning().await, Ok(1));
        tokio::time::sleep(secs(6)).await;
        assert_eq!(stats().calls(CallOutcome::Success), 1);
    })
    .await;
}

#[comprehensive_retry("outer", max_attempts = 3, base_delay = 0, breaker(consecutive_failures = 3))]
async fn with_a_cache(runs: &Cell<u32>, cache: &Script) -> Result<u32, Fault> {
    count(runs);
    if let Ok(hit) = call(cache).await {
        return Ok(hit);
    }
    // The real dependency, which is slow and down as well.
    tokio::time::sleep(ms(5)).await;
    Err(Fault::Down)
}

#[tokio::test(start_paused = true)]
async fn a_rejection_that_the_body_dealt_with_is_forgotten() {
    testing::isolated(async {
        configure("max_attempts = 1");
        assert!(call(&Script::new([Answer(1)])).await.is_ok());
        registry().service("svc").unwrap().force_open();
        let runs = Cell::new(0);
        assert_eq!(with_a_cache(&runs, &Script::new([Answer(1)])).await, Err(Fault::Down));
        assert_eq!(runs.get(), 3, "its own failure is retried");
        assert!(registry().service("outer").unwrap().breaker_state().is_open(), "and counts");
    })
    .await;
}

#[comprehensive_retry("spared", max_attempts = 1, breaker = off, throttle(k = 1.0, window = "10s"))]
async fn hiding_and_throttled(inner: &Script) -> Result<u32, Opaque> {
    Ok(call(inner).await?)
}

#[tokio::test(start_paused = true)]
async fn an_inner_rejection_says_nothing_to_the_outer_throttle() {
    testing::isolated(async {
        configure("max_attempts = 1");
        assert!(call(&Script::new([Answer(1)])).await.is_ok());
        registry().service("svc").unwrap().force_open();
        for _ in 0..50 {
            assert!(hiding_and_throttled(&Script::new([Answer(1)])).await.is_err());
        }
        let spared = registry().service("spared").unwrap();
        assert_eq!(spared.throttle_probability(), Some(0.0));
    })
    .await;
}
