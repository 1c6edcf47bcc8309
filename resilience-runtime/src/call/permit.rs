//! Everything that one attempt of a course holds, in one value that settles exactly once.
//!
//! The breaker's leave, the seat in the bulkhead, the place under the retry cap and the attempt's clock live and
//! die together, so that none can leak. Before the body runs, a permit that is closed gives back what it has; after
//! that, closing one that is not settled abandons the attempt, and that is an outcome of its own.
//!
//! A permit is bare, so that a call can hold one in three words: whom it is for comes with each use, and its holder
//! closes it when dropped. There are two holders, the course of a call and [`OfCopy`]. (A first attempt that has walked in
//! has no permit until it leaves the shortest way: see `straight`.)

use std::time::Duration;

use super::desk::{Books, Desk};
use crate::breaker::{Leave, Origin, Transition, Vote};
use crate::bulkhead::Seat;
use crate::clock::{Tick, nanos};
use crate::ending::Ending;
use crate::monitor::AttemptOutcome;
use crate::policy::ServiceRules;
use crate::registry::{Part, Target};
use crate::shard::{Slot, Writer};
use crate::wakers::shielded;

/// What an attempt holds.
#[derive(Debug)]
#[must_use]
pub(super) struct Permit {
    /// The breaker's leave; counts where it was `asked`.
    leave: Leave,
    /// When its body began.
    pub(super) started: Tick,
    /// Not when the breaker is off, or the site does not ask it.
    asked: bool,
    pub(super) seat: Option<Seat>,
    pub(super) has_retry_slot: bool,
    stage: Stage,
    /// What the breaker has done when it was asked, for those who listen.
    pub(super) news: Option<Transition>,
}

/// How far the attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It has not begun.
    Gathering,
    /// Its body runs.
    Running,
    /// Its body is being polled beside others. When it is closed, that means that it panicked.
    InBody,
    /// It has succeeded and holds nothing; that has yet to be counted. When it is closed, who was told has panicked.
    Uncounted,
    /// It has ended, and holds nothing.
    Settled,
}

impl Permit {
    /// A permit that holds nothing yet.
    #[inline]
    pub(super) fn new() -> Self {
        Self {
            leave: Leave::default(),
            started: Tick::NEVER,
            asked: false,
            seat: None,
            has_retry_slot: false,
            stage: Stage::Gathering,
            news: None,
        }
    }

    /// A permit that holds nothing any more.
    pub(super) fn settled() -> Self {
        Self { stage: Stage::Settled, ..Self::new() }
    }

    /// A permit whose attempt begins with all that it needs: the breaker's leave if it was asked, a seat if it takes
    /// one, a place under the global cap if it is a retry.
    #[inline]
    pub(super) fn running(leave: Option<Leave>, has_seat: bool, has_retry_slot: bool, started: Tick) -> Self {
        Self {
            leave: leave.unwrap_or_default(),
            started,
            asked: leave.is_some(),
            seat: has_seat.then(Seat::granted),
            has_retry_slot,
            stage: Stage::Running,
            news: None,
        }
    }

    /// Takes a place under the global cap on retries.
    pub(super) fn take_retry_slot(&mut self, desk: Desk) -> Result<(), Ending> {
        self.has_retry_slot = desk.target.acquire_retry();
        if self.has_retry_slot { Ok(()) } else { Err(Ending::RetryCapReached) }
    }

    /// Asks the breaker; the error is the time until asking again makes sense, where that is known. What it has done on
    /// that is [still to be told](Self::tell).
    #[inline]
    pub(super) fn ask_breaker(
        &mut self,
        desk: Desk,
        rules: &ServiceRules,
        now: Tick,
    ) -> Result<(), Option<Duration>> {
        if let Some(settings) = &rules.breaker
            && desk.rules().circuit_breaker_enabled
        {
            let timeout = desk.rules().attempt_timeout;
            let admitted =
                desk.target.admit(settings, now, timeout).map_err(|refused| refused.retry_after)?;
            self.leave = admitted.leave();
            self.asked = true;
            self.news = admitted.transition();
        }
        Ok(())
    }

