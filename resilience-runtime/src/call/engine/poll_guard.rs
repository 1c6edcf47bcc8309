//! A guard around one poll of a body. In: the state of the call. Out: whether the body may be polled, and what follows.
//!
//! What depends on the types of an annotated function polls the body; all the rest is here and in [`FullCall`], compiled
//! once.

use std::task::{Context as TaskContext, Poll};

use super::decision::{Admission, Refusal};
use super::full::call::FullCall;
use super::state::CallState;
use super::success::{Booked, time_of_success};
use crate::breaker::Leave;
use crate::call::context::{Context, Entered, Given, Report, report_to_outer};
use crate::call::engine::fast::attempt::{FastAttempt, Obstacle};
use crate::call::engine::fast::breaker_check;
use crate::call::engine::fast::call::FastCall;
use crate::call::engine::full::progress::Progress;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::policy::Terms;
use crate::registry::BoundSite;

/// What polling the attempt decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::call) enum PollStep {
    /// Its body may be polled, within the context that is in force now.
    Granted,
    /// It has to wait.
    Pending,
    /// It is a part of an outer call: whatever the body says stands.
    PassThrough,
    /// The body has failed; it is still for the user's rules to say how.
    Failed,
    /// The time of the attempt is up. The body goes first: what it held must be free when its permit is.
    TimedOut,
    /// There is no attempt, and the call ends; the guard says why.
    Refused,
    /// An open breaker has rejected the call, which has ended without a full call.
    BreakerOpen,
    /// The fast path does not apply: a full call goes through all of admission.
    NeedsFullCall,
}

/// A guard around one poll of a body. Dropped before it is told the result, it counts the body as panicked.
#[derive(Debug)]
pub(in crate::call) struct PollGuard {
    mode: PollMode,
}

#[derive(Debug)]
enum PollMode {
    /// No poll is under way.
    Unused,
    /// There is no attempt, for that reason.
    Refused(Refusal),
    /// A call that only makes attempts: nothing is counted, and not even the clock is read.
    Bare(&'static Terms),
    /// The first attempt, on the fast path.
    Fast(FastAttempt),
    /// An attempt of a call that has started, polled within another context than this, which is restored after it.
    Resumed(Context),
}

impl PollGuard {
    /// A guard that has not been asked.
    #[inline]
    pub(in crate::call) fn new() -> Self {
        Self { mode: PollMode::Unused }
    }

    /// Why there is no attempt, after a step that says so.
    #[inline]
    pub(in crate::call) fn refusal(&self) -> Refusal {
        match self.mode {
            PollMode::Refused(refusal) => refusal,
            _ => Ending::DeadlineExceeded.into(),
        }
    }

    /// Admits the first attempt of a call that has not started, if the fast path applies. Nothing is changed when it returns
    /// [`PollStep::NeedsFullCall`].
    #[inline]
    pub(in crate::call) fn admit_fast(&mut self, bound: &'static BoundSite) -> PollStep {
        let terms = bound.terms();
        if !Context::is_root() || bound.shared().sheds_anything() {
            return PollStep::NeedsFullCall;
        }
        if terms.is_bare {
            Context::of_call(bound, terms, Tick(0)).enter();
            self.mode = PollMode::Bare(terms);
            return PollStep::Granted;
        }
        self.admit_fast_by(bound, terms)
    }

    #[inline(never)]
    fn admit_fast_by(&mut self, bound: &'static BoundSite, terms: &'static Terms) -> PollStep {
        if !terms.is_straight {
            return self.admit_fast_with_slot(bound, terms);
        }
        match breaker_check::leave(bound, terms) {
            Some(leave) => self.admit_fast_with::<true>(bound, terms, leave),
            None => self.reject_if_open(bound, terms),
        }
    }

    /// Apart, so that the others need not make room for what this one has to remember.
    #[inline(never)]
    fn admit_fast_with<const ASIDE: bool>(
        &mut self,
        bound: &'static BoundSite,
        terms: &'static Terms,
        leave: Leave,
    ) -> PollStep {
        match FastAttempt::admit::<ASIDE>(bound, terms, leave) {
            Ok(attempt) => {
                attempt.inside().enter();
                self.mode = PollMode::Fast(attempt);
                PollStep::Granted
            }
            Err(Obstacle::NoSeatAside) => self.admit_fast_with::<false>(bound, terms, leave),
            Err(Obstacle::Other) => PollStep::NeedsFullCall,
        }
    }

