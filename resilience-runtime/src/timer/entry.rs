//! Decides whether one timer has fired: a deadline and the waker of a task, shared between that task and the sweep. In: arming,
//! polls, cancelling and the sweep's visits. Out: whether the timer has fired, and the wake-up.
//!
//! Everything that can race on one timer is in this file. The waker lies behind a lock that is only ever tried: whoever
//! fails to get it comes back later. It is held for a few instructions, none of them foreign: cloning, waking or
//! dropping a waker may panic or re-enter this timer, so all of that happens outside the lock.
//!
//! * **No wake-up is lost.** The task registers under the lock, unless it finds that the timer has fired; the sweep
//!   marks the timer as fired and takes the waker under the lock. Whichever is second sees what the first has done. A
//!   task that does not get the lock wakes itself to poll again; a sweep that does not get it looks again in a moment.
//! * **A live waker is never cleared.** The sweep drops the waker of a free entry only if it can mark the entry as
//!   empty under the lock. Arming stores the deadline first and registers second, so the mark fails if the waker was
//!   registered by a timer that is armed.
//! * **A spurious wake-up is harmless**: the task polls again and registers again. So a sweep that is slow between
//!   taking the waker and waking it may wake the next user of the entry, and no generation counter is needed: the
//!   deadline itself says whether it is due.

use std::task::{Context, Poll, Waker};

use crate::clock::Tick;
use crate::sync::TryLock;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::wakers::{discard, wake};

/// The timer has fired.
const FIRED: u64 = 0;
/// A tokio timer stands in for this one; the sweep ignores the entry.
const ON_TOKIO: u64 = 1;
/// The entry is free and holds no waker.
const EMPTY: u64 = u64::MAX;
/// The entry is free and may hold the waker of its last user. Cancelling leaves the waker there, so that the same task
/// can reuse it without a clone; the next sweep drops it.
const LEFT: u64 = u64::MAX - 1;
/// The entry is empty and the sweep does not visit it: arming it has to tell the sweep.
const ASLEEP: u64 = u64::MAX - 2;

#[derive(Debug)]
pub(super) struct Entry {
    deadline: AtomicU64,
    waker: TryLock<Option<Waker>>,
}

/// What the sweep finds when it visits an entry.
#[derive(Debug, PartialEq)]
pub(super) enum Visited {
    /// A task waits until this moment.
    Armed(Tick),
    /// No task waits; keep visiting.
    Idle,
    /// No task waits; the entry need not be visited until it is armed.
    Asleep,
}

impl Entry {
    pub(super) fn new() -> Self {
        Self { deadline: AtomicU64::new(EMPTY), waker: TryLock::new(None) }
    }

    /// Stores the deadline of a free entry. True if the sweep has to be told of it.
    #[inline]
    #[must_use]
    pub(super) fn set(&self, until: Tick) -> bool {
        // SeqCst for the proof in `next_look`.
        self.deadline.swap(until.0.clamp(ON_TOKIO + 1, ASLEEP - 1), Ordering::SeqCst) == ASLEEP
    }

    /// Registers the task, after [`set`](Self::set). If cloning the waker panics, the timer is armed all the same and
    /// has to be cancelled.
    #[inline]
    pub(super) fn arm(&self, cx: &mut Context<'_>) {
        if self.poll(cx).is_ready() {
            cx.waker().wake_by_ref();
        }
    }

    /// Marks that a tokio timer stands in for this one.
    pub(super) fn pass_on(&self) {
        self.deadline.store(ON_TOKIO, Ordering::Release);
    }

    /// Whether the timer has fired, or a tokio timer stands in for it.
    #[inline]
    pub(super) fn is_fired_or_passed_on(&self) -> bool {
        self.deadline.load(Ordering::Acquire) <= ON_TOKIO
    }

    #[inline]
    pub(super) fn is_fired(&self) -> bool {
        self.deadline.load(Ordering::Acquire) == FIRED
    }

    /// Ready once the timer has fired; until then, registers the task to be woken. It does not read the clock: only the
    /// sweep does.
    #[inline]
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(kept) = self.waker.try_lock() else { return ask_again(cx) };
        if self.is_fired() {
            return Poll::Ready(());
        }
        // The usual case: the task polls again, or its last timer used this entry.
        if kept.as_ref().is_some_and(|kept| kept.will_wake(cx.waker())) {
            return Poll::Pending;
        }
        drop(kept);
        self.poll_for_another(cx)
    }

    /// The slow path of `poll`: the entry holds no waker of this task.
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

    /// Frees the entry. True if a tokio timer stood in for it.
    #[inline]
    #[must_use]
    pub(super) fn cancel(&self) -> bool {
        let was_passed_on = self.deadline.load(Ordering::Relaxed) == ON_TOKIO;
        self.deadline.store(LEFT, Ordering::Release);
        was_passed_on
    }

    /// Drops the waker of the last user, for an entry that the sweep may not visit.
    pub(super) fn forget(&self) {
        let waker = self.waker.try_lock().and_then(|mut kept| kept.take());
        discard(waker);
    }

    /// Marks a sleeping entry as awake; true if it was asleep, so that the sweep has to be told. The entry must be
    /// free.
    pub(super) fn rouse(&self) -> bool {
        self.deadline.load(Ordering::Relaxed) == ASLEEP && self.marks(ASLEEP, EMPTY)
    }

    /// The sweep's visit: fires a timer that is due, clears a free entry, and puts an entry that is clear to sleep.
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
        // Its task is registering right now: report it as due, so that the next look comes at once.
        let Some(mut kept) = self.waker.try_lock() else { return Visited::Armed(Tick(due)) };
        let waker = if self.marks(due, FIRED) { kept.take() } else { None };
        drop(kept);
        if let Some(waker) = waker {
            // All other timers depend on this thread, so a panic of the waker is contained.
            wake(waker);
        }
        Visited::Idle
    }

    /// Drops the waker of the last user: it may be all that keeps a finished task in memory.
    fn clear(&self) {
        let Some(mut kept) = self.waker.try_lock() else { return };
        let waker = if self.marks(LEFT, EMPTY) { kept.take() } else { None };
        drop(kept);
        discard(waker);
    }

    /// A transition by the sweep, as one read-modify-write: whatever the owner stores next comes after it, so the owner
    /// needs only a plain store. It fails if the entry was cancelled or armed since it was read.
    fn marks(&self, from: u64, to: u64) -> bool {
        self.deadline.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}

/// Has the task polled again; by then the current holder of the lock is done with it.
#[cold]
fn ask_again(cx: &mut Context<'_>) -> Poll<()> {
    cx.waker().wake_by_ref();
    Poll::Pending
}
