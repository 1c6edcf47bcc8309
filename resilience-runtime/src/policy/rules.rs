//! Data: settings in force, with the numbers that follow from them and that every call needs: worked out once, where settings are
//! interned, instead of in each call.

use std::ops::Deref;

use resilience_settings::policy::{
    BreakerSettings, BudgetSettings, CallPolicy, Deposit, HedgeAfter, NestedRetries, ServicePolicy, Strategy,
    Window,
};

use super::limits::{LocalPermitLimits, Pace};
use crate::clock::nanos;
use crate::counting::slices::Slices;
use crate::priority::{Admitted, Importance};

/// The settings of a call, ready for use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "independent answers, each for one question")]
pub(crate) struct CallRules {
    policy: CallPolicy,
    /// The deadline in nanoseconds; the largest number when there is none.
    pub(crate) deadline_nanos: u64,
    /// The timeout of an attempt in nanoseconds; the largest number when there is none, and the ceiling where it
    /// follows the latencies.
    pub(crate) timeout_nanos: u64,
    /// The importance of a call that is in no other, as far as nobody has said how important the request is.
    pub(crate) importance: Importance,
    /// The same call once it is admitted.
    pub(crate) admitted: Admitted,
    /// The base of the delays in nanoseconds.
    pub(crate) base_delay_nanos: u64,
    /// Whether there is nothing to a call but its attempts, and the delays between them.
    pub(crate) is_bare: bool,
    /// Whether the facts of an error alone say whether it may be retried: there are no status codes to compare, attempts inside
    /// do not count, and the body may run twice.
    pub(crate) retries_plainly: bool,
    /// Whether there is more to a call than to its counters: it may have no time at all, or a quantile goes by it.
    pub(crate) is_slow: bool,
    /// Whether anything goes by how long recent attempts took.
    pub(crate) reads_latency: bool,
}

/// The settings of a service's shared state, ready for use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "independent answers, each for one question")]
pub(crate) struct ServiceRules {
    /// From how many nanoseconds on a result is slow; the largest number when nothing says.
    pub(crate) slow_nanos: u64,
    /// The slices in which results are counted.
    pub(crate) slices: Slices,
    /// What threads may keep of the permits of the bulkhead; nothing when it is off.
    pub(crate) local_permits: LocalPermitLimits,
    /// What the rate limit goes by, when there is one.
    pub(crate) pace: Option<Pace>,
    /// Whether there is nothing to it but its calls.
    pub(crate) is_bare: bool,
    /// Whether admission may depend on other things than the breaker and a free permit: on a rate limit, or on chance.
    pub(crate) needs_full_admission: bool,
    /// Whether a success of an attempt that the closed breaker let in is told to nobody but its window of time.
    pub(crate) counts_successes_plainly: bool,
    /// Whether such a success is told to nobody but a window of calls and the failures in a row, which go by the order of
    /// results.
    pub(crate) orders_successes: bool,
    /// Whether a throttle or an adaptive bulkhead learns from how attempts go.
    pub(crate) reads_outcomes: bool,
    /// Whether every first attempt makes a deposit in the budget.
    pub(crate) deposits_calls: bool,
    /// Whether every success does.
    pub(crate) deposits_successes: bool,
    /// Whether the success of a first attempt makes one, for either reason.
    pub(crate) success_deposits: bool,
    policy: ServicePolicy,
}

/// Whether anything goes by how long recent attempts took.
fn reads_latency(policy: &CallPolicy) -> bool {
    policy.adaptive_timeout.is_some()
        || policy.hedge.as_ref().is_some_and(|hedge| matches!(hedge.after, HedgeAfter::Quantile(_)))
}

impl From<CallPolicy> for CallRules {
    fn from(policy: CallPolicy) -> Self {
        let importance = Importance::ROOT.of_call(policy.priority);
        Self {
            timeout_nanos: policy.attempt_timeout.map_or(u64::MAX, nanos),
            importance,
            admitted: Admitted::with(importance),
            deadline_nanos: policy.deadline.map_or(u64::MAX, nanos),
            base_delay_nanos: nanos(policy.backoff.base_delay),
            is_bare: policy.deadline.is_none()
                && policy.attempt_timeout.is_none()
                && policy.backoff.strategy != Strategy::Adaptive
                && !reads_latency(&policy),
            retries_plainly: policy.retryable_status_codes.is_none()
                && policy.nested_retries != NestedRetries::Suppress
                && policy.idempotent != Some(false),
            is_slow: reads_latency(&policy) || policy.deadline.is_some_and(|time| time.is_zero()),
            reads_latency: reads_latency(&policy),
            policy,
        }
    }
}

impl From<ServicePolicy> for ServiceRules {
    fn from(policy: ServicePolicy) -> Self {
        let deposit = match &policy.budget {
            Some(BudgetSettings::TokenBucket(bucket) | BudgetSettings::Adaptive(bucket, _)) => {
                Some(bucket.deposit)
            }
            _ => None,
        };
        let reads_outcomes =
            policy.throttle.is_some() || policy.bulkhead.as_ref().is_some_and(|bulkhead| bulkhead.adaptive);
        let by_time = |breaker: &BreakerSettings| {
            matches!(breaker.window, Window::Time(_)) && breaker.consecutive_failures.is_none()
        };
        Self {
            local_permits: policy
                .bulkhead
                .as_ref()
                .map_or_else(LocalPermitLimits::default, LocalPermitLimits::of),
            pace: policy.rate_limit.as_ref().map(Pace::of),
            is_bare: policy.breaker.is_none()
                && policy.budget.is_none()
                && policy.bulkhead.is_none()
                && policy.rate_limit.is_none()
                && policy.throttle.is_none(),
            counts_successes_plainly: !reads_outcomes && policy.breaker.as_ref().is_some_and(by_time),
            orders_successes: !reads_outcomes
                && policy.breaker.as_ref().is_some_and(|breaker| !by_time(breaker)),
            needs_full_admission: policy.throttle.is_some() || policy.rate_limit.is_some(),
            reads_outcomes,
            slices: policy.breaker.as_ref().map_or(Slices::DEFAULT, Slices::of_breaker),
            slow_nanos: policy.slow_call().map_or(u64::MAX, nanos),
            success_deposits: deposit.is_some(),
            deposits_calls: deposit == Some(Deposit::Call),
            deposits_successes: deposit == Some(Deposit::Success),
            policy,
        }
    }
}

impl Deref for CallRules {
    type Target = CallPolicy;

    #[inline]
    fn deref(&self) -> &CallPolicy {
        &self.policy
    }
}

impl Deref for ServiceRules {
    type Target = ServicePolicy;

    #[inline]
    fn deref(&self) -> &ServicePolicy {
        &self.policy
    }
}