    /// Gives back what a sleeper must not hold, before a wait: a trial belongs to who can make it now, and the cap
    /// counts attempts in flight.
    #[cold]
    fn stand_back(&mut self, desk: Desk) {
        self.return_retry_slot(desk.target);
        if std::mem::take(&mut self.asked) {
            let news = desk.target.settle(self.leave, Vote::None, desk.now(), Slot::current());
            debug_assert!(news.is_none(), "nobody has voted");
        }
    }

    /// The body begins.
    #[inline]
    pub(super) fn begin(&mut self, now: Tick) {
        self.started = now;
        self.stage = Stage::Running;
    }

    /// Says whether the body is being polled now, for copies that are polled side by side.
    pub(super) fn set_in_body(&mut self, is_in_body: bool) {
        if matches!(self.stage, Stage::Running | Stage::InBody) {
            self.stage = if is_in_body { Stage::InBody } else { Stage::Running };
        }
    }

    /// The breaker's leave, if it was asked.
    #[inline]
    pub(super) fn leave(&self) -> Option<Leave> {
        self.asked.then_some(self.leave)
    }

    /// Ends the attempt with its own result. Gives back what the breaker has done on that, for those who listen: they are
    /// told by the caller, once nothing is left to be done that their panic could keep from being done.
    #[must_use = "those who listen have yet to be told"]
    #[inline(never)]
    #[expect(clippy::too_many_arguments, reason = "what an attempt is, and where it is written")]
    pub(super) fn settle(
        &mut self,
        desk: Desk,
        rules: &ServiceRules,
        vote: Vote,
        origin: Origin,
        outcome: AttemptOutcome,
        now: Tick,
        books: Books,
    ) -> Option<Transition> {
        self.settle_by(desk, rules, vote, origin, outcome, now, books)
    }

