//! Waits of bodies. They are polled with the task's own waker and not with one that panics, since they hand the waker
//! to tokio.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

thread_local! {
    /// The waker of the task, while it polls a call with another one.
    static CALM: RefCell<Option<Waker>> = const { RefCell::new(None) };
}

/// Polls with a waker that may panic, and remembers the one that does not.
pub(crate) fn beside_calm<T>(calm: &Waker, poll: impl FnOnce() -> T) -> T {
    struct Restore(Option<Waker>);
    impl Drop for Restore {
        fn drop(&mut self) {
            CALM.set(self.0.take());
        }
    }
    let _restore = Restore(CALM.replace(Some(calm.clone())));
    poll()
}

async fn calmly<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| poll_calmly(future.as_mut(), cx)).await
}

fn poll_calmly<F: Future>(future: Pin<&mut F>, cx: &mut Context<'_>) -> Poll<F::Output> {
    match CALM.with_borrow(Clone::clone) {
        Some(calm) => future.poll(&mut Context::from_waker(&calm)),
        None => future.poll(cx),
    }
}

pub(crate) async fn nap(millis: u64) {
    calmly(sleep(Duration::from_millis(millis))).await;
}

pub(crate) async fn hang() {
    pending::<()>().await;
}

/// Yields that many times.
pub(crate) async fn yield_often(times: u32) {
    let mut left = times;
    calmly(poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    }))
    .await;
}

/// Blocks until a number of callers have arrived, or one of them has waited for too long.
#[derive(Debug)]
pub(crate) struct Gate {
    wanted: usize,
    here: AtomicUsize,
    most: AtomicUsize,
    open: Notify,
}

/// A margin for a busy machine. Shorter than any attempt timeout, so that no caller arrives twice.
const LONGEST: Duration = Duration::from_millis(800);

impl Gate {
    pub(crate) fn new(wanted: usize) -> Self {
        Self { wanted, here: AtomicUsize::new(0), most: AtomicUsize::new(0), open: Notify::new() }
    }

    pub(crate) async fn pass(&self) {
        let opened = self.open.notified();
        let here = self.here.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(here, Ordering::SeqCst);
        if here >= self.wanted {
            self.open.notify_waiters();
        }
        // `notified` was created before the count, so the last one wakes it, polled or not.
        let _ = calmly(timeout(LONGEST, opened)).await;
        self.here.fetch_sub(1, Ordering::SeqCst);
    }

    /// How many were there at once.
    pub(crate) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}
