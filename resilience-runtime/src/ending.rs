//! Why a call ended without a success.

use crate::policy::words::words;
use crate::rejection::RejectionKind;

words! {
    /// Why no further attempt was made.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Ending {
        /// The error is not one to retry.
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
        /// Bodies take longer than the call had time left when a seat of the bulkhead came free.
        WouldMissDeadline = "would_miss_deadline",
        /// The rate limit had no turn.
        RateLimited = "rate_limited",
        /// The throttle on our side kept the attempt back.
        Throttled = "throttled",
        /// The process is under pressure, and the call is not important enough.
        Shed = "shed",
        /// A chain of redirects came back to a function that is being answered for already.
        RedirectCycle = "redirect_cycle",
        /// As many retries as `max_concurrent_retries_global` allows are under way.
        RetryCapReached = "retry_cap_reached",
    }
}

impl Ending {
    /// What the caller is told when no attempt left an error of its own. `timed_out` says that the last
    /// attempt ran into its timeout: that is then the truth about the call, whatever kept it from going on.
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
            _ => RejectionKind::DeadlineExceeded,
        }
    }
}
