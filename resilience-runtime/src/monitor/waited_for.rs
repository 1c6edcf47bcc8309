//! Data: what a call waits for before and between its attempts: the label of its waiting time.

/// What a call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitedFor {
    /// A permit of the bulkhead.
    Queue,
    /// A slot under the rate limit.
    RateLimit,
    /// The end of the delay before a retry.
    Backoff,
    /// Another call with its idempotency key.
    Idempotency,
}

impl WaitedFor {
    /// Whether it says how busy the service is: a delay is of our own choice, and another call with its key is of the caller's.
    pub(crate) const fn is_for_others(self) -> bool {
        matches!(self, Self::Queue | Self::RateLimit)
    }

    pub(crate) const ALL: [Self; 4] = [Self::Queue, Self::RateLimit, Self::Backoff, Self::Idempotency];
}
