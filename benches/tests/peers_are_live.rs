//! What the peers are configured with acts: a benchmark beside something that does nothing would be worth nothing.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use backon::Retryable as _;
use benches::ops::{Answer, Body, OpError, always_fails, hangs};
use benches::peers::breakers::{failsafe, failsafe_in_a_row, recloser, through_failsafe, through_recloser};
use benches::peers::by_hand::{ByHand, backoff, is_transient, limiter};
use benches::peers::{execution_policy, seatbelt, tower, tower_resilience};
use benches::setting::{ATTEMPTS, BASE_DELAY, MIN_CALLS, TIMEOUT};
use layered::Service as _;
use tokio::task::JoinSet;
use tokio::time::timeout;

const REJECTED: Answer = Err(OpError::Rejected);

/// Far above what anything of ours takes, far below what is waited for.
const SOON: Duration = Duration::from_millis(100);

/// A body that counts its runs.
fn counted<R: Future<Output = Answer> + Send + 'static>(
    body: impl Fn(u64) -> R + Clone + Send + Sync + 'static,
) -> (Arc<AtomicU32>, impl Body) {
    let runs = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&runs);
    let body = move |value| {
        let (counter, running) = (Arc::clone(&counter), body(value));
        // Within the future: a breaker may drop one that it does not run.
        async move {
            counter.fetch_add(1, Ordering::Relaxed);
            running.await
        }
    };
    (runs, body)
}

/// Makes a failing call around a counted body: how often that ran, and how long it all took.
macro_rules! failing_call {
    (|$body:ident| $call:expr) => {{
        let (runs, $body) = counted(always_fails);
        let start = Instant::now();
        let result = $call.await;
        assert!(result.is_err(), "the last error comes out");
        (runs.load(Ordering::Relaxed), start.elapsed())
    }};
}

#[tokio::test]
async fn retries_make_three_attempts_and_wait_between_them() {
    let calls = [
        ("backon", failing_call!(|body| (|| body(1)).retry(backoff()).when(is_transient))),
        ("seatbelt", failing_call!(|body| seatbelt::retry(body).execute(1))),
        (
            "execution-policy",
            failing_call!(|body| execution_policy::call(execution_policy::retry(), body, 1)),
        ),
        ("tower", failing_call!(|body| tower::call(&mut tower::retry(body), 1))),
        ("tower-resilience", failing_call!(|body| tower::call(&mut tower_resilience::retry(body), 1))),
    ];
    for (peer, (attempts, elapsed)) in calls {
        assert_eq!(attempts, ATTEMPTS, "{peer}");
        // Jitter may take nearly all of the first delay, but tokio's timer rounds up to a millisecond.
        assert!(elapsed >= BASE_DELAY / 10, "{peer}: {elapsed:?}");
    }
}

#[tokio::test]
async fn retries_without_a_delay_make_three_attempts_too() {
    let calls = [
        ("seatbelt", failing_call!(|body| seatbelt::retry_at_once(body).execute(1))),
        (
            "execution-policy",
            failing_call!(|body| execution_policy::call(execution_policy::retry_at_once(), body, 1)),
        ),
        ("tower", failing_call!(|body| tower::call(&mut tower::retry_at_once(body), 1))),
        (
            "tower-resilience",
            failing_call!(|body| tower::call(&mut tower_resilience::retry_at_once(body), 1)),
        ),
    ];
    for (peer, (attempts, _)) in calls {
        assert_eq!(attempts, ATTEMPTS, "{peer}");
    }
}

/// How many attempts 500 failing calls make, all at once. Without a budget 1500.
async fn attempts_of_500<S>(runs: Arc<AtomicU32>, service: S) -> u32
where
    S: ::tower::Service<u64, Future: Send, Response: Send, Error: Send> + tower::Shared,
{
    let mut calls = JoinSet::new();
    for value in 0..500 {
        let mut service = service.clone();
        calls.spawn(async move { assert!(tower::call(&mut service, value).await.is_err()) });
    }
    calls.join_all().await;
    runs.load(Ordering::Relaxed)
}

