//! Holds the state of a call between polls: not started, on the fast path, or a full call; with the timer of its attempt.

use std::mem::ManuallyDrop;
use std::task::Context as TaskContext;

use super::failure::FailedAttempt;
use super::foreign_code::{ATTEMPTS_FOR_FREE, OnPanic, is_spent, run_foreign};
use crate::bulkhead::BulkheadPermit;
use crate::call::context::InnerOutcome;
use crate::call::engine::fast::call::{FastCall, FastRetry};
use crate::call::engine::full::call::FullCall;
use crate::call::engine::full::progress::Progress;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::registry::BoundSite;
use crate::timer::Armed;
use crate::wakers::shielded;

/// The state of a call between two polls. It owns a [`FastCall`], a [`FullCall`] and the timer of their attempt, and gives back
/// what they hold when it is dropped.
///
/// Most calls have none of these when they are dropped, and the code that drops them is part of each annotated function.
/// So that code makes one check, and the rest is here once.
pub(in crate::call) struct CallState {
    form: Form,
    // Armed once the body has had to wait: most that do are done long before it goes off, and the others pay nothing
    // for it. Never armed in a call that has not started, and so not looked at when that is dropped.
    timer: ManuallyDrop<Option<Armed>>,
}

enum Form {
    /// It has not started, or has ended on the fast path.
    NotStarted,
    /// It has not started, and has a deadline of its own.
    NotStartedUntil(Tick),
    /// It is in an attempt on the fast path.
    Fast(FastCall),
    /// Anything else. Not dropped by itself, or each change of this would have to ask whether there is one.
    Full(ManuallyDrop<FullCall>),
}

impl CallState {
    #[inline]
    pub(in crate::call) fn not_started() -> Self {
        Self { form: Form::NotStarted, timer: ManuallyDrop::new(None) }
    }

    #[inline]
    pub(in crate::call) fn is_not_started(&self) -> bool {
        matches!(self.form, Form::NotStarted)
    }

    /// The full call, if it is one.
    #[inline]
    pub(in crate::call) fn full(&self) -> Option<&FullCall> {
        match &self.form {
            Form::Full(full) => Some(full),
            _ => None,
        }
    }

    /// Gives a deadline of its own to a call that has not started. What polls it next asks for that.
    #[inline]
    pub(in crate::call) fn start_by(&mut self, deadline: Tick) {
        debug_assert!(self.is_not_started(), "what it holds would be lost");
        self.form = Form::NotStartedUntil(deadline);
    }

    /// The deadline of its own of a call that has not started.
    #[inline]
    pub(in crate::call) fn own_deadline(&self) -> Option<Tick> {
        match &self.form {
            Form::NotStartedUntil(deadline) => Some(*deadline),
            _ => None,
        }
    }

    /// The first attempt has begun, within a context that has its deadline.
    #[inline]
    pub(in crate::call) fn forget_deadline(&mut self) {
        debug_assert!(self.own_deadline().is_some(), "what it holds would be lost");
        self.form = Form::NotStarted;
    }

    /// How many attempts it has begun, as far as it has noted that.
    pub(in crate::call) fn attempts(&self) -> u32 {
        match &self.form {
            Form::NotStarted | Form::NotStartedUntil(_) => 0,
            Form::Fast(fast) => fast.attempts,
            Form::Full(full) => full.attempts,
        }
    }

    /// The fast call, if it is one.
    #[inline]
    pub(in crate::call) fn fast(&mut self) -> Option<&mut FastCall> {
        match &mut self.form {
            Form::Fast(fast) => Some(fast),
            _ => None,
        }
    }

    /// The full call, which starts if the call has not started.
    #[inline]
    pub(in crate::call) fn start_full(&mut self, bound: &'static BoundSite) -> &mut FullCall {
        if matches!(self.form, Form::NotStarted | Form::NotStartedUntil(_)) {
            self.enter_full(bound);
        }
        match self.promote() {
            Some(full) => full,
            None => unreachable!("it has just begun"),
        }
    }

    #[inline(never)]
    fn enter_full(&mut self, bound: &'static BoundSite) {
        let mut full = FullCall::enter(bound);
        if let Some(deadline) = self.own_deadline() {
            full.limit_to(deadline);
        }
        self.form = Form::Full(ManuallyDrop::new(full));
    }

    /// Makes a full call of a fast one.
    #[inline(never)]
    fn make_full(&mut self) {
        if let Form::Fast(fast) = &self.form {
            self.form = Form::Full(ManuallyDrop::new(fast.to_full()));
        }
    }

    /// The full call of a call that has started; a fast one becomes full.
    #[inline]
    pub(in crate::call) fn promote(&mut self) -> Option<&mut FullCall> {
        if matches!(self.form, Form::Fast(_)) {
            self.make_full();
        }
        match &mut self.form {
            Form::Full(full) => Some(full),
            _ => None,
        }
    }

