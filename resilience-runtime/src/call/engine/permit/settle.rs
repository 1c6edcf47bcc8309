//! Carries out the end of an attempt: its vote, its counts, and all that it holds goes back. In: the permit, and the result, the
//! absence of one, or the panic of its body. Out: its vote, its place and its counts where they belong, and what the breaker has
//! done on that.

use super::{AttemptEnd, Permit, Stage};
use crate::breaker::{CastVote, Origin, Transition, Vote};
use crate::call::engine::events::attempt_ended;
use crate::call::engine::ledger::{AttemptTarget, LocalCounters};
use crate::clock::{Tick, nanos};
use crate::counting::shard::{Slot, Writer};
use crate::monitor::AttemptOutcome;
use crate::policy::ServiceRules;
use crate::registry::{ServiceState, ThreadShard};
use crate::wakers::shielded;

impl Permit {
    /// Ends the attempt with its own result. Gives back what the breaker has done on that, for those who listen: they are
    /// told by the caller, once nothing is left to be done that their panic could keep from being done.
    #[must_use = "those who listen have yet to be told"]
    #[inline(never)]
    pub(in crate::call) fn settle(
        &mut self,
        attempt: AttemptTarget,
        rules: &ServiceRules,
        end: AttemptEnd,
        local: LocalCounters,
    ) -> Option<Transition> {
        self.settle_by(attempt, rules, end, local)
    }

    /// The same as a part of where it is called.
    #[must_use = "those who listen have yet to be told"]
    #[expect(clippy::inline_always, reason = "most of what it asks is known where it is called")]
    #[inline(always)]
    pub(in crate::call) fn settle_by<W: Writer>(
        &mut self,
        attempt: AttemptTarget,
        rules: &ServiceRules,
        end: AttemptEnd,
        local: LocalCounters<W>,
    ) -> Option<Transition> {
        local.of_service().attempt_failed(self.number, end.outcome, local.by);
        let (number, outcome) = (self.number, end.outcome);
        attempt.target.service().step(|| attempt_ended(number, outcome));
        let transition = self.conclude_by(attempt, rules, end, local);
        self.stage = Stage::Settled;
        transition
    }

    /// Ends the attempt with a success, which is [counted](Self::count_success) once those who listen were told.
    #[must_use = "those who listen have yet to be told"]
    #[inline]
    pub(in crate::call) fn succeed<W: Writer>(
        &mut self,
        attempt: AttemptTarget,
        rules: &ServiceRules,
        vote: Vote,
        now: Tick,
        local: LocalCounters<W>,
    ) -> Option<Transition> {
        self.stage = Stage::Uncounted;
        let end = AttemptEnd {
            outcome: AttemptOutcome::Success,
            cast: CastVote { vote, origin: Origin::NONE, at: now },
        };
        self.conclude_by(attempt, rules, end, local)
    }

    /// Counts a success. The call counts with it: calls that succeed are those whose attempt did.
    #[inline]
    pub(in crate::call) fn count_success<W: Writer>(&mut self, local: LocalCounters<W>) {
        self.stage = Stage::Settled;
        local.site.attempt_succeeded(self.number, local.by);
    }

    /// Tells all but the counters how the attempt went, and gives back what it has.
    #[expect(clippy::inline_always, reason = "a part of `settle_by`")]
    #[inline(always)]
    fn conclude_by<W: Writer>(
        &mut self,
        attempt: AttemptTarget,
        rules: &ServiceRules,
        end: AttemptEnd,
        local: LocalCounters<W>,
    ) -> Option<Transition> {
        let AttemptTarget { target, .. } = attempt;
        let AttemptEnd { outcome, cast } = end;
        let mut transition = None;
        if std::mem::take(&mut self.asked) {
            transition = target.settle(rules, self.ticket, cast, local.writer());
        } else if attempt.rules().circuit_breaker_enabled && !attempt.is_bare(rules) {
            // Adaptive delays and budgets read the window without the breaker, but a site that does not look at
            // the breaker has no vote either.
            target.state().breaker.record(cast.vote, cast.at, &local.shard.votes, local.by);
        }
        if rules.reads_outcomes {
            tell(target.state(), rules, outcome, self.started, cast.at);
        }
        self.free(attempt, rules, local.shard);
        transition
    }