    /// The same under a rate limit. Other settings that rule out the fast path lead to a full call.
    #[inline(never)]
    fn admit_fast_with_slot(&mut self, bound: &'static BoundSite, terms: &'static Terms) -> PollStep {
        let Some(pace) = terms.pace else { return PollStep::NeedsFullCall };
        let Some(leave) = breaker_check::leave(bound, terms) else {
            return self.reject_if_open(bound, terms);
        };
        let Some(attempt) = FastAttempt::admit_with_slot(bound, terms, pace, leave) else {
            return PollStep::NeedsFullCall;
        };
        attempt.inside().enter();
        self.mode = PollMode::Fast(attempt);
        PollStep::Granted
    }

    /// Turns a call away whose breaker is not closed, if it is open.
    #[inline(never)]
    fn reject_if_open(&mut self, bound: &'static BoundSite, terms: &'static Terms) -> PollStep {
        match breaker_check::reject_if_open(bound, terms) {
            Some(retry_after) => {
                self.mode = PollMode::Refused(Refusal { ending: Ending::CircuitOpen, retry_after });
                PollStep::BreakerOpen
            }
            None => PollStep::NeedsFullCall,
        }
    }

    /// Admits a poll of an attempt of any call, which starts if it has not started.
    #[inline(never)]
    pub(in crate::call) fn admit(
        &mut self,
        state: &mut CallState,
        bound: &'static BoundSite,
        cx: &mut TaskContext<'_>,
    ) -> PollStep {
        if let Some(fast) = state.fast() {
            fast.is_in_body = true;
            self.mode = PollMode::Resumed(fast.inside().enter());
            return PollStep::Granted;
        }
        self.admit_full(state, bound, cx)
    }

    #[inline(never)]
    fn admit_full(
        &mut self,
        state: &mut CallState,
        bound: &'static BoundSite,
        cx: &mut TaskContext<'_>,
    ) -> PollStep {
        let full = state.start_full(bound);
        let step = self.admit_attempt(full, cx);
        if step == PollStep::Granted {
            self.mode = PollMode::Resumed(full.inside.enter());
        }
        step
    }

    /// Admits a poll of the copies of an attempt, each within a context of its own: see
    /// [`poll_copy`](Self::poll_copy). All until [`leave_copies`](Self::leave_copies) counts as a part of the bodies: rules,
    /// clones and destructors of the user's run in the middle of it.
    #[inline(never)]
    pub(in crate::call) fn admit_copies(
        &mut self,
        state: &mut CallState,
        bound: &'static BoundSite,
        cx: &mut TaskContext<'_>,
    ) -> PollStep {
        self.admit_attempt(state.start_full(bound), cx)
    }

    #[inline]
    fn admit_attempt(&mut self, full: &mut FullCall, cx: &mut TaskContext<'_>) -> PollStep {
        if full.progress == Progress::Ended {
            // Polled after its end: pending for ever.
            return PollStep::Pending;
        }
        if !full.is_admitted() {
            match full.poll_admission(cx) {
                Admission::Granted => {}
                Admission::Pending => return PollStep::Pending,
                Admission::PassThrough => return PollStep::PassThrough,
                Admission::Refused(refusal) => {
                    self.mode = PollMode::Refused(refusal);
                    return PollStep::Refused;
                }
            }
        }
        full.progress = Progress::InBody;
        PollStep::Granted
    }

    /// Polls one copy within its context, which learns what the calls inside have said.
    #[inline]
    pub(in crate::call) fn poll_copy<R>(context: &mut Context, poll: impl FnOnce() -> R) -> R {
        let entered = Entered::new(*context);
        let polled = poll();
        context.report = entered.leave();
        polled
    }

    /// The copies are not being polled any more.
    pub(in crate::call) fn leave_copies(&mut self, state: &mut CallState) {
        self.mode = PollMode::Unused;
        if let Some(full) = state.promote()
            && full.progress == Progress::InBody
        {
            full.progress = Progress::Between;
        }
    }

    /// The body has given an `Ok` that is wanted. To be called once, and the pass forgotten after it: to take it by
    /// value would be to copy it, and to drop it, to ask it again.
    #[inline]
    pub(in crate::call) fn succeed(&mut self, state: &mut CallState) {
        if let PollMode::Bare(..) = self.mode {
            Context::ROOT.restore();
        } else {
            self.succeed_counted(state);
        }
    }

    #[inline(never)]
    fn succeed_counted(&mut self, state: &mut CallState) {
        match self.mode {
            PollMode::Fast(_) => self.succeed_fast(state),
            _ => self.succeed_resumed(state),
        }
    }

