//! Decides how many bytes one client of the stream may be sent now. In: bytes that were sent, and the time. Out: a number of bytes.

use std::time::{Duration, Instant};

/// Bytes per second. Together with the initial burst, a client stays below 300 KB per second.
const RATE: u32 = 270_000;

/// The initial burst, in bytes.
const FIRST: f64 = 150_000.0;

#[derive(Debug)]
pub(super) struct Allowance {
    left: f64,
    at: Instant,
}

impl Allowance {
    pub(super) fn new(now: Instant) -> Self {
        Self { left: FIRST, at: now }
    }

    /// How many bytes may be sent now: at most a second's worth.
    pub(super) fn at(&mut self, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at).min(Duration::from_secs(1));
        self.left = passed.as_secs_f64().mul_add(f64::from(RATE), self.left).min(f64::from(RATE));
        self.at = now;
        self.left
    }

    pub(super) fn take(&mut self, bytes: usize) {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let bytes = bytes as f64;
        self.left -= bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and positive")]
    fn a_client_that_takes_all_it_can_stays_below_the_limit() {
        let start = Instant::now();
        let mut allowance = Allowance::new(start);
        let mut sent = 0.0;
        for tenths in 0..100_u32 {
            let left = allowance.at(start + Duration::from_millis(100) * tenths);
            allowance.take(left as usize);
            sent += left;
        }
        assert!(sent <= 300_000.0 * 10.0, "{sent}");
        assert!(sent >= 250_000.0 * 10.0, "{sent}");
        // An hour without a tick is no hour's worth.
        assert!(allowance.at(start + Duration::from_hours(1)) <= f64::from(RATE));
    }
}