    /// Ends an attempt that will have no result: the call was dropped, or its deadline came. One that was
    /// old enough to have answered counts against the service; a young one says nothing.
    #[must_use = "those who listen have yet to be told"]
    #[cold]
    pub(in crate::call) fn abandon(&mut self, attempt: AttemptTarget) -> Option<Transition> {
        let now = attempt.now();
        let hung_after = nanos(attempt.hung_after());
        let hung = hung_after > 0 && now.nanos_since(self.started) >= hung_after;
        let vote = if hung { Vote::of(true, true) } else { Vote::None };
        let (rules, local) = (attempt.service_rules(), attempt.local_counters());
        let end = AttemptEnd {
            outcome: AttemptOutcome::Abandoned,
            cast: CastVote { vote, origin: self.origin(), at: now },
        };
        self.settle(attempt, rules, end, local)
    }

    /// What is known of its call where only the permit is left.
    fn origin(&self) -> Origin {
        Origin { is_first: !self.has_retry_slot, ..Origin::NONE }
    }

    /// Ends an attempt whose body panicked.
    #[cold]
    fn panicked(&mut self, attempt: AttemptTarget) -> Option<Transition> {
        let vote = Vote::of(true, false);
        let local = attempt.local_counters();
        let outcome = AttemptOutcome::Panicked;
        let cast = CastVote { vote, origin: self.origin(), at: attempt.now() };
        let end = AttemptEnd { outcome, cast };
        self.settle(attempt, attempt.service_rules(), end, local)
    }

    #[expect(clippy::inline_always, reason = "a part of `settle_by`")]
    #[inline(always)]
    fn free(&mut self, attempt: AttemptTarget, rules: &ServiceRules, shard: &ThreadShard) {
        self.return_retry_slot(attempt.target);
        // Last, as it may wake others, which is foreign code.
        if let Some(permit) = self.bulkhead.take() {
            attempt.target.release_permit(permit, self.started, rules.local_permits, shard);
        }
    }

    /// Ends what has not ended: its holder lets go of it.
    #[inline]
    pub(in crate::call) fn close(&mut self, attempt: AttemptTarget) {
        let holds_nothing = !self.asked && self.bulkhead.is_none() && !self.has_retry_slot;
        if self.stage != Stage::Settled && !(self.stage == Stage::Acquiring && holds_nothing) {
            self.end(attempt);
        }
        self.stage = Stage::Settled;
    }

    #[cold]
    fn end(&mut self, attempt: AttemptTarget) {
        let transition = match self.stage {
            Stage::Acquiring => {
                self.stand_back(attempt);
                self.free(attempt, attempt.service_rules(), attempt.target.state().shard(Slot::current()));
                None
            }
            Stage::Running => self.abandon(attempt),
            Stage::InBody => self.panicked(attempt),
            Stage::Uncounted => {
                let local = attempt.local_counters();
                local.of_service().attempt_failed(self.number, AttemptOutcome::Panicked, local.by);
                let number = self.number;
                attempt.target.service().step(|| attempt_ended(number, AttemptOutcome::Panicked));
                None
            }
            Stage::Settled => None,
        };
        if transition.is_some() {
            // An attempt that has begun is closed only when its holder is dropped, maybe by unwinding.
            shielded(|| attempt.target.announce(transition));
        }
    }
}

/// Tells those that few services have how an attempt went.
#[cold]
pub(in crate::call) fn tell(
    state: &ServiceState,
    rules: &ServiceRules,
    outcome: AttemptOutcome,
    started: Tick,
    now: Tick,
) {
    if let Some(throttle) = &rules.throttle
        && let Some(accepted) = outcome.is_accepted()
    {
        state.throttle.record(throttle, accepted, now, Slot::current());
    }
    if let Some(bulkhead) = &rules.bulkhead {
        state.observe(bulkhead, outcome, started, now);
    }
}
