//! Decides which kind of rejection a call ends with that has no error of its own. In: why no further attempt was made, in the words
//! for events and for `answered_by`. Out: the kind of the rejection.

use crate::rejection::RejectionKind;
use resilience_settings::words;

words! {
    /// Why no further attempt was made.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Ending {
        /// The error is not retryable.
        NotRetryable = "not_retryable",
        /// `max_attempts` have been made.
        AttemptsExhausted = "attempts_exhausted",
        /// The service's retry budget is empty.
        BudgetExhausted = "budget_exhausted",
        /// The breaker is open, or would still be after the delay.
        CircuitOpen = "circuit_open",
        /// The deadline has passed, or would before the next attempt.
        DeadlineExceeded = "deadline_exceeded",
        /// The server asked to wait longer than `max_retry_after`.
        RetryAfterTooLong = "retry_after_too_long",
        /// `idempotent = false`, and the request may have been processed.
        NotIdempotent = "not_idempotent",
        /// An inner call used up its own retries and `nested_retries` is `suppress`.
        NestedExhausted = "nested_exhausted",
        /// The bulkhead had no slot.
        BulkheadFull = "bulkhead_full",
        /// When a slot of the bulkhead became free, the call had less time left than bodies take.
        WouldMissDeadline = "would_miss_deadline",
        /// The rate limit had no slot.
        RateLimited = "rate_limited",
        /// The client-side throttle rejected the attempt.
        Throttled = "throttled",
        /// The process is under pressure, and the call is not important enough.
        Shed = "shed",
        /// A chain of redirects led back to a function that the chain has already called.
        RedirectCycle = "redirect_cycle",
        /// `max_concurrent_retries_global` retries are in flight.
        RetryCapReached = "retry_cap_reached",
        /// The service is only observed: its calls make one attempt.
        Observed = "observed",
        /// The idempotency key is empty: all such calls would be one.
        IdempotencyKeyEmpty = "idempotency_key_empty",
        /// Another call with this idempotency key is under way, and this one has waited for it as long as it may.
        IdempotencyInProgress = "idempotency_in_progress",
        /// This idempotency key was used for a request with another fingerprint.
        IdempotencyMismatch = "idempotency_mismatch",
        /// A call with this idempotency key has ended well, and its result cannot be given again: it was not kept, or is of another type by now.
        IdempotencyResultUnavailable = "idempotency_result_unavailable",
        /// The store of the idempotency keys is away, so nobody knows whether such a call has run.
        IdempotencyStoreUnavailable = "idempotency_store_unavailable",
        /// Another function of the service has the same scope for its idempotency keys, and would be given the results of this one.
        IdempotencyScopeShared = "idempotency_scope_shared",
    }
}

impl Ending {
    /// The rejection that the caller gets when no attempt left an error of its own. `timed_out` says that the last
    /// attempt ran into its timeout: the call is then reported as timed out, whatever stopped it afterwards.
    pub(crate) fn rejection(self, timed_out: bool) -> RejectionKind {
        match self {
            _ if timed_out => RejectionKind::AttemptTimeout,
            Self::CircuitOpen => RejectionKind::CircuitOpen,
            Self::BulkheadFull => RejectionKind::BulkheadFull,
            Self::WouldMissDeadline => RejectionKind::WouldMissDeadline,
            Self::RateLimited => RejectionKind::RateLimited,
            Self::Throttled => RejectionKind::Throttled,
            Self::Shed => RejectionKind::Shed,
            Self::RedirectCycle => RejectionKind::RedirectCycle,
            Self::IdempotencyKeyEmpty => RejectionKind::IdempotencyKeyEmpty,
            Self::IdempotencyInProgress => RejectionKind::IdempotencyInProgress,
            Self::IdempotencyMismatch => RejectionKind::IdempotencyMismatch,
            Self::IdempotencyResultUnavailable => RejectionKind::IdempotencyResultUnavailable,
            Self::IdempotencyStoreUnavailable => RejectionKind::IdempotencyStoreUnavailable,
            Self::IdempotencyScopeShared => RejectionKind::IdempotencyScopeShared,
            _ => RejectionKind::DeadlineExceeded,
        }
    }
}
