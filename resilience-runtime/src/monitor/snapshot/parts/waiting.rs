//! Plain data: what a snapshot shows of how long calls waited, by reason.

/// The time that calls spent waiting, by reason. It is added when the wait ends.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct WaitingSnapshot {
    /// For a permit of the bulkhead.
    pub queue_us: u64,
    /// For a slot under the rate limit.
    pub rate_limit_us: u64,
    /// Between a failed attempt and the next.
    pub backoff_us: u64,
    /// For another execution with the same idempotency key.
    pub idempotency_us: u64,
}

impl WaitingSnapshot {
    /// Each reason with its time in microseconds, in the order of the fields.
    pub fn reasons(&self) -> [(&'static str, u64); 4] {
        [
            ("queue", self.queue_us),
            ("rate_limit", self.rate_limit_us),
            ("backoff", self.backoff_us),
            ("idempotency", self.idempotency_us),
        ]
    }
}
