//! What a call waits for before and between its attempts: the label of its waiting time.

/// What a call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitedFor {
    /// A permit of the bulkhead.
    Queue,
    /// A slot under the rate limit.
    RateLimit,
    /// The end of the delay before a retry.
    Backoff,
}

impl WaitedFor {
    pub(crate) const ALL: [Self; 3] = [Self::Queue, Self::RateLimit, Self::Backoff];
}
