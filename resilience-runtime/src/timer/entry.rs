//! One timer: a deadline and the waker of the task that waits for it, shared between that task and the sweep.
//!
//! It stands apart because all that may race on one timer is here. Three rules keep wake-ups from being lost:
//!
//! * **Who fires marks first and takes the waker after; who waits registers first and looks for the mark after.**
//!   All changes of the waker's state are in one order. If the taking comes after the registration it finds the
//!   waker; if it comes before, the registration reads what the taking released, and so sees the mark; in
//!   between, `AtomicWaker` makes the registering task wake itself.
//! * **Who arms stores the deadline first and registers after; who clears a free entry marks it as empty, takes
//!   the waker, and looks at the deadline after that.** A waker that was registered by a timer that is armed brings the
//!   deadline along, so the sweep sees that the entry is not empty any more, and wakes what it took. The
//!   other order would let it drop the waker of a timer that is about to be armed.
//! * **Waking for nothing is harmless, the task asks again and registers again.** So a sweep that is slow between
//!   mark and waker may hit the next user of the entry, and nothing needs to count generations: the deadline
//!   itself says whether it is due.

use std::task::{Context, Poll};

use crate::clock::Tick;
use crate::sync::AtomicWaker;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::wakers::{discard, wake};

/// The deadline of a timer that has fired.
const FIRED: u64 = 0;
/// The deadline of an entry that is free and holds no waker.
const EMPTY: u64 = u64::MAX;
/// The deadline of an entry that is free and may hold the waker of its last user. Cancelling leaves that, for
/// the same task to find it again without a clone; the next sweep drops it.
const LEFT: u64 = u64::MAX - 1;

#[derive(Debug)]
pub(super) struct Entry {
    deadline: AtomicU64,
    waker: AtomicWaker,
}

impl Entry {
    pub(super) fn new() -> Self {
        Self { deadline: AtomicU64::new(EMPTY), waker: AtomicWaker::new() }
    }

    /// Stores the deadline and registers the task, of an entry that is free.
    #[inline]
    pub(super) fn arm(&self, until: Tick, cx: &mut Context<'_>) {
        // SeqCst for the proof in `next_look`.
        self.deadline.store(until.0.clamp(FIRED + 1, LEFT - 1), Ordering::SeqCst);
        self.waker.register(cx.waker());
        if self.is_fired() {
            self.waker.wake();
        }
    }

    /// Ready when it has fired. It does not look at the clock, the sweep does that.
    #[inline]
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        if self.is_fired() {
            return Poll::Ready(());
        }
        self.waker.register(cx.waker());
        if self.is_fired() {
            // The sweep has been here already, and will not come back for this one.
            drop(self.waker.take());
            return Poll::Ready(());
        }
        Poll::Pending
    }

    /// Nobody waits any more.
    #[inline]
    pub(super) fn cancel(&self) {
        self.deadline.store(LEFT, Ordering::Release);
    }

    #[inline]
    fn is_fired(&self) -> bool {
        self.deadline.load(Ordering::Acquire) == FIRED
    }

    /// The sweep's visit: fires what is due, clears what is free, and tells the deadline of what is neither.
    pub(super) fn visit(&self, now: Tick) -> Option<Tick> {
        match self.deadline.load(Ordering::SeqCst) {
            FIRED | EMPTY => None,
            LEFT => {
                self.clear();
                None
            }
            due if due <= now.0 => {
                if self.marks(due, FIRED) {
                    // A waker is foreign code, and the timers of all others depend on this thread.
                    if let Some(waker) = self.waker.take() {
                        wake(waker);
                    }
                }
                None
            }
            later => Some(Tick(later)),
        }
    }

    /// Drops the waker of the last user: it may be all that keeps the memory of a finished task.
    fn clear(&self) {
        if !self.marks(LEFT, EMPTY) {
            return;
        }
        let waker = self.waker.take();
        if self.deadline.load(Ordering::Acquire) == EMPTY {
            discard(waker);
        } else if let Some(waker) = waker {
            wake(waker);
        }
    }

    /// A change by the sweep, in one step with the read: what the owner stores next comes after it, so a plain
    /// store is enough there. When it fails, the entry was cancelled or armed since it was read.
    fn marks(&self, from: u64, to: u64) -> bool {
        self.deadline.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}
