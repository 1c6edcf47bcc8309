//! A call that succeeds allocates nothing, and neither does one that an open breaker rejects.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use allocation_counter::{AllocationInfo, measure};
use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{
    Priority, Rejection, RejectionKind, Resilient, ServiceKind, comprehensive_retry, registry, resilient_call,
};
use tokio::runtime::{Builder, Runtime};

#[comprehensive_retry(
    "counted",
    max_attempts = 3,
    breaker(window = "30s", min_calls = 100, failure_rate = 0.5),
    budget(ratio = 0.1, burst_capacity = 100),
    bulkhead(max_concurrent = 8, max_queue = 8, max_wait = "1s"),
    attempt_timeout = "1s",
    deadline = "5s"
)]
async fn ready(value: u64) -> Result<u64, Rejection> {
    Ok(value)
}

#[comprehensive_retry(
    "counted_pending",
    max_attempts = 3,
    breaker(window = "30s", min_calls = 100, failure_rate = 0.5),
    budget(ratio = 0.1, burst_capacity = 100),
    bulkhead(max_concurrent = 8, max_queue = 8, max_wait = "1s"),
    attempt_timeout = "1s",
    deadline = "5s"
)]
async fn pending_once(value: u64) -> Result<u64, Rejection> {
    wait_once().await;
    Ok(value)
}

#[comprehensive_retry("tripped")]
async fn tripped() -> Result<(), Rejection> {
    Ok(())
}

/// Goes through the scheduler once. `yield_now` would do the same, but the runtime's queue of yielded tasks would
/// sometimes grow.
async fn wait_once() {
    let mut waited = false;
    poll_fn(|context| {
        if waited {
            return Poll::Ready(());
        }
        waited = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

const CALLS: u64 = 1_000;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// What calls allocate after the first hundred, which allocate clocks, cells and timers.
fn allocations<F: Future>(runtime: &Runtime, mut call: impl FnMut(u64) -> F) -> AllocationInfo {
    let mut calls = |count| {
        runtime.block_on(async {
            for round in 0..count {
                call(round).await;
            }
        });
    };
    calls(100);
    measure(|| calls(CALLS))
}

#[test]
fn a_call_that_succeeds_at_once_allocates_nothing() {
    let counted = allocations(&runtime(), |round| async move {
        assert_eq!(ready(round).await, Ok(round));
    });
    assert_eq!(counted.count_total, 0, "{counted:?}");
    // Statistics were on, and saw every call.
    let stats = registry().service("counted").unwrap().stats();
    assert_eq!(stats.calls(CallOutcome::Success), CALLS + 100);
}

// Feature `testing` makes every timer a tokio timer in a box, so that paused time drives it: a call that waits
// allocates then, but users' builds do not have it.
#[cfg(not(feature = "paused"))]
#[test]
fn a_call_that_waits_once_and_arms_its_timer_allocates_nothing() {
    let counted = allocations(&runtime(), |round| async move {
        assert_eq!(pending_once(round).await, Ok(round));
    });
    assert_eq!(counted.count_total, 0, "{counted:?}");
    let stats = registry().service("counted_pending").unwrap().stats();
    assert_eq!(stats.calls(CallOutcome::Success), CALLS + 100);
}

// The other side of the same promise: only the timer allocates, once per call.
#[cfg(feature = "paused")]
#[test]
fn under_testing_a_call_that_waits_allocates_its_timer_and_nothing_else() {
    let counted = allocations(&runtime(), |round| async move {
        assert_eq!(pending_once(round).await, Ok(round));
    });
    assert!(counted.count_total <= CALLS, "{counted:?}");
}

#[test]
fn a_call_by_a_handle_allocates_nothing_and_one_with_a_deadline_of_its_own_leaves_nothing() {
    let runtime = runtime();
    let handle = Resilient::service("counted_by_handle").max_attempts(3).build();
    let plain = |round| {
        let handle = &handle;
        async move { assert_eq!(handle.call(|| async { Ok::<_, Rejection>(round) }).await, Ok(round)) }
    };
    assert_eq!(allocations(&runtime, plain).count_total, 0);
    let with_deadline = |round| {
        let handle = &handle;
        async move {
            let deadline = Duration::from_secs(3) + Duration::from_nanos(round);
            let body = || async { Ok::<_, Rejection>(round) };
            assert_eq!(handle.call(body).deadline(deadline).await, Ok(round));
            let short = resilient_call("counted_by_handle", ServiceKind::Generic, body);
            assert_eq!(short.deadline(deadline).priority(Priority::High).await, Ok(round));
        }
    };
    let counted = allocations(&runtime, with_deadline);
    assert_eq!((counted.count_current, counted.bytes_current), (0, 0), "{counted:?}");
}

#[test]
fn a_call_that_an_open_breaker_rejects_allocates_nothing() {
    let runtime = runtime();
    runtime.block_on(tripped()).unwrap();
    registry().service("tripped").unwrap().force_open();
    let counted = allocations(&runtime, |_| async {
        assert_eq!(tripped().await.map_err(|rejection| rejection.kind()), Err(RejectionKind::CircuitOpen));
    });
    assert_eq!(counted.count_total, 0, "{counted:?}");
}
