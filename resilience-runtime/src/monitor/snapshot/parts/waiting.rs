//! How long calls waited.

/// The time that calls spent waiting, by what for. It counts when the wait is over.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct WaitingSnapshot {
    /// For a slot of the bulkhead.
    pub queue_us: u64,
    /// For a turn under the rate limit.
    pub rate_limit_us: u64,
    /// Between an attempt that failed and the next.
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