    #[inline(never)]
    fn succeed_fast(&mut self, state: &mut CallState) {
        let PollMode::Fast(attempt) = &self.mode else { return };
        // What the calls inside have said is for failures.
        Context::ROOT.restore();
        let now = attempt.now();
        let success = attempt.success(now);
        match success.book(now) {
            Booked::Done => {}
            Booked::SeatLeft => {
                self.mode = PollMode::Unused;
                success.count_beside_seat(success.began(now));
            }
            Booked::Not => self.succeed_slowly(state, now),
        }
    }

    /// The same where more has to hear of it.
    #[inline(never)]
    fn succeed_slowly(&mut self, state: &mut CallState, now: Tick) {
        if let PollMode::Fast(attempt) = &self.mode {
            let full = attempt.fast_call(Report::default()).to_full();
            self.mode = PollMode::Unused;
            state.set_full(full).succeed_at(now);
        }
    }

    #[inline(never)]
    fn succeed_resumed(&mut self, state: &mut CallState) {
        let PollMode::Resumed(outer) = &self.mode else { return };
        let report = outer.restore();
        self.mode = PollMode::Unused;
        if let Some(fast) = state.fast() {
            fast.report = report;
            let now = time_of_success(fast.bound, fast.terms);
            if let Some(success) = fast.success(now) {
                let booked = success.book(now);
                if !matches!(booked, Booked::Not) {
                    if matches!(booked, Booked::SeatLeft) {
                        let started = fast.body_began();
                        state.end_fast();
                        success.count_beside_seat(started);
                    } else {
                        state.end_fast();
                    }
                    report_to_outer(false, Given::Nothing);
                    return;
                }
            }
        }
        if let Some(full) = state.promote() {
            full.inside.report = report;
            full.succeed_in_full();
            state.disarm();
        }
    }

    /// The body has to wait.
    #[inline(never)]
    pub(in crate::call) fn wait(
        &mut self,
        state: &mut CallState,
        bound: &'static BoundSite,
        cx: &mut TaskContext<'_>,
    ) -> PollStep {
        self.leave_context(state, Some(bound));
        let is_armed = state.timer().is_some();
        let until = if let Some(fast) = state.fast() {
            fast.pause();
            if is_armed { None } else { fast.time_limit() }
        } else if let Some(full) = state.promote() {
            full.pause();
            if is_armed { None } else { full.time_limit() }
        } else {
            return PollStep::Pending;
        };
        // Armed when it is asked first: most bodies that wait at all are done long before.
        state.attend(|state| {
            let timer = state.timer();
            match (timer.as_mut().map(|timer| timer.poll(cx)), until) {
                (Some(Poll::Ready(())), _) => PollStep::TimedOut,
                (None, Some(until)) => {
                    *timer = Some(bound.shared().arm(until, cx));
                    PollStep::Pending
                }
                (Some(Poll::Pending), _) | (None, None) => PollStep::Pending,
            }
        })
    }

    /// The body has failed. The progress stays within it: what the user's rules say of it is a part of it.
    #[inline(never)]
    pub(in crate::call) fn fail(&mut self, state: &mut CallState, bound: &'static BoundSite) -> PollStep {
        self.leave_context(state, Some(bound));
        state.disarm();
        PollStep::Failed
    }

    /// Steps out of the context of the body, which has not succeeded. Without `bound`, a bare call ends with it: it holds
    /// nothing, and nobody counts it.
    #[expect(clippy::inline_always, reason = "each of its three callers needs one of its branches most")]
    #[inline(always)]
    fn leave_context(&mut self, state: &mut CallState, bound: Option<&'static BoundSite>) {
        match &self.mode {
            PollMode::Unused | PollMode::Refused(_) => {}
            PollMode::Bare(terms) => {
                let report = Context::ROOT.restore();
                if let Some(bound) = bound {
                    state.set_fast(FastCall::first(bound, terms, Leave::default(), Tick(0), report));
                }
            }
            PollMode::Fast(attempt) => {
                state.set_fast(attempt.fast_call(Context::ROOT.restore()));
            }
            PollMode::Resumed(outer) => {
                let report = outer.restore();
                if let Some(fast) = state.fast() {
                    fast.report = report;
                } else if let Some(full) = state.promote() {
                    full.inside.report = report;
                }
            }
        }
        // Only the word that says which way is written: to take the whole would be to copy it.
        self.mode = PollMode::Unused;
    }
}

impl Drop for PollGuard {
    #[inline]
    fn drop(&mut self) {
        if !matches!(self.mode, PollMode::Unused | PollMode::Refused(_)) {
            self.unwind();
        }
    }
}

impl PollGuard {
    /// The body has panicked. What has begun before it finds that it is in its body when it is dropped, as does what
    /// begins here.
    #[cold]
    fn unwind(&mut self) {
        self.leave_context(&mut CallState::not_started(), None);
    }
}
