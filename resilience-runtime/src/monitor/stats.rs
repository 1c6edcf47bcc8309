//! Data: the sums of a service's counters, as methods; `registry/service/counter_sums` makes them. In: what all threads have
//! counted. Out: sums by outcome.

use std::borrow::Cow;
use std::time::Duration;

use super::counters::apart::Apart;
use super::latency::Latency;
use super::outcome::{AttemptNumber, AttemptOutcome, AttemptType, CallOutcome, CallerOutcome, Series as _};
use super::outcome::{IdempotencyResult, ObservedDecision};
use super::waited_for::WaitedFor;
use crate::breaker_state::BreakerState;
use crate::breaker_state::totals::BreakerTotals;
use crate::ending::Ending;
use crate::rejection::RejectionKind;
use crate::source::Source;

/// What a service has counted since it was first called. Read it with `Service::stats`.
///
/// The parts are read one after the other while calls go on, so sums may differ by the calls of that moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    pub(super) started: u64,
    pub(super) error: u64,
    pub(super) cancelled: u64,
    pub(super) panicked: u64,
    pub(super) retries: u64,
    pub(super) rejected: [u64; RejectionKind::ALL.len()],
    pub(super) successes: [u64; AttemptNumber::ALL],
    pub(super) failed: [[u64; AttemptOutcome::ALL.len()]; AttemptType::ALL.len()],
    pub(super) seen: [u64; CallerOutcome::ALL.len()],
    pub(super) waits: [u64; WaitedFor::ALL.len()],
    pub(super) endings: [u64; Ending::ALL.len()],
    pub(super) fallbacks: [u64; Source::ALL.len()],
    pub(super) fallbacks_failed: [u64; Source::ALL.len()],
    pub(super) fallbacks_skipped: u64,
    pub(super) cache_hits: u64,
    /// `None` until a call has an idempotency clause.
    pub(super) idempotency: Option<[u64; IdempotencyResult::ALL.len()]>,
    /// `None` until a rule of an observed service would have done something.
    pub(super) observed: Option<[u64; ObservedDecision::ALL.len()]>,
    pub(super) replays: u64,
    pub(super) latency: Latency,
    /// In what the times of attempts that succeeded differ from those of calls; `None` where they do not.
    pub(super) apart: Option<Box<Apart>>,
    pub(super) waiting: Latency,
    breaker: BreakerTotals,
}

impl Stats {
    /// Calls that have begun.
    pub fn started(&self) -> u64 {
        self.started
    }

    /// Calls that ended like this.
    pub fn calls(&self, outcome: CallOutcome) -> u64 {
        match outcome {
            // Each has one successful attempt, or one cache hit.
            CallOutcome::Success => {
                let answered = self.cache_hits.wrapping_add(self.replays);
                self.attempts(AttemptOutcome::Success).wrapping_add(answered)
            }
            CallOutcome::Error => self.error,
            CallOutcome::Rejected(kind) => self.rejected[kind.place()],
            CallOutcome::Cancelled => self.cancelled,
            CallOutcome::Panicked => self.panicked,
        }
    }

    /// Calls that ended, with any outcome.
    pub fn ended(&self) -> u64 {
        self.calls(CallOutcome::Success)
            + self.error
            + self.cancelled
            + self.panicked
            + self.rejected.iter().sum::<u64>()
    }

    /// Calls that are under way.
    pub fn in_flight(&self) -> u64 {
        self.started.saturating_sub(self.ended())
    }

    /// Attempts that ended like this.
    pub fn attempts(&self, outcome: AttemptOutcome) -> u64 {
        AttemptType::ALL.iter().map(|of| self.attempts_of(*of, outcome)).sum()
    }

    /// Attempts of this type that ended like this.
    pub fn attempts_of(&self, of: AttemptType, outcome: AttemptOutcome) -> u64 {
        let failed = self.failed[of.place()][outcome.place()];
        if outcome != AttemptOutcome::Success {
            return failed;
        }
        match of {
            AttemptType::Original => self.successes[0],
            AttemptType::Retry => self.successes[1..AttemptNumber::NUMBERS].iter().sum(),
            AttemptType::Hedge => self.successes[AttemptNumber::NUMBERS..].iter().sum(),
        }
    }

    /// Calls that ended like this for their callers. These outcomes exclude one another; [`calls`](Self::calls) tells
    /// how the calls themselves ended, before any fallback answered.
    pub fn outcomes(&self, outcome: CallerOutcome) -> u64 {
        match outcome {
            CallerOutcome::Success => self.calls(CallOutcome::Success),
            _ => self.seen[outcome.place()],
        }
    }

    /// Successful calls by the number of the attempt that succeeded: 1, 2, 3, 4, and 5 or more. Copies of an attempt have its
    /// number; an answer of a cache has none.
    pub fn attempts_needed(&self) -> [u64; 5] {
        std::array::from_fn(|number| self.successes[number] + self.successes[AttemptNumber::NUMBERS + number])
    }