    /// The call goes on, or ends, as a full call.
    #[inline]
    pub(in crate::call) fn set_full(&mut self, full: FullCall) -> &mut FullCall {
        debug_assert!(self.is_not_started(), "what it holds would be lost");
        self.form = Form::Full(ManuallyDrop::new(full));
        match &mut self.form {
            Form::Full(full) => full,
            _ => unreachable!("it has just been given one"),
        }
    }

    /// The first attempt goes on beyond its poll.
    #[inline]
    pub(in crate::call) fn set_fast(&mut self, fast: FastCall) {
        debug_assert!(self.is_not_started(), "what it holds would be lost");
        self.form = Form::Fast(fast);
    }

    /// The timer of the attempt under way.
    #[inline]
    pub(in crate::call) fn timer(&mut self) -> &mut Option<Armed> {
        &mut self.timer
    }

    /// The timer of an attempt that has none yet.
    #[inline]
    pub(in crate::call) fn set_timer(&mut self, timer: Armed) {
        debug_assert!(self.timer.is_none(), "it would never be cancelled");
        self.timer = ManuallyDrop::new(Some(timer));
    }

    /// The attempt is not under way any more, or its time is up.
    #[inline]
    pub(in crate::call) fn disarm(&mut self) {
        *self.timer = None;
    }

    /// The body is being polled, or other code that is not ours: if it is dropped now, that has panicked.
    pub(in crate::call) fn enter_body(&mut self) {
        if let Form::Fast(fast) = &mut self.form {
            fast.is_in_body = true;
        } else if let Form::Full(full) = &mut self.form
            && full.progress == Progress::Between
        {
            full.progress = Progress::InBody;
        }
    }

    /// The body is not being polled any more. Returns the outcome of the calls inside it.
    #[inline]
    pub(in crate::call) fn leave_body(&mut self) -> InnerOutcome {
        // First, and not one of several: those that fail fast are polled most.
        if let Form::Fast(fast) = &mut self.form {
            fast.is_in_body = false;
            return fast.inner_outcome;
        }
        let Form::Full(full) = &mut self.form else { return InnerOutcome::default() };
        full.progress = Progress::Between;
        full.context.inner_outcome
    }

    /// After a failure: settles the attempt, and says what follows if that is an attempt at once, or none after all; with the
    /// attempt, whether the task [may have to yield](Self::yields) before it. `None`, and nothing is changed, if only a full call
    /// can tell. Not for a body that cannot run again.
    #[inline(never)]
    pub(in crate::call) fn try_again(&mut self, failed: &FailedAttempt) -> Option<Result<bool, Ending>> {
        // The full call has something to log about it.
        if failed.failure.client() != 0 {
            return None;
        }
        let Form::Fast(fast) = &mut self.form else { return None };
        let FastRetry::Full { next, holding, has_bulkhead_permit, transition } = fast.try_again(failed)?
        else {
            return Some(Ok(fast.attempts > ATTEMPTS_FOR_FREE));
        };
        let (full, started) = (fast.to_full_settled(holding), fast.started);
        let target = full.target();
        self.form = Form::Full(ManuallyDrop::new(full));
        if has_bulkhead_permit {
            target.pass_on_permit(BulkheadPermit::granted(), started);
        }
        if let Form::Full(full) = &mut self.form {
            full.tell(transition);
            match next {
                Ok(()) => full.tell_of_retry(0, &failed.failure),
                Err(ending) => full.note_why(failed, ending),
            }
        }
        Some(next.map(|()| self.attempts() > ATTEMPTS_FOR_FREE))
    }

    /// What it held has been given back.
    #[inline]
    pub(in crate::call) fn end_fast(&mut self) {
        debug_assert!(!matches!(self.form, Form::Full(_)), "a full call ends by itself");
        // First: there is nothing left to give back, should letting go of the timer panic.
        self.form = Form::NotStarted;
        self.disarm();
    }
}

impl Drop for CallState {
    #[inline]
    fn drop(&mut self) {
        if !self.is_not_started() {
            self.release();
        }
    }
}

impl CallState {
    #[inline(never)]
    fn release(&mut self) {
        if let Some(full) = self.promote() {
            full.release();
            // Timers have wakers, whose destructors are foreign code; and this may be unwinding.
            shielded(|| full.wait = None);
        }
        shielded(|| self.disarm());
    }
}

impl OnPanic for CallState {
    fn panicked(&mut self) {
        self.enter_body();
    }
}

impl CallState {
    /// Runs code that calls foreign code.
    #[inline]
    pub(in crate::call) fn run_foreign<R>(&mut self, foreign: impl FnOnce(&mut Self) -> R) -> R {
        run_foreign(self, foreign)
    }
}

impl CallState {
    /// The same for a call that may be on the fast path, and has made more attempts than are free.
    #[cold]
    pub(in crate::call) fn yields(&mut self, cx: &mut TaskContext<'_>) -> bool {
        self.run_foreign(|_| is_spent(cx))
    }
}
