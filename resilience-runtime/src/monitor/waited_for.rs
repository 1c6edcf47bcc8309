//! What a call may wait for before and between its attempts.

/// What a call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitedFor {
    /// A slot of the bulkhead.
    Queue,
    /// A slot under the rate limit.
    RateLimit,
    /// The end of the delay before a retry.
    Backoff,
}

impl WaitedFor {
    pub(crate) const ALL: [Self; 3] = [Self::Queue, Self::RateLimit, Self::Backoff];
}
