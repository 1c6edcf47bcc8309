//! Data: what the rules of a service that is only observed would have done with a call, as it is counted.

use resilience_settings::words;

words! {
    /// What the rules of a service with `mode = Observe` would have done with a call. At most one for each call: the outermost,
    /// in this order.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ObservedDecision {
        /// End it at its deadline, or reject it as that had passed before.
        DeadlineExceeded = "deadline_exceeded",
        /// Shed it.
        Shed = "shed",
        /// Make another attempt.
        Retry = "retry",
        /// Start a copy of its attempt.
        Hedge = "hedge",
        /// Reject it by an open breaker.
        CircuitOpen = "circuit_open",
        /// Reject it by the client-side throttle.
        Throttled = "throttled",
        /// Reject it by the rate limit.
        RateLimited = "rate_limited",
        /// Reject it by a full bulkhead.
        BulkheadFull = "bulkhead_full",
        /// Have it wait for a slot of the rate limit or of the bulkhead.
        Queue = "queue",
        /// End its attempt at the timeout.
        AttemptTimeout = "attempt_timeout",
    }
}
