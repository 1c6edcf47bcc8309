//! Keeps what is in force inside an attempt (deadline, priority, enclosing services), for the calls in it; `nested` decides what
//! they inherit. In: a running attempt. Out: what the calls inside its body learn of it, and what it learns of their outcomes.
//!
//! The context is a small `Copy` value in a thread-local cell, swapped in around each poll of a body and out
//! again after it. A task-local by `tokio::task_local!` would cost a reference count and cannot carry the
//! answer back; a parameter would show in the user's signature.

use std::cell::Cell;

use crate::classify::CameOut;
use crate::clock::Tick;
use crate::mark::{self, Group, Mark};
use crate::policy::EffectivePolicy;
use crate::priority::{Admitted, Importance};
use crate::registry::{BoundSite, CallPath, SiteId};

/// What holds inside an attempt.
///
/// Three words of plain numbers, without padding and without invalid values: they are swapped around each poll of a body,
/// and an enum among them costs a check each time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    /// No inner call may go on after this.
    pub(crate) deadline: Tick,
    /// The services whose calls enclose this point.
    pub(crate) call_path: CallPath,
    /// The sites whose redirects and fallbacks enclose this point.
    pub(crate) degrading: CallPath<SiteId>,
    /// The importance that inner calls inherit.
    pub(crate) importance: Importance,
    /// The priority with which the call around this point was admitted, if there is one.
    pub(crate) admitted: Admitted,
    /// The outcome of the inner calls of the attempt so far.
    pub(crate) inner_outcome: InnerOutcome,
    /// 0 at the root and 1 anywhere else: one question where there would be four.
    pub(crate) depth: u16,
}

/// The outcome of the inner annotated calls of one attempt, as the attempt is told it. The upper bits are the short name
/// of the group of rejections that began with the first of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InnerOutcome(u16);

/// What an inner call gives to the attempt around it when it ends, besides an answer or an error of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// Nothing.
    Nothing,
    /// A rejection that exists, of the group with this short name.
    Rejection(u16),
    /// A rejection that was lost in becoming the error of the call.
    LostRejection,
}

impl InnerOutcome {
    const EXHAUSTED: u16 = 1;
    const LOST: u16 = 2;
    const HEARD: u16 = 4;
    const FLAGS: u32 = u16::BITS - Group::BITS;

    /// Some inner call failed after using up its retries.
    #[inline]
    pub(crate) const fn exhausted(self) -> bool {
        self.0 & Self::EXHAUSTED != 0
    }

    /// Some inner call has given a rejection, other than for time, in this poll of the body.
    #[inline]
    pub(crate) const fn heard(self) -> bool {
        self.0 & (Self::HEARD | Self::LOST) != 0
    }

    /// Whose error the body has returned. To be asked in the poll in which it has, once the error lies where it stays.
    #[inline(never)]
    pub(super) fn came_out(self, is_known: bool) -> CameOut {
        if self.0 & Self::HEARD != 0 && mark::is_any_left_since(self.group()) {
            CameOut::Rejection
        } else if self.0 & Self::LOST != 0 && !is_known {
            CameOut::LostRejection
        } else {
            CameOut::Own
        }
    }

    /// What the attempt around a call is told that has ended with the error that came out of its last body.
    pub(super) fn given(self, came_out: CameOut) -> Given {
        match came_out {
            CameOut::Own => Given::Nothing,
            // On another thread than that of the body, its type is all that is known of it.
            CameOut::Rejection if self.came_out(true) == CameOut::Rejection => Given::Rejection(self.group()),
            CameOut::Rejection | CameOut::LostRejection => Given::LostRejection,
        }
    }

    /// What a call has given that ended with this alone, asked once more in a later poll of what is around it.
    pub(super) fn given_again(self) -> Given {
        match (self.0 & Self::HEARD != 0, self.0 & Self::LOST != 0) {
            (true, _) => self.given(CameOut::Rejection),
            (false, true) => Given::LostRejection,
            (false, false) => Given::Nothing,
        }
    }

    /// The group of the rejections that inner calls gave.
    pub(super) const fn group(self) -> u16 {
        self.0 >> Self::FLAGS
    }

    /// Whether a rejection that is given now goes on a group that is followed.
    pub(super) const fn follows_a_group(self) -> bool {
        self.0 & Self::HEARD != 0
    }

