//! One timer: a deadline and the waker of the task that waits for it, shared between that task and the sweep.
//!
//! It stands apart because all that may race on one timer is here. The waker lies behind a lock that nobody ever waits
//! for: who does not get it comes back later. It is held for a few instructions, none of them foreign: a waker may panic,
//! or come back to this timer, whenever it is cloned, woken or dropped, so all that is done outside.
//!
//! * **No wake-up is lost.** Who waits registers under the lock, unless the mark of a timer that has fired is there; who
//!   fires sets the mark and takes the waker under the lock. Whichever comes second finds what the first has left. A task
//!   that does not get the lock wakes itself to ask again; a sweep that does not get it looks again in a moment.
//! * **Only what is left is cleared.** The sweep drops the waker of a free entry only if it can mark the entry as empty
//!   under the lock. Who arms stores the deadline first and registers after, so the mark fails for a waker that was
//!   registered by a timer that is armed.
//! * **Waking for nothing is harmless, the task asks again and registers again.** So a sweep that is slow between
//!   lock and waking may hit the next user of the entry, and nothing needs to count generations: the deadline
//!   itself says whether it is due.

use std::task::{Context, Poll, Waker};

use crate::clock::Tick;
use crate::sync::TryLock;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::wakers::{discard, wake};

/// The deadline of a timer that has fired.
const FIRED: u64 = 0;
/// The deadline of a timer that one of tokio's stands in for, which the sweep has no part in.
const ON_TOKIO: u64 = 1;
/// The deadline of an entry that is free and holds no waker.
const EMPTY: u64 = u64::MAX;
/// The deadline of an entry that is free and may hold the waker of its last user. Cancelling leaves that, for
/// the same task to find it again without a clone; the next sweep drops it.
const LEFT: u64 = u64::MAX - 1;
/// The deadline of an entry that is empty and that the sweep does not visit. Whoever arms it has to say so.
const ASLEEP: u64 = u64::MAX - 2;

#[derive(Debug)]
pub(super) struct Entry {
    deadline: AtomicU64,
    waker: TryLock<Option<Waker>>,
}

/// What the sweep has found.
#[derive(Debug, PartialEq)]
pub(super) enum Visited {
    /// Somebody waits until then.
    Armed(Tick),
    /// Nobody does, for now.
    Idle,
    /// Nobody does, and it need not be visited until it is armed.
    Asleep,
}

impl Entry {
    pub(super) fn new() -> Self {
        Self { deadline: AtomicU64::new(EMPTY), waker: TryLock::new(None) }
    }

    /// Stores the deadline of an entry that is free. True if the sweep has to be told of it.
    #[inline]
    #[must_use]
    pub(super) fn set(&self, until: Tick) -> bool {
        // SeqCst for the proof in `next_look`.
        self.deadline.swap(until.0.clamp(ON_TOKIO + 1, ASLEEP - 1), Ordering::SeqCst) == ASLEEP
    }

    /// Registers the task, once the deadline is stored. Should that panic, which is the fault of the waker, it is armed all
    /// the same and has to be cancelled.
    #[inline]
    pub(super) fn arm(&self, cx: &mut Context<'_>) {
        if self.poll(cx).is_ready() {
            cx.waker().wake_by_ref();
        }
    }

    /// Leaves it to one of tokio's timers.
    pub(super) fn pass_on(&self) {
        self.deadline.store(ON_TOKIO, Ordering::Release);
    }

    /// Whether it has fired, or one of tokio's timers stands in for it.
    #[inline]
    pub(super) fn is_fired_or_passed_on(&self) -> bool {
        self.deadline.load(Ordering::Acquire) <= ON_TOKIO
    }

    #[inline]
    pub(super) fn is_fired(&self) -> bool {
        self.deadline.load(Ordering::Acquire) == FIRED
    }

    /// Ready when it has fired; else sees to it that the task is woken then. It does not look at the clock, the sweep does
    /// that.
    #[inline]
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(kept) = self.waker.try_lock() else { return ask_again(cx) };
        if self.is_fired() {
            return Poll::Ready(());
        }
        // Nearly always: a task that comes again, or whose last timer was this one.
        if kept.as_ref().is_some_and(|kept| kept.will_wake(cx.waker())) {
            return Poll::Pending;
        }
        drop(kept);
        self.poll_for_another(cx)
    }

    /// The same for a task that the entry does not know yet.
    #[inline(never)]
    fn poll_for_another(&self, cx: &mut Context<'_>) -> Poll<()> {
        let copy = cx.waker().clone();
        let Some(mut kept) = self.waker.try_lock() else {
            discard(Some(copy));
            return ask_again(cx);
        };
        let (needless, polled) =
            if self.is_fired() { (Some(copy), Poll::Ready(())) } else { (kept.replace(copy), Poll::Pending) };
        drop(kept);
        discard(needless);
        polled
    }

    /// Nobody waits any more. True if one of tokio's timers has stood in for it.
    #[inline]
    #[must_use]
    pub(super) fn cancel(&self) -> bool {
        let was_passed_on = self.deadline.load(Ordering::Relaxed) == ON_TOKIO;
        self.deadline.store(LEFT, Ordering::Release);
        was_passed_on
    }

    /// Drops the waker of the last user, where no sweep may come.
    pub(super) fn forget(&self) {
        let waker = self.waker.try_lock().and_then(|mut kept| kept.take());
        discard(waker);
    }

    /// Whether it was asleep, so that the sweep has to be told of it. To be called while it is free.
    pub(super) fn rouse(&self) -> bool {
        self.deadline.load(Ordering::Relaxed) == ASLEEP && self.marks(ASLEEP, EMPTY)
    }

    /// The sweep's visit: fires what is due, clears what is free, and puts to sleep what has been free since the last one.
    pub(super) fn visit(&self, now: Tick) -> Visited {
        match self.deadline.load(Ordering::SeqCst) {
            EMPTY if self.marks(EMPTY, ASLEEP) => Visited::Asleep,
            FIRED | ON_TOKIO | EMPTY | ASLEEP => Visited::Idle,
            LEFT => {
                self.clear();
                Visited::Idle
            }
            due if due <= now.0 => self.fire(due),
            later => Visited::Armed(Tick(later)),
        }
    }

    fn fire(&self, due: u64) -> Visited {
        // Its task is just registering: the next look comes at once.
        let Some(mut kept) = self.waker.try_lock() else { return Visited::Armed(Tick(due)) };
        let waker = if self.marks(due, FIRED) { kept.take() } else { None };
        drop(kept);
        if let Some(waker) = waker {
            // The timers of all others depend on this thread, so it survives whatever that does.
            wake(waker);
        }
        Visited::Idle
    }

    /// Drops the waker of the last user: it may be all that keeps the memory of a finished task.
    fn clear(&self) {
        let Some(mut kept) = self.waker.try_lock() else { return };
        let waker = if self.marks(LEFT, EMPTY) { kept.take() } else { None };
        drop(kept);
        discard(waker);
    }

    /// A change by the sweep, in one step with the read: what the owner stores next comes after it, so a plain
    /// store is enough there. When it fails, the entry was cancelled or armed since it was read.
    fn marks(&self, from: u64, to: u64) -> bool {
        self.deadline.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}

/// Has the task polled again, by when whoever has the lock now is done with it.
#[cold]
fn ask_again(cx: &mut Context<'_>) -> Poll<()> {
    cx.waker().wake_by_ref();
    Poll::Pending
}
