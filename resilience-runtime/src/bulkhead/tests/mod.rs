//! A bulkhead driven by hand: what a test passes is what it does, and time is a number.

mod adaptive;
mod invariants;
mod pocket;
mod queue;
mod reload;
mod rig;
mod steps;
mod stress;
mod threads;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use self::rig::Rig;
use super::{Seat, Waiter};
use crate::clock::Tick;
use crate::policy::BulkheadSettings;
use crate::priority::Priority;

const MS: u64 = 1_000_000;
const S: u64 = 1_000 * MS;

fn of(max_concurrent: u32, max_queue: u32) -> BulkheadSettings {
    BulkheadSettings { max_concurrent, max_queue, ..BulkheadSettings::default() }
}

/// Counts how often it was woken.
#[derive(Default)]
struct Bell(AtomicUsize);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Bell {
    fn rung(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

fn poll(waiter: &mut Waiter<'_>) -> Option<Seat> {
    poll_with(waiter, Waker::noop())
}

fn poll_with(waiter: &mut Waiter<'_>, waker: &Waker) -> Option<Seat> {
    match waiter.poll_granted(&mut Context::from_waker(waker)) {
        Poll::Ready(seat) => Some(seat),
        Poll::Pending => None,
    }
}

fn wait<'a>(bulkhead: &'a Rig, priority: Priority, at: u64, settings: &BulkheadSettings) -> Waiter<'a> {
    bulkhead.enqueue(priority, Tick(at), settings).expect("there is room in the queue")
}

/// Takes that many seats, which must be free.
fn seats(bulkhead: &Rig, count: usize, settings: &BulkheadSettings) -> Vec<Seat> {
    let seats: Vec<Seat> = (0..count).filter_map(|_| bulkhead.try_acquire(settings)).collect();
    assert_eq!(seats.len(), count);
    seats
}