    /// The same without the rejections, which the body has handled by going on.
    #[inline]
    pub(crate) const fn dealt_with(self) -> Self {
        Self(self.0 & Self::EXHAUSTED)
    }

    /// The same after one more inner call.
    #[inline]
    pub(super) const fn and(self, exhausted: bool, given: Given) -> Self {
        let now = (self.0 & !Self::LOST) | (exhausted as u16 * Self::EXHAUSTED);
        match given {
            Given::Nothing => Self(now),
            Given::LostRejection => Self(now | Self::LOST),
            // From the first on: what came later is in a later group, or in the same.
            Given::Rejection(_) if self.follows_a_group() => Self(now),
            Given::Rejection(group) => Self(now | Self::HEARD | (group << Self::FLAGS)),
        }
    }
}

impl Context {
    /// Outside any annotated call.
    pub(crate) const ROOT: Self = Self {
        deadline: Tick::MAX,
        call_path: CallPath::ROOT,
        degrading: CallPath::ROOT,
        importance: Importance::ROOT,
        admitted: Admitted::NOTHING,
        inner_outcome: InnerOutcome(0),
        depth: 0,
    };

    /// The context inside a call that is in no other call or scope.
    #[inline]
    pub(super) fn of_call(bound: &'static BoundSite, policy: &EffectivePolicy, started: Tick) -> Self {
        Self {
            deadline: Tick(started.0.saturating_add(policy.deadline_nanos)),
            call_path: bound.service().call_path(),
            importance: policy.importance,
            admitted: policy.admitted,
            depth: 1,
            ..Self::ROOT
        }
    }

    /// Whether the current code is in no call and no scope.
    #[inline]
    pub(crate) fn is_root() -> bool {
        CURRENT.with(|current| current.get().depth == 0)
    }

    /// The context of the code that runs now.
    #[inline]
    pub(crate) fn current() -> Self {
        CURRENT.get()
    }

    /// Puts it in force. Returns the context before, which has to be [restored](Self::restore).
    #[inline]
    pub(super) fn enter(self) -> Self {
        CURRENT.replace(self)
    }

    /// Puts it in force again. Returns the outcome of the inner calls in the context that was in force, this poll
    /// included.
    #[inline]
    pub(super) fn restore(self) -> InnerOutcome {
        CURRENT.replace(self).inner_outcome
    }
}

thread_local! {
    static CURRENT: Cell<Context> = const { Cell::new(Context::ROOT) };
}

/// Puts a context in force until dropped, also when the body panics.
#[derive(Debug)]
#[must_use]
pub(crate) struct Entered {
    outer: Context,
}

impl Entered {
    #[inline]
    pub(crate) fn new(context: Context) -> Self {
        Self { outer: context.enter() }
    }

    /// Leaves it. Returns the outcome of the inner calls, this poll included.
    #[inline]
    pub(crate) fn leave(self) -> InnerOutcome {
        let context = CURRENT.get();
        drop(self);
        context.inner_outcome
    }
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        CURRENT.set(self.outer);
    }
}

/// Marks a rejection that is given now, if there is an attempt around the current call that may ask what became of it.
pub(super) fn mark_for_outer() -> Mark {
    let context = CURRENT.get();
    if context.call_path == CallPath::ROOT {
        return Mark::NONE;
    }
    Mark::new(context.inner_outcome.follows_a_group())
}

/// Tells the attempt around the current call how that call ended.
#[inline]
pub(crate) fn report_to_outer(exhausted: bool, given: Given) {
    let mut context = CURRENT.get();
    if context.call_path != CallPath::ROOT {
        context.inner_outcome = context.inner_outcome.and(exhausted, given);
        CURRENT.set(context);
    }
}

/// Passes the outcome of the inner calls of a scope on to the attempt around it, if there is one.
pub(super) fn pass_on(inner_outcome: InnerOutcome) {
    let mut context = CURRENT.get();
    if context.call_path != CallPath::ROOT {
        context.inner_outcome = inner_outcome;
        CURRENT.set(context);
    }
}

#[cfg(feature = "testing")]
impl Context {
    /// Runs a future within this context.
    pub(crate) fn scope<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        let mut future = Box::pin(future);
        std::future::poll_fn(move |task| {
            let _entered = Entered::new(self);
            future.as_mut().poll(task)
        })
    }
}
