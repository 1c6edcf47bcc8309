//! Refills the token bucket of a budget, by deposits and by time, and takes tokens from it. In: deposits, time, costs. Out: whether
//! the tokens suffice. It uses whole millionths and keeps the remainder, so that rounding neither creates nor loses tokens.

use resilience_settings::policy::{BucketSettings, Ratio};

use crate::clock::Tick;

const NANOS_PER_SECOND: u128 = 1_000_000_000;

/// The tokens of one service.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    /// In millionths. Above any capacity until first used, which makes the bucket full at the start.
    tokens: u64,
    /// How many deposits have been converted into tokens.
    deposits: u64,
    /// The time up to which `min_per_second` has been converted into tokens.
    accrued: Tick,
    /// The remainder of that conversion, in billionths of a millionth of a token.
    remainder: u128,
}

impl Bucket {
    pub(super) fn full(now: Tick) -> Self {
        Self { tokens: u64::MAX, deposits: 0, accrued: now, remainder: 0 }
    }

    /// Converts all deposits and the time since the last call into tokens, up to the capacity.
    #[must_use]
    pub(super) fn collected(self, settings: &BucketSettings, ratio: Ratio, deposits: u64, now: Tick) -> Self {
        let now = now.max(self.accrued);
        let deposited = u128::from(deposits.saturating_sub(self.deposits)) * u128::from(ratio.millionths());
        let elapsed = u128::from(now.0 - self.accrued.0);
        let flowed = u128::from(settings.min_per_second.millionths()) * elapsed + self.remainder;
        let tokens = u128::from(self.tokens) + deposited + flowed / NANOS_PER_SECOND;
        let capacity = settings.burst_capacity.millionths();
        let (tokens, remainder) = match u64::try_from(tokens) {
            Ok(tokens) if tokens < capacity => (tokens, flowed % NANOS_PER_SECOND),
            // What exceeds the capacity is lost, the remainder too.
            _ => (capacity, 0),
        };
        Self { tokens, deposits: deposits.max(self.deposits), accrued: now, remainder }
    }

    /// Takes the cost, if the tokens suffice.
    pub(super) fn take(&mut self, cost: u64) -> bool {
        match self.tokens.checked_sub(cost) {
            Some(rest) => {
                self.tokens = rest;
                true
            }
            None => false,
        }
    }

    /// Puts back what was taken. What exceeds the capacity is lost at the next use.
    pub(super) fn put(&mut self, cost: u64) {
        self.tokens = self.tokens.saturating_add(cost);
    }

    pub(super) fn millionths(self) -> u64 {
        self.tokens
    }
}

#[cfg(test)]
mod tests {
    use resilience_settings::policy::Tokens;

    use super::*;

    fn settings(per_second: u64) -> BucketSettings {
        settings!(BucketSettings {
            min_per_second: Tokens::from_millionths(per_second),
            burst_capacity: Tokens::whole(10),
            ..BucketSettings::default()
        })
    }

    fn emptied(settings: &BucketSettings) -> Bucket {
        let mut bucket = Bucket::full(Tick(0)).collected(settings, Ratio::ZERO, 0, Tick(0));
        assert!(bucket.take(10_000_000), "full at the start");
        bucket
    }

    #[test]
    fn a_slow_trickle_is_not_lost_by_looking_often() {
        let settings = settings(7);
        let mut bucket = emptied(&settings);
        for nanos in (0..=1_000_000_000).step_by(1_000) {
            bucket = bucket.collected(&settings, Ratio::ZERO, 0, Tick(nanos));
        }
        assert_eq!(bucket.millionths(), 7);
    }

    #[test]
    fn deposits_count_once_and_time_does_not_run_back() {
        let settings = settings(1_000_000);
        let tenth = Ratio::saturating(0.1);
        let second = 1_000_000_000;
        let bucket = emptied(&settings).collected(&settings, tenth, 30, Tick(2 * second));
        assert_eq!(bucket.millionths(), 5_000_000);
        let bucket = bucket.collected(&settings, tenth, 30, Tick(second));
        assert_eq!(bucket.millionths(), 5_000_000);
        assert_eq!(bucket.collected(&settings, tenth, 31, Tick(2 * second)).millionths(), 5_100_000);
    }

    #[test]
    fn it_holds_no_more_than_its_capacity_whatever_comes_in() {
        let settings = settings!(BucketSettings { min_per_second: Tokens::whole(u64::MAX), ..settings(0) });
        let mut bucket = emptied(&settings).collected(&settings, Ratio::ONE, u64::MAX, Tick::MAX);
        assert_eq!(bucket.millionths(), 10_000_000);
        bucket.put(u64::MAX);
        let bucket = bucket.collected(&settings, Ratio::ONE, u64::MAX, Tick::MAX);
        assert_eq!(bucket.millionths(), 10_000_000);
    }
}
