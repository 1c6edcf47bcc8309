//! Decides whether a result counts in the breaker (that of an earlier generation is ignored), and carries out what follows. In:
//! admitted attempts and their results. Out: votes in the windows, and the transition: it opens where `opening` says so, and after
//! a trial opens again or closes. Every attempt passes here after its body; [`admission`](super::admission) is the other half.

use resilience_settings::policy::{BreakerSettings, Window};

use super::breaker::{Admitted, Breaker, BreakerTicket};
use super::evidence::cast_vote::CastVote;
use super::evidence::vote::{Counts, Vote};
use super::evidence::vote_sink::{VoteSink, Votes};
use super::opening::ReachedThreshold;
use super::rules::{Rules, slices};
use super::state_word::StateWord;
use super::transition::{OpenedBy, Transition};
use crate::breaker_state::BreakerState;
use crate::clock::Tick;
use crate::counting::shard::{Own, Parts, Writer};
use crate::counting::slices::Slices;
use crate::counting::window_key::WindowKey;

impl Breaker {
    /// Settles one attempt: counts its vote and opens or closes the breaker if that is due. `draw` returns a random
    /// number in `[0, 1)` and is only called to open the breaker.
    #[inline]
    pub(crate) fn settle(
        &self,
        admitted: Admitted,
        cast: CastVote,
        sink: VoteSink<'_, impl Parts<Votes>, impl Writer>,
        rules: Rules<'_>,
        draw: impl FnOnce() -> f64,
    ) -> Option<Transition> {
        if cast.vote == Vote::Success && self.succeed(admitted, cast.at, sink.own, sink.by, rules) {
            return None;
        }
        self.settle_other(admitted, cast, sink, rules, draw)
    }

    /// Counts a success that can cause no transition. `false`, and nothing is counted, if it could cause one, or if
    /// it is the thread's first in a new slice.
    #[expect(clippy::inline_always, reason = "a part of each way that is on")]
    #[inline(always)]
    pub(crate) fn succeed(
        &self,
        admitted: Admitted,
        now: Tick,
        own: &Votes,
        by: impl Writer,
        rules: Rules<'_>,
    ) -> bool {
        let Some(owner) = by.own() else { return false };
        if !self.count_success(Some(admitted.ticket()), rules.slices, now, own, owner) {
            return false;
        }
        let generation = admitted.word.generation();
        if let Window::Calls(size) = rules.settings.window {
            self.count_window().push(Vote::Success, generation, size);
        }
        if rules.settings.consecutive_failures.is_some() {
            self.failures.streak.succeed(generation);
        }
        true
    }

    /// Counts a success in the time window, on the thread's own counters. `false`, and nothing is counted, unless the
    /// breaker is still closed and in the generation of the ticket, and the thread counted in this slice before.
    /// Without a ticket (the breaker was not asked), only the slice matters.
    #[expect(clippy::inline_always, reason = "on the path of nearly every call")]
    #[inline(always)]
    pub(crate) fn count_success(
        &self,
        ticket: Option<BreakerTicket>,
        slices: Slices,
        now: Tick,
        own: &Votes,
        by: Own,
    ) -> bool {
        let word = self.word();
        ticket.is_none_or(|ticket| ticket.word() == word && word.is_closed())
            && self.window.record_on(own, Vote::Success, word.key(slices), now, by)
    }

    /// Settles everything but a plain success. Cold, to keep the path of successes short.
    #[cold]
    fn settle_other(
        &self,
        admitted: Admitted,
        cast: CastVote,
        sink: VoteSink<'_, impl Parts<Votes>, impl Writer>,
        rules: Rules<'_>,
        draw: impl FnOnce() -> f64,
    ) -> Option<Transition> {
        let word = admitted.word;
        if self.word() != word.without_trial() {
            return None;
        }
        if word.state() == BreakerState::HalfOpen {
            return self.settle_trial(word, cast, rules.settings, draw);
        }
        if cast.vote == Vote::None {
            return None;
        }
        let key = word.key(rules.slices);
        self.window.record(sink.own, cast.vote, key, cast.at, sink.by);
        let due = self.reached_threshold(cast, key, sink.all, rules.settings)?;
        if word.state() == BreakerState::Closed {
            return self.open(word, due, cast.at, sink.all, rules, draw);
        }
        None
    }

    /// Counts a result while the breaker is off, so that the failure rate is known all the same.
    #[inline]
    pub(crate) fn record(&self, vote: Vote, now: Tick, own: &Votes, by: impl Writer) {
        let key = self.word().key(slices(None));
        let is_recorded = by.own().is_some_and(|by| self.window.record_on(own, vote, key, now, by));
        if !is_recorded {
            self.window.record(own, vote, key, now, by);
        }
    }

    #[cold]
    fn open(
        &self,
        seen: StateWord,
        due: ReachedThreshold,
        now: Tick,
        all: &impl Parts<Votes>,
        rules: Rules<'_>,
        draw: impl FnOnce() -> f64,
    ) -> Option<Transition> {
        let mut locked = self.locked();
        // Another thread may have opened the breaker while this one waited for the lock.
        if self.word() != seen {
            return None;
        }
        // Read before the next generation starts, to which none of these results belong.
        let counts = self.readings(seen.key(rules.slices), now, all, rules.settings);
        let by = due.rule(counts, rules.settings);
        Some(self.start_break(&mut locked, now, rules.settings, draw()).opened(by, Some(counts)))
    }

    /// The results in the window that the breaker decides by.
    fn readings(
        &self,
        key: WindowKey,
        now: Tick,
        all: &impl Parts<Votes>,
        settings: &BreakerSettings,
    ) -> Counts {
        if let Window::Calls(_) = settings.window {
            return self.count_window().counts(key.generation);
        }
        self.window.counts(all, key, now)
    }

    fn settle_trial(
        &self,
        seen: StateWord,
        CastVote { vote, at: now, .. }: CastVote,
        settings: &BreakerSettings,
        draw: impl FnOnce() -> f64,
    ) -> Option<Transition> {
        let mut locked = self.locked();
        // A trial past its lifetime does not vote: its result is about a time when other trials should have run.
        if self.word() != seen.without_trial() || !locked.end_trial(seen.trial(), now) || vote == Vote::None {
            return None;
        }
        if vote.is_failure() || vote.is_slow() && settings.slow_call.is_some() {
            locked.reopens = locked.reopens.saturating_add(1);
            return Some(self.start_break(&mut locked, now, settings, draw()).opened(OpenedBy::Trial, None));
        }
        locked.successes = locked.successes.saturating_add(1);
        locked.has_recovered(settings).then(|| self.close(&mut locked, now).into())
    }
}
