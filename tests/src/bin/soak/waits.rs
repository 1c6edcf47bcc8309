//! What bodies wait for. They are polled with the waker of the task itself and not with one that panics: whom they hand
//! it to is tokio.

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

/// Lets others run so many times.
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

/// Lets nobody through before so many are there at once, or somebody has waited for too long.
#[derive(Debug)]
pub(crate) struct Gate {
    wanted: usize,
    here: AtomicUsize,
    most: AtomicUsize,
    open: Notify,
}

/// The machine may be busy with other things. Shorter than any attempt timeout, so that nobody comes twice.
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
        // `notified` was made before the count, so the last one wakes it, polled or not.
        let _ = calmly(timeout(LONGEST, opened)).await;
        self.here.fetch_sub(1, Ordering::SeqCst);
    }

    /// How many have been there at once.
    pub(crate) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}