    /// The same as a part of where it is called.
    #[must_use = "those who listen have yet to be told"]
    #[expect(clippy::inline_always, reason = "most of what it asks is known where it is called")]
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "what an attempt is, and where it is written")]
    pub(super) fn settle_by<W: Writer>(
        &mut self,
        desk: Desk,
        rules: &ServiceRules,
        vote: Vote,
        origin: Origin,
        outcome: AttemptOutcome,
        now: Tick,
        books: Books<W>,
    ) -> Option<Transition> {
        books.counters.attempt(outcome, books.by);
        let news = self.conclude_by(desk, rules, vote, origin, outcome, now, books);
        self.stage = Stage::Settled;
        news
    }

    /// Ends the attempt with a success, which is [counted](Self::count_success) once those who listen were told.
    #[must_use = "those who listen have yet to be told"]
    pub(super) fn succeed(
        &mut self,
        desk: Desk,
        rules: &ServiceRules,
        vote: Vote,
        now: Tick,
        books: Books,
    ) -> Option<Transition> {
        self.stage = Stage::Uncounted;
        self.conclude_by(desk, rules, vote, Origin::NONE, AttemptOutcome::Success, now, books)
    }

    /// Counts a success. The call counts with it: calls that succeed are those whose attempt did.
    pub(super) fn count_success(&mut self, books: Books) {
        self.stage = Stage::Settled;
        books.counters.attempt(AttemptOutcome::Success, books.by);
    }

    /// Tells all but the counters how the attempt went, and gives back what it has.
    #[expect(clippy::inline_always, reason = "a part of `settle_by`")]
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "what an attempt is, and where it is written")]
    fn conclude_by<W: Writer>(
        &mut self,
        desk: Desk,
        rules: &ServiceRules,
        vote: Vote,
        origin: Origin,
        outcome: AttemptOutcome,
        now: Tick,
        books: Books<W>,
    ) -> Option<Transition> {
        let Desk { target, .. } = desk;
        let mut news = None;
        if std::mem::take(&mut self.asked) {
            news = target.settle_with(rules, self.leave, vote, origin, now, books.part, books.by);
        } else if desk.rules().circuit_breaker_enabled && !desk.is_bare(rules) {
            // Adaptive delays and budgets read the window without the breaker, but a site that does not look at
            // the breaker has no vote either.
            target.record(vote, now, books.part, books.by);
        }
        if rules.reads_outcomes {
            tell(target, rules, outcome, self.started, now);
        }
        self.free(desk, rules, books.part);
        news
    }

    /// Ends an attempt that will have no result: the call was dropped, or its deadline came. One that was
    /// old enough to have answered counts against the service; a young one says nothing.
    #[must_use = "those who listen have yet to be told"]
    #[cold]
    pub(super) fn abandon(&mut self, desk: Desk) -> Option<Transition> {
        let now = desk.now();
        let hung_after = nanos(desk.target.hung_after(desk.rules()));
        let hung = hung_after > 0 && now.nanos_since(self.started) >= hung_after;
        let vote = if hung { Vote::of(true, true) } else { Vote::None };
        let (rules, books) = (desk.service_rules(), desk.books_here());
        self.settle(desk, rules, vote, self.origin(), AttemptOutcome::Abandoned, now, books)
    }

    /// What is known of its call where only the permit is left.
    fn origin(&self) -> Origin {
        Origin { is_first: !self.has_retry_slot, ..Origin::NONE }
    }

    /// Ends an attempt whose body panicked.
    #[cold]
    fn panicked(&mut self, desk: Desk) -> Option<Transition> {
        let vote = Vote::of(true, false);
        let books = desk.books_here();
        let (rules, outcome) = (desk.service_rules(), AttemptOutcome::Panicked);
        self.settle(desk, rules, vote, self.origin(), outcome, desk.now(), books)
    }

    #[expect(clippy::inline_always, reason = "a part of `settle_by`")]
    #[inline(always)]
    fn free(&mut self, desk: Desk, rules: &ServiceRules, part: &Part) {
        self.return_retry_slot(desk.target);
        // Last, as it may wake others, which is foreign code.
        if let Some(seat) = self.seat.take() {
            desk.target.release(seat, self.started, rules.aside, part);
        }
    }

    /// Gives its place under the cap on retries back, if it has one.
    #[inline]
    pub(super) fn return_retry_slot(&mut self, target: Target) {
        if std::mem::take(&mut self.has_retry_slot) {
            target.release_retry();
        }
    }

    /// Ends what has not ended: its holder lets go of it.
    #[inline]
    pub(super) fn close(&mut self, desk: Desk) {
        let holds_nothing = !self.asked && self.seat.is_none() && !self.has_retry_slot;
        if self.stage != Stage::Settled && !(self.stage == Stage::Gathering && holds_nothing) {
            self.end(desk);
        }
        self.stage = Stage::Settled;
    }

    #[cold]
    fn end(&mut self, desk: Desk) {
        let news = match self.stage {
            Stage::Gathering => {
                self.stand_back(desk);
                self.free(desk, desk.service_rules(), desk.target.part(Slot::current()));
                None
            }
            Stage::Running => self.abandon(desk),
            Stage::InBody => self.panicked(desk),
            Stage::Uncounted => {
                let books = desk.books_here();
                books.counters.attempt(AttemptOutcome::Panicked, books.by);
                None
            }
            Stage::Settled => None,
        };
        if news.is_some() {
            // An attempt that has begun is closed only when its holder is dropped, maybe by unwinding.
            shielded(|| desk.target.announce(news));
        }
    }
}

/// Tells those that few services have how an attempt went.
#[cold]
fn tell(target: Target, rules: &ServiceRules, outcome: AttemptOutcome, started: Tick, now: Tick) {
    if let Some(throttle) = &rules.throttle {
        target.accepted(throttle, outcome, now, Slot::current());
    }
    if let Some(bulkhead) = &rules.bulkhead {
        target.observe(bulkhead, outcome, started, now);
    }
}
