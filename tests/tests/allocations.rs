//! A call that succeeds allocates nothing, and neither does one that an open breaker rejects.

use allocation_counter::{AllocationInfo, measure};
use resilience_runtime::{Rejection, RejectionKind, comprehensive_retry, registry};
use tokio::runtime::{Builder, Runtime};

#[comprehensive_retry("counted", attempt_timeout = "1s", deadline = "5s")]
async fn ready(value: u64) -> Result<u64, Rejection> {
    Ok(value)
}

#[comprehensive_retry("counted", attempt_timeout = "1s", deadline = "5s")]
async fn pending_once(value: u64) -> Result<u64, Rejection> {
    tokio::task::yield_now().await;
    Ok(value)
}

#[comprehensive_retry("tripped")]
async fn tripped() -> Result<(), Rejection> {
    Ok(())
}

const CALLS: u64 = 1_000;

fn allocations<F: Future>(runtime: &Runtime, mut call: impl FnMut(u64) -> F) -> AllocationInfo {
    runtime.block_on(call(0));
    measure(|| {
        runtime.block_on(async {
            for round in 0..CALLS {
                call(round).await;
            }
        });
    })
}

#[test]
fn a_call_that_succeeds_or_is_rejected_allocates_nothing() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let succeeds = allocations(&runtime, |round| async move {
        assert_eq!(ready(round).await, Ok(round));
    });
    assert_eq!(succeeds.count_total, 0, "body ready at once: {succeeds:?}");

    // `yield_now` may allocate in the runtime as it grows its queue, but not for each call.
    let waits = allocations(&runtime, |round| async move {
        assert_eq!(pending_once(round).await, Ok(round));
    });
    assert!(waits.count_total < CALLS / 100, "body that waits once: {waits:?}");

    runtime.block_on(tripped()).unwrap();
    registry().service("tripped").unwrap().force_open();
    let rejected = allocations(&runtime, |_| async {
        assert_eq!(tripped().await.map_err(|rejection| rejection.kind()), Err(RejectionKind::CircuitOpen));
    });
    assert_eq!(rejected.count_total, 0, "open breaker: {rejected:?}");
}
