//! Decides whether the settings of a call allow the fast path, after which calls the budget gets a deposit, and other such answers.
//! In: the settings of its site and of its service, where either changes. Out: both, and the answers, so that a call follows one
//! pointer and asks each thing once.

use std::hash::{Hash, Hasher};

use super::limits::{LocalPermitLimits, Pace};
use super::rules::{CallRules, ServiceRules};
use crate::counting::slices::Slices;
use crate::priority::{Admitted, Importance};
use crate::recent;

/// The settings of a site and of its service, and the answers to what each call asks of them.
///
/// Two are equal when they are of the same settings, which are interned: it is enough to compare where these lie.
///
/// Which settings each answer needs: on, off, or `·` where it does not matter. *Limits* are deadline and attempt timeout,
/// *latencies* a hedge by a quantile or an adaptive timeout. The breaker counts as on where the site asks it, too
/// (`circuit_breaker_enabled`), but for `is_bare`.
///
/// | answer | counted | traced | breaker | budget | bulkhead | rate limit | throttle | limits | `slow_call` | latencies |
/// | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
/// | `takes_fast_path` | · | off | · | · | · | off | off | deadline not 0 | · | off |
/// | `pace` | · | off | · | · | off | on | off | deadline not 0 | · | off |
/// | `is_bare` | off | off | off | off | off | off | off | off | · | off |
/// | `is_timed`: any of | on | · | · | · | adaptive | · | on | on | on | · |
/// | `has_coarse_success_time` | off | · | · | · | not adaptive | · | off | off | off | · |
/// | `has_coarse_failure_time` | · | · | off | off | · | · | · | off | off | · |
/// | `asks_breaker` | · | · | on | · | · | · | · | · | · | · |
/// | `takes_bulkhead_permit` | · | · | · | · | on | · | · | · | · | · |
/// | `success_is_plain` | · | · | off, or a window of time without `consecutive_failures` | · | not adaptive | · | off | · | · | · |
/// | `may_retry_on_fast_path` | · | off | · | · | not adaptive | off | off | deadline not 0 | · | off |
///
/// Of a service whose calls are only observed (`is_observed`), `takes_fast_path`, `pace`, `is_bare`, `is_traced` and
/// `may_retry_on_fast_path` are off.
///
/// Besides: `is_bare` needs a strategy other than `Adaptive`, which looks at results; `may_retry_on_fast_path` a delay of 0;
/// `has_coarse_success_time` slices of 200 ms or more; `votes` a site that has not switched the breaker off, unless it is bare;
/// `success_deposits` a budget that is a bucket.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent answers, each for one question of a call")]
pub(crate) struct EffectivePolicy {
    pub(crate) call: &'static CallRules,
    pub(crate) service: &'static ServiceRules,
    /// [`CallRules::deadline_nanos`].
    pub(crate) deadline_nanos: u64,
    /// [`CallRules::timeout_nanos`].
    pub(crate) timeout_nanos: u64,
    /// [`ServiceRules::slow_nanos`].
    pub(crate) slow_nanos: u64,
    /// The slices in which a success is counted.
    pub(crate) slices: Slices,
    /// [`ServiceRules::local_permits`].
    pub(crate) local_permits: LocalPermitLimits,
    /// [`CallRules::importance`].
    pub(crate) importance: Importance,
    /// [`CallRules::admitted`].
    pub(crate) admitted: Admitted,
    /// A first attempt may need no more than the breaker's ticket and a free permit.
    pub(crate) takes_fast_path: bool,
    /// The rate limit, when a first attempt may need no more than the breaker's leave and a slot.
    pub(crate) pace: Option<Pace>,
    /// A call only makes attempts, and nothing is counted. Such an attempt takes the fast path, too.
    pub(crate) is_bare: bool,
    /// Calls are counted.
    pub(crate) is_counted: bool,
    /// Calls have spans. They take no fast path, which has none of the places where these begin and end.
    pub(crate) is_traced: bool,
    /// The rules do not act on calls, and only say what they would do.
    pub(crate) is_observed: bool,
    /// Something goes by when a call began.
    pub(crate) is_timed: bool,
    /// A success has no time but for the slice of the window that it is counted in, and slices are long.
    pub(crate) has_coarse_success_time: bool,
    /// The same for a failure that may be followed by another attempt at once.
    pub(crate) has_coarse_failure_time: bool,
    /// An attempt asks the breaker.
    pub(crate) asks_breaker: bool,
    /// An attempt takes a permit of the bulkhead.
    pub(crate) takes_bulkhead_permit: bool,
    /// Nobody but counters, a window of time and the budget has to hear of the success of a first attempt.
    pub(crate) success_is_plain: bool,
    /// A success is counted in that window.
    pub(crate) votes: bool,
    /// Nobody but counters, a window of results and the budget has to hear of a failed attempt that may be followed by another
    /// at once.
    pub(crate) may_retry_on_fast_path: bool,
    /// [`ServiceRules::success_deposits`].
    pub(crate) success_deposits: bool,
}

