//! Tests of the whole bulkhead. Time is a number that each test passes in.

mod adaptive;
mod displaced;
mod doomed;
#[cfg(resilience_loom)]
mod explored;
mod invariants;
mod late_waiters;
mod local_permits;
mod model;
mod overload;
mod queue;
mod reload;
mod rig;
mod single_permit;
mod stress;
mod threads;

use std::future::poll_fn;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use resilience_settings::Priority;

use resilience_settings::policy::BulkheadSettings;

use self::rig::{RecordingWaker, Rig};
use super::{BulkheadPermit, Enqueued, Granted, Refused, Waiter};
use crate::clock::Tick;

const MS: u64 = 1_000_000;
const S: u64 = 1_000 * MS;

/// Settings with a wait that never ends.
fn of(max_concurrent: u32, max_queue: u32) -> BulkheadSettings {
    settings!(BulkheadSettings {
        max_concurrent,
        max_queue,
        max_wait: Duration::MAX,
        ..BulkheadSettings::default()
    })
}

fn poll(waiter: &mut Waiter<'_>) -> Option<BulkheadPermit> {
    poll_with(waiter, Waker::noop())
}

fn poll_with(waiter: &mut Waiter<'_>, waker: &Waker) -> Option<BulkheadPermit> {
    match poll_at(waiter, 0, false, waker) {
        Poll::Ready(outcome) => Some(outcome.expect("it is not turned away").permit),
        Poll::Pending => None,
    }
}

fn poll_at(
    waiter: &mut Waiter<'_>,
    now: u64,
    is_time_up: bool,
    waker: &Waker,
) -> Poll<Result<Granted, Refused>> {
    waiter.poll_granted(&mut Context::from_waker(waker), Tick(now), is_time_up)
}

fn wait<'a>(bulkhead: &'a Rig, priority: Priority, at: u64, settings: &BulkheadSettings) -> Waiter<'a> {
    match bulkhead.enqueue(priority, Tick(at), settings).expect("there is room in the queue") {
        Enqueued::Queued(waiter) => waiter,
        Enqueued::Acquired(_) => panic!("there is a permit"),
    }
}

/// The permit, at once or after a wait; `None` when the waiter was displaced.
async fn acquired(entered: Enqueued<'_>) -> Option<BulkheadPermit> {
    match entered {
        Enqueued::Acquired(permit) => Some(permit),
        Enqueued::Queued(mut waiter) => {
            let polled = poll_fn(|cx| waiter.poll_granted(cx, Tick(0), false)).await;
            polled.ok().map(|granted| granted.permit)
        }
    }
}

/// Acquires this many permits, which must be free.
fn permits(bulkhead: &Rig, count: usize, settings: &BulkheadSettings) -> Vec<BulkheadPermit> {
    let permits: Vec<BulkheadPermit> = (0..count).filter_map(|_| bulkhead.try_acquire(settings)).collect();
    assert_eq!(permits.len(), count);
    permits
}
