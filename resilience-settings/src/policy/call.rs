//! The checked settings of one call site, immutable and compared by content.

use std::time::Duration;

use super::cache::CacheSettings;
use super::fields::settings;
use super::hedge::{AdaptiveTimeout, HedgeSettings};
use super::idempotency::IdempotencySettings;
use super::numbers::{Multiplier, Ratio};
use super::status_codes::StatusCodes;
use crate::Priority;
use crate::keys::value::{NestedRetries, Strategy};

settings! {
    /// The settings of every call that one call site makes, frozen while the call runs.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct CallPolicy {
        /// How often the body may run, the first time included; at least 1.
        pub max_attempts: u32 = MaxAttempts,
        /// The delays between attempts.
        pub backoff: Backoff => Backoff::of(|_| None),
        /// How long one run of the body may take.
        pub attempt_timeout: Option<Duration> => None,
        /// How the attempt timeout follows the latencies, when it does; `attempt_timeout` is then its ceiling.
        pub adaptive_timeout: Option<AdaptiveTimeout> => None,
        /// How long the whole call may take.
        pub deadline: Option<Duration> = Deadline,
        /// Whether the body may run twice; `None` when nobody said.
        pub idempotent: Option<bool> = Idempotent,
        /// Which HTTP status codes are retried, when written.
        pub retryable_status_codes: Option<StatusCodes> = RetryableStatusCodes,
        /// The longest wait that a server may ask for.
        pub max_retry_after: Duration = MaxRetryAfter,
        /// Whether to retry above an inner call that gave up.
        pub nested_retries: NestedRetries = NestedRetries,
        /// How important the call is; `None` inherits the outer call's.
        pub priority: Option<Priority> = Priority,
        /// Copies of slow attempts, when on.
        pub hedge: Option<HedgeSettings> => None,
        /// The response cache, when on.
        pub cache: Option<CacheSettings> => None,
        /// Protection by an idempotency key, when on.
        pub idempotency: Option<IdempotencySettings> => None,
        /// How long a redirect or an asynchronous fallback may take once the deadline has passed; `None` takes the
        /// attempt timeout.
        pub degrade_timeout: Option<Duration> = DegradeTimeout,
        /// Whether failed attempts are retried at all.
        pub retry_enabled: bool = RetryEnabled,
        /// Whether the calls of this site ask the breaker, and vote in it.
        pub circuit_breaker_enabled: bool = CircuitBreakerEnabled,
        /// Whether retries and hedges of this site are paid out of the budget of the service.
        pub retry_budget_enabled: bool = RetryBudgetEnabled,
        /// Whether cache, redirect, fallback and static response answer for a failed call.
        pub degradation_enabled: bool = DegradationEnabled,
    }
}

settings! {
    /// What the delay strategies need.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct Backoff {
        /// How the delay grows.
        pub strategy: Strategy = Strategy,
        /// Where it starts.
        pub base_delay: Duration = BaseDelay,
        /// Where it ends.
        pub max_delay: Duration = MaxDelay,
        /// How fast it grows.
        pub multiplier: Multiplier = Multiplier,
        /// Which share is left to chance; `None` takes the strategy's own default.
        pub jitter: Option<Ratio> = Jitter,
    }
}

impl Backoff {
    /// The settings of a strategy: no delay is longer than `max_delay`; the multiplier is 2 and the jitter
    /// is the strategy's own until set.
    pub fn new(strategy: Strategy, base_delay: Duration, max_delay: Duration) -> Self {
        Self { strategy, base_delay, max_delay, multiplier: Multiplier::TWO, jitter: None }
    }
}