    /// The time that calls waited between an attempt and its retry.
    pub fn backoff(&self) -> Duration {
        self.waited(WaitedFor::Backoff)
    }

    pub(crate) fn waited(&self, wait: WaitedFor) -> Duration {
        Duration::from_nanos(self.waits[wait as usize])
    }

    /// Attempts that ended, with any outcome.
    pub fn attempts_ended(&self) -> u64 {
        AttemptOutcome::ALL.iter().map(|outcome| self.attempts(*outcome)).sum()
    }

    /// Attempts beyond the first of their call that began, without copies of hedged attempts.
    pub fn retries(&self) -> u64 {
        self.retries
    }

    /// Calls that were rejected, by reason.
    pub fn rejections(&self, kind: RejectionKind) -> u64 {
        self.rejected[kind.place()]
    }

    /// Calls that ended without a success, by what prevented another attempt.
    pub fn endings(&self, ending: Ending) -> u64 {
        self.endings[ending.place()]
    }

    /// Failed calls that a fallback answered, by source. They stay among the failures: the counters of a service say
    /// what the service did.
    pub fn fallbacks(&self, source: Source) -> u64 {
        self.fallbacks[source.place()]
    }

    /// How often a source was asked for an answer and had none: it failed, or its time was up. A cache without an
    /// entry and a static response never fail.
    pub fn fallbacks_failed(&self, source: Source) -> u64 {
        self.fallbacks_failed[source.place()]
    }

    /// Failed calls of functions with sources for which none was asked: `fallback_if` did not name the error, or
    /// `degradation_enabled` is off.
    pub fn fallbacks_skipped(&self) -> u64 {
        self.fallbacks_skipped
    }

    /// Calls that a `ReadThrough` cache answered, including those that shared the execution of another call.
    pub fn cache_hits(&self) -> u64 {
        self.cache_hits
    }

    /// How often the idempotency clauses of its functions came to this.
    pub fn idempotency(&self, result: IdempotencyResult) -> u64 {
        self.idempotency.map_or(0, |results| results[result.place()])
    }

    /// Whether a call has had an idempotency clause.
    pub(crate) fn has_idempotency(&self) -> bool {
        self.idempotency.is_some()
    }

    /// Calls with which the rules would have done this, had they not only observed them (`mode = Observe`).
    pub fn would(&self, decision: ObservedDecision) -> u64 {
        self.observed.map_or(0, |decisions| decisions[decision.place()])
    }

    /// Whether the rules would have done anything with a call that was only observed.
    pub(crate) fn has_observed(&self) -> bool {
        self.observed.is_some()
    }

    /// How long calls took whose body ran, delays included. Dropped calls are left out; so are rejected calls and
    /// those that a cache answered, which are counted without a time.
    pub fn latency(&self) -> &Latency {
        &self.latency
    }

    /// How long attempts took that succeeded.
    pub(crate) fn attempt_latency(&self) -> Cow<'_, Latency> {
        match &self.apart {
            None => Cow::Borrowed(&self.latency),
            Some(apart) => {
                let mut attempts = self.latency.without(&apart.calls);
                attempts.merge(&apart.attempts);
                Cow::Owned(attempts)
            }
        }
    }

    /// How long attempts waited for a slot under the rate limit or for a permit of the bulkhead, until they had it or
    /// were rejected; attempts that need not wait are left out.
    pub fn waiting(&self) -> &Latency {
        &self.waiting
    }

    /// How often the breaker went from one state to another; zero for a state to itself. The changes that are logged
    /// are counted: resetting a closed breaker is none, and neither is the reuse of a breaker for another partition.
    /// Partitions have breakers of their own, which are all in the sum. `enable_global_metrics` does not switch it
    /// off.
    pub fn breaker_transitions(&self, from: BreakerState, to: BreakerState) -> u64 {
        self.breaker.transitions(from, to)
    }

    /// How often the breaker entered a state, from any other.
    pub fn breaker_transitions_to(&self, to: BreakerState) -> u64 {
        BreakerState::ALL.iter().map(|&from| self.breaker.transitions(from, to)).sum()
    }

    /// How long the breaker was in a state, the current one up to now. An open breaker whose break is over stays open
    /// until an attempt asks, and one that is switched off stays in its state. With partitions, it is the sum over
    /// the breakers of all of them, from the first use of each, and of that of the service.
    pub fn breaker_time_in(&self, state: BreakerState) -> Duration {
        self.breaker.time_in(state)
    }

    /// Lets a breaker add its totals.
    pub(crate) fn add_breaker(&mut self, add: impl FnOnce(&mut BreakerTotals)) {
        add(&mut self.breaker);
    }
}