#[tokio::test]
async fn budgets_end_the_retries() {
    let (runs, body) = counted(always_fails);
    let attempts = attempts_of_500(runs, tower::retry_with_budget(body)).await;
    assert!((501..700).contains(&attempts), "tower: {attempts}");
    let (runs, body) = counted(always_fails);
    let attempts = attempts_of_500(runs, tower_resilience::retry_with_budget(body)).await;
    assert!((501..700).contains(&attempts), "tower-resilience: {attempts}");

    let (runs, body) = counted(always_fails);
    let policy = execution_policy::retry_with_budget();
    for value in 0..500 {
        assert!(execution_policy::call(policy, body.clone(), value).await.is_err());
    }
    let attempts = runs.load(Ordering::Relaxed);
    assert!((501..700).contains(&attempts), "execution-policy: {attempts}");
}

#[tokio::test]
async fn breakers_open_and_the_body_does_not_run() {
    let (runs, body) = counted(always_fails);
    let breaker = recloser();
    while through_recloser(&breaker, body(1)).await != REJECTED {
        assert!(runs.load(Ordering::Relaxed) < 1000, "recloser does not open");
    }
    assert!(runs.load(Ordering::Relaxed) >= MIN_CALLS, "recloser");

    let (runs, body) = counted(always_fails);
    let breaker = failsafe();
    while through_failsafe(&breaker, body(1)).await != REJECTED {
        assert!(runs.load(Ordering::Relaxed) < 1000, "failsafe does not open");
    }
    assert!(runs.load(Ordering::Relaxed) >= 5, "failsafe");

    let (runs, body) = counted(always_fails);
    let breaker = failsafe_in_a_row();
    while through_failsafe(&breaker, body(1)).await != REJECTED {
        assert!(runs.load(Ordering::Relaxed) < 1000, "failsafe in a row does not open");
    }
    assert_eq!(runs.load(Ordering::Relaxed), 5, "failsafe in a row");

    let (runs, body) = counted(always_fails);
    let service = seatbelt::breaker(body);
    while service.execute(1).await != REJECTED {
        assert!(runs.load(Ordering::Relaxed) < 1000, "seatbelt does not open");
    }
    let before = runs.load(Ordering::Relaxed);
    assert!(before >= MIN_CALLS, "seatbelt: {before}");
    assert_eq!(service.execute(1).await, REJECTED);
    assert_eq!(runs.load(Ordering::Relaxed), before, "seatbelt");

    let (runs, body) = counted(always_fails);
    let policy = execution_policy::breaker();
    while !execution_policy::call(policy, body.clone(), 1).await.is_err_and(|error| error.is_circuit_open()) {
        assert!(runs.load(Ordering::Relaxed) < 1000, "execution-policy does not open");
    }
    let before = runs.load(Ordering::Relaxed);
    assert!(before >= MIN_CALLS, "execution-policy: {before}");
    assert!(execution_policy::call(policy, body.clone(), 1).await.is_err());
    assert_eq!(runs.load(Ordering::Relaxed), before, "execution-policy");

    let (runs, body) = counted(always_fails);
    let mut service = tower_resilience::breaker(body);
    while !tower::call(&mut service, 1).await.is_err_and(|error| error.is_circuit_open()) {
        assert!(runs.load(Ordering::Relaxed) < 1000, "tower-resilience does not open");
    }
    let before = runs.load(Ordering::Relaxed);
    assert!(before >= MIN_CALLS, "tower-resilience: {before}");
    assert!(tower::call(&mut service, 1).await.is_err());
    assert_eq!(runs.load(Ordering::Relaxed), before, "tower-resilience");
}

/// How long a call around a body that hangs takes to fail.
async fn time_to_fail<T, E>(call: impl Future<Output = Result<T, E>>) -> Duration {
    let start = Instant::now();
    assert!(call.await.is_err());
    start.elapsed()
}

