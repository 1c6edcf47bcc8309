//! Decides whether failures open the breaker: by the rates of its window, in a row (`consecutive_failures`), or under light
//! traffic. In: a vote, and the evidence before it. Out: the threshold that it reaches, which is the reason that is told;
//! [`settlement`](super::settlement) then opens the breaker.

use resilience_settings::policy::{BreakerSettings, Window};

use super::breaker::Breaker;
use super::evidence::cast_vote::CastVote;
use super::evidence::next_evaluation::{has_failed, shortfall};
use super::evidence::quiet_failures::FailureContext;
use super::evidence::vote::{Counts, Vote};
use super::evidence::vote_sink::Votes;
use super::transition::OpenedBy;
use crate::counting::shard::Parts;
use crate::counting::window_key::WindowKey;

impl Breaker {
    /// Counts a vote that is not a plain success of a time window. Returns the threshold that it reaches, if any, by which the
    /// breaker opens; a success reaches none.
    pub(super) fn reached_threshold(
        &self,
        cast: CastVote,
        key: WindowKey,
        all: &impl Parts<Votes>,
        settings: &BreakerSettings,
    ) -> Option<ReachedThreshold> {
        let (CastVote { vote, origin, at }, generation) = (cast, key.generation);
        let count_window = match settings.window {
            Window::Calls(size) => {
                let mut count_window = self.count_window();
                count_window.push(vote, generation, size);
                Some(count_window.counts(generation))
            }
            _ => None,
        };
        let in_a_row = settings.consecutive_failures.is_some_and(|limit| {
            if vote.is_failure() {
                self.failures.streak.fail(generation) >= limit.max(1)
            } else {
                self.failures.streak.succeed(generation);
                false
            }
        });
        if in_a_row {
            return Some(ReachedThreshold::ConsecutiveFailures);
        }
        if vote == Vote::Success {
            return None;
        }
        let quiet = &self.failures.quiet;
        let checks_quiet = vote.is_failure() && settings.quiet_failures.is_some();
        if let Some(counts) = count_window {
            let context = || FailureContext { generation, counts, successes: successes(all) };
            if shortfall(counts, settings) == 0 {
                return Some(ReachedThreshold::Rate);
            }
            let is_quiet = checks_quiet && quiet.fail(None, at, origin, context(), settings);
            return is_quiet.then_some(ReachedThreshold::QuietFailures);
        }
        let mark = self.window.mark(key, at);
        let counts = || self.window.counts(all, key, at);
        if self.failures.next_evaluation.evaluate_if_due(mark, settings, counts) {
            return Some(ReachedThreshold::Rate);
        }
        if !checks_quiet || quiet.is_busy(mark) {
            return None;
        }
        let context = FailureContext { generation, counts: counts(), successes: successes(all) };
        quiet.fail(Some(mark), at, origin, context, settings).then_some(ReachedThreshold::QuietFailures)
    }
}

/// A threshold that was reached.
#[derive(Clone, Copy)]
pub(super) enum ReachedThreshold {
    Rate,
    ConsecutiveFailures,
    QuietFailures,
}

impl ReachedThreshold {
    /// The reason to report for the transition.
    pub(super) fn rule(self, counts: Counts, settings: &BreakerSettings) -> OpenedBy {
        match self {
            Self::Rate if has_failed(counts, settings) => OpenedBy::FailureRate,
            Self::Rate => OpenedBy::SlowRate,
            Self::ConsecutiveFailures => OpenedBy::ConsecutiveFailures,
            Self::QuietFailures => OpenedBy::QuietFailures,
        }
    }
}

/// A number that changes with every success of any thread, at any time.
fn successes(all: &impl Parts<Votes>) -> u64 {
    all.iter().fold(0, |sum, part| sum.wrapping_add(part.first_half_ever()))
}