/// What is to be seen of calls, by the settings of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Observation {
    /// They are counted.
    pub(crate) is_counted: bool,
    /// They have spans.
    pub(crate) is_traced: bool,
}

impl EffectivePolicy {
    pub(crate) fn new(
        call: &'static CallRules,
        service: &'static ServiceRules,
        Observation { is_counted, is_traced }: Observation,
    ) -> Self {
        let is_observed = service.is_observed();
        // Spans are told where attempts are admitted and retried, which none is.
        let is_traced = is_traced && !is_observed;
        let is_bare = !is_observed && !is_counted && !is_traced && call.is_bare && service.is_bare;
        let asks_breaker = service.breaker.is_some() && call.circuit_breaker_enabled;
        let slices = if asks_breaker { service.slices } else { Slices::DEFAULT };
        let is_limited = call.deadline_nanos != u64::MAX || call.timeout_nanos != u64::MAX;
        let is_timed = is_counted || service.reads_outcomes || service.slow_nanos != u64::MAX || is_limited;
        let takes_fast_path = !is_observed && !service.needs_full_admission && !call.is_slow && !is_traced;
        Self {
            call,
            service,
            deadline_nanos: call.deadline_nanos,
            timeout_nanos: call.timeout_nanos,
            slow_nanos: service.slow_nanos,
            slices,
            local_permits: service.local_permits,
            importance: call.importance,
            admitted: call.admitted,
            takes_fast_path,
            // Together with a permit there would be two things to take, and to give back when only one is to be had.
            pace: service.pace.filter(|_| {
                !is_observed
                    && !call.is_slow
                    && !is_traced
                    && service.throttle.is_none()
                    && service.bulkhead.is_none()
            }),
            is_bare,
            is_counted,
            is_traced,
            is_observed,
            is_timed,
            has_coarse_success_time: !is_timed && slices.length() >= recent::TICK * 10,
            // Of what is counted the whole call has a time, and no attempt that fails.
            has_coarse_failure_time: !asks_breaker
                && service.budget.is_none()
                && service.slow_nanos == u64::MAX
                && !is_limited,
            asks_breaker,
            takes_bulkhead_permit: service.bulkhead.is_some(),
            success_is_plain: if asks_breaker {
                service.counts_successes_plainly
            } else {
                !service.reads_outcomes
            },
            // A site that does not look at the breaker has no vote either.
            votes: call.circuit_breaker_enabled && !is_bare,
            may_retry_on_fast_path: takes_fast_path && call.base_delay_nanos == 0 && !service.reads_outcomes,
            success_deposits: service.success_deposits,
        }
    }

    /// Whether the success of a call makes a deposit, with so many attempts.
    #[inline]
    pub(crate) fn deposits_after(&self, attempts: u32) -> bool {
        if attempts == 1 { self.success_deposits } else { self.service.deposits_successes }
    }
}

impl PartialEq for EffectivePolicy {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.call, other.call)
            && std::ptr::eq(self.service, other.service)
            && self.is_counted == other.is_counted
            && self.is_traced == other.is_traced
    }
}

impl Eq for EffectivePolicy {}

impl Hash for EffectivePolicy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::hash(self.call, state);
        std::ptr::hash(self.service, state);
        self.is_counted.hash(state);
        self.is_traced.hash(state);
    }
}

#[cfg(test)]
mod tests;