#[tokio::test]
async fn timeouts_fire_after_a_second() {
    let (mut tower, mut resilience) = (tower::timeout(hangs), tower_resilience::timeout(hangs));
    let (mut full_tower, mut full_resilience) = (tower::full(hangs), tower_resilience::full(hangs));
    let (by_hand, limited) = (ByHand::lean(), ByHand::limited());
    let (seatbelt, full_seatbelt) = (seatbelt::timeout(hangs), seatbelt::full(hangs));
    let (policy, full_policy) = (execution_policy::timeout(), execution_policy::full());
    let times = tokio::join!(
        time_to_fail(seatbelt.execute(1)),
        time_to_fail(tower::call(&mut tower, 1)),
        time_to_fail(tower::call(&mut resilience, 1)),
        time_to_fail(full_seatbelt.execute(1)),
        time_to_fail(by_hand.call(hangs, 1)),
        time_to_fail(limited.call(hangs, 1)),
        time_to_fail(tower::call(&mut full_tower, 1)),
        time_to_fail(tower::call(&mut full_resilience, 1)),
        time_to_fail(execution_policy::call(policy, hangs, 1)),
        time_to_fail(execution_policy::call(full_policy, hangs, 1)),
    );
    let once = [times.0, times.1, times.2, times.3, times.4, times.5, times.8];
    assert!(once.iter().all(|time| *time >= TIMEOUT && *time < TIMEOUT * 2), "{once:?}");
    // These retry a timeout.
    let retried = [times.6, times.7, times.9];
    assert!(retried.iter().all(|time| *time >= TIMEOUT * ATTEMPTS), "{retried:?}");
}

#[tokio::test]
async fn bulkheads_hold_back_the_third_of_two() {
    let tower = tower::bulkhead(hangs, 2);
    let resilience = tower_resilience::bulkhead(hangs, 2);
    let policy = execution_policy::bulkhead(2);
    let mut running = JoinSet::new();
    for _ in 0..2 {
        running.spawn(async move { execution_policy::call(policy, hangs, 1).await.is_ok() });
        let (mut tower, mut resilience) = (tower.clone(), resilience.clone());
        running.spawn(async move { tower::call(&mut tower, 1).await.is_ok() });
        running.spawn(async move { tower::call(&mut resilience, 1).await.is_ok() });
    }
    tokio::time::sleep(SOON).await;
    let mut third = tower.clone();
    let ready = std::future::poll_fn(|context| ::tower::Service::poll_ready(&mut third, context));
    assert!(timeout(SOON, ready).await.is_err(), "tower has a permit left");
    let third = timeout(SOON, tower::call(&mut resilience.clone(), 1)).await;
    assert!(third.is_ok_and(|result| result.is_err()), "tower-resilience does not reject");
    let third = timeout(SOON, execution_policy::call(policy, hangs, 1)).await;
    assert!(third.is_ok_and(|result| result.is_err()), "execution-policy does not reject");
    running.shutdown().await;
}

#[tokio::test]
async fn rate_limits_hold_back_the_third_of_two() {
    let limiter = limiter(2);
    assert_eq!([(); 3].map(|()| limiter.check().is_ok()), [true, true, false], "governor");

    let (runs, body) = counted(benches::ops::ready);
    let mut service = tower::rate_limit(body, 2);
    for expected in [true, true, false] {
        let ended = timeout(SOON, tower::call(&mut service, 1)).await;
        assert_eq!(ended.is_ok_and(|result| result.is_ok()), expected, "tower");
    }
    assert_eq!(runs.load(Ordering::Relaxed), 2);

    let (runs, body) = counted(benches::ops::ready);
    let mut service = tower_resilience::rate_limit(body, 2);
    for expected in [true, true, false] {
        let ended = timeout(SOON, tower::call(&mut service, 1)).await;
        assert_eq!(ended.is_ok_and(|result| result.is_ok()), expected, "tower-resilience");
    }
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn fallbacks_answer() {
    assert_eq!(seatbelt::fallback(always_fails).execute(1).await, Ok(0));
    assert!(matches!(tower::call(&mut tower_resilience::fallback(always_fails), 1).await, Ok(0)));
}
