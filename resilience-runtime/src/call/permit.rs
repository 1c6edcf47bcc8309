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
use crate::breaker::{Leave, Vote};
use crate::bulkhead::Seat;
use crate::clock::{Tick, nanos};
use crate::ending::Ending;
use crate::monitor::AttemptOutcome;
use crate::policy::ServiceRules;
use crate::registry::{Part, Target};
use crate::shard::{Slot, Writer};

/// What an attempt holds.
#[derive(Debug)]
#[must_use]
pub(super) struct Permit {
    /// The breaker's leave; counts where it was `asked`.
    leave: Leave,
    pub(super) started: Tick,
    /// Not when the breaker is off, or the site does not ask it.
    asked: bool,
    pub(super) seat: Option<Seat>,
    pub(super) has_retry_slot: bool,
    stage: Stage,
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
    /// It has ended, and holds nothing.
    Settled,
}

impl Permit {
    /// A permit that holds nothing yet.
    #[inline]
    pub(super) fn new() -> Self {
        Self {
            leave: Leave::default(),
            started: Tick(0),
            asked: false,
            seat: None,
            has_retry_slot: false,
            stage: Stage::Gathering,
        }
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
        }
    }

    /// Takes a place under the global cap on retries.
    pub(super) fn take_retry_slot(&mut self, desk: Desk) -> Result<(), Ending> {
        self.has_retry_slot = desk.target.acquire_retry();
        if self.has_retry_slot { Ok(()) } else { Err(Ending::RetryCapReached) }
    }

    /// Asks the breaker; the error is the time until asking again makes sense, where that is known.
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
            self.leave = desk.target.admit(settings, now).map_err(|refused| refused.retry_after)?;
            self.asked = true;
        }
        Ok(())
    }

    /// Gives back what a sleeper must not hold, before a wait: a trial belongs to who can make it now, and the cap
    /// counts attempts in flight.
    #[cold]
    fn stand_back(&mut self, desk: Desk) {
        self.return_retry_slot(desk.target);
        if std::mem::take(&mut self.asked) {
            desk.target.settle(self.leave, Vote::None, desk.now(), Slot::current());
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
        self.stage = if is_in_body { Stage::InBody } else { Stage::Running };
    }

    /// The breaker's leave, if it was asked.
    #[inline]
    pub(super) fn leave(&self) -> Option<Leave> {
        self.asked.then_some(self.leave)
    }

    /// Ends the attempt with its own result.
    #[inline(never)]
    pub(super) fn settle(
        &mut self,
        desk: Desk,
        rules: &ServiceRules,
        vote: Vote,
        outcome: AttemptOutcome,
        now: Tick,
        books: Books,
    ) {
        self.settle_by(desk, rules, vote, outcome, now, books);
    }

    /// The same as a part of where it is called.
    #[expect(clippy::inline_always, reason = "most of what it asks is known where it is called")]
    #[inline(always)]
    pub(super) fn settle_by<W: Writer>(
        &mut self,
        desk: Desk,
        rules: &ServiceRules,
        vote: Vote,
        outcome: AttemptOutcome,
        now: Tick,
        books: Books<W>,
    ) {
        self.stage = Stage::Settled;
        let Desk { target, .. } = desk;
        books.counters.attempt(outcome, books.by);
        if std::mem::take(&mut self.asked) {
            target.settle_with(rules, self.leave, vote, now, books.part, books.by);
        } else if desk.rules().circuit_breaker_enabled && !desk.is_bare(rules) {
            // Adaptive delays and budgets read the window without the breaker, but a site that does not look at
            // the breaker has no vote either.
            target.record(vote, now, books.part, books.by);
        }
        if rules.reads_outcomes {
            tell(target, rules, outcome, self.started, now);
        }
        self.free(desk, rules, books.part);
    }

    /// Ends an attempt that will have no result: the call was dropped, or its deadline came. One that was
    /// old enough to have answered counts against the service; a young one says nothing.
    #[cold]
    pub(super) fn abandon(&mut self, desk: Desk) {
        let now = desk.now();
        let hung_after = nanos(desk.target.hung_after(desk.rules()));
        let hung = hung_after > 0 && now.nanos_since(self.started) >= hung_after;
        let vote = if hung { Vote::of(true, true) } else { Vote::None };
        self.settle(desk, desk.service_rules(), vote, AttemptOutcome::Abandoned, now, desk.books_here());
    }

    /// Ends an attempt whose body panicked.
    #[cold]
    pub(super) fn panicked(&mut self, desk: Desk) {
        let vote = Vote::of(true, false);
        let books = desk.books_here();
        self.settle(desk, desk.service_rules(), vote, AttemptOutcome::Panicked, desk.now(), books);
    }

    #[expect(clippy::inline_always, reason = "a part of `settle_by`")]
    #[inline(always)]
    fn free(&mut self, desk: Desk, rules: &ServiceRules, part: &Part) {
        self.return_retry_slot(desk.target);
        // Last, as it may wake others, which is foreign code.
        if let Some(seat) = self.seat.take() {
            desk.target.release(seat, rules.aside, part);
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
        match self.stage {
            Stage::Gathering => {
                self.stand_back(desk);
                self.free(desk, desk.service_rules(), desk.target.part(Slot::current()));
            }
            Stage::Running => self.abandon(desk),
            Stage::InBody => self.panicked(desk),
            Stage::Settled => {}
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

/// A permit that a copy of an attempt holds by itself.
#[derive(Debug)]
#[must_use]
pub(super) struct OfCopy {
    pub(super) permit: Permit,
    desk: Desk,
}

impl OfCopy {
    pub(super) fn new(permit: Permit, desk: Desk) -> Self {
        Self { permit, desk }
    }

    /// Hands the permit on to another holder.
    pub(super) fn into_permit(mut self) -> Permit {
        let settled = Permit { stage: Stage::Settled, ..Permit::new() };
        std::mem::replace(&mut self.permit, settled)
    }
}

impl Drop for OfCopy {
    fn drop(&mut self) {
        self.permit.close(self.desk);
    }
}
