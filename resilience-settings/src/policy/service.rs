//! Data: the checked settings of the state that all call sites of a service share.

use std::sync::Arc;
use std::time::Duration;

use super::fields::{choose, settings};
use super::kind::ServiceKind;
use super::limits::{BulkheadSettings, RateSettings, ThrottleSettings};
use super::numbers::{Ratio, Tokens};
use crate::keys::value::{Deposit, Mode, Window};

settings! {
    /// The settings of a service's shared state: breaker and budget.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct ServicePolicy {
        /// The label from the file, if it has one.
        pub service_type: Option<Arc<str>> => None,
        /// The breaker, unless it is off.
        pub breaker: Option<BreakerSettings> => None,
        /// The retry budget, unless it is off.
        pub budget: Option<BudgetSettings> => None,
        /// How many attempts may run at once, when limited.
        pub bulkhead: Option<BulkheadSettings> => None,
        /// How many attempts may start in a second, when limited.
        pub rate_limit: Option<RateSettings> => None,
        /// The throttle on our side, when on.
        pub throttle: Option<ThrottleSettings> => None,
    }
}

impl ServicePolicy {
    /// Whether its rules only say what they would do.
    #[inline]
    pub fn is_observed(&self) -> bool {
        self.mode == Mode::Observe
    }

    /// From which duration on a result is slow.
    #[inline]
    pub fn slow_call(&self) -> Option<Duration> {
        self.breaker.as_ref().and_then(|settings| settings.slow_call)
    }
}

settings! {
    /// When a breaker opens, for how long, and what closes it.
    ///
    /// Rates mean nothing below `min_calls` results. A break is longer or shorter than it says by up to a tenth, so that not all
    /// who were cut off come back at once.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct BreakerSettings {}
}

impl Default for BreakerSettings {
    /// Half of at least 20 results within 10 s open it for 5 s, at most 60 s, and where there are fewer, the last 5
    /// failures without a success; two trials at once, two successes close it. Slow calls and failures in a row are not looked at.
    fn default() -> Self {
        Self::of(|_| None)
    }
}

/// How many retries a service may have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BudgetSettings {
    /// Deposits per call, withdrawals per retry.
    TokenBucket(BucketSettings),
    /// A token bucket whose deposits shrink as the success rate falls below the threshold.
    Adaptive(BucketSettings, Ratio),
    /// So many retries in any minute, hour and second.
    SlidingWindow(QuotaSettings),
    /// So many retries in each minute and hour since the first, and in any second.
    FixedWindow(QuotaSettings),
}

impl BudgetSettings {
    /// How many retries can be granted at once, at most.
    pub fn capacity(&self) -> f64 {
        match self {
            Self::TokenBucket(bucket) | Self::Adaptive(bucket, _) => bucket.burst_capacity.get(),
            Self::SlidingWindow(quota) | Self::FixedWindow(quota) => f64::from(
                quota.burst_capacity.min(quota.max_retries_per_minute).min(quota.max_retries_per_hour),
            ),
        }
    }
}

impl Default for BudgetSettings {
    fn default() -> Self {
        Self::TokenBucket(BucketSettings::default())
    }
}

settings! {
    /// The numbers of a token bucket, which is full at the start.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct BucketSettings {}
}

impl Default for BucketSettings {
    /// A tenth of a token per call, one per second, ten at most; a retry costs one.
    fn default() -> Self {
        Self::of(|_| None)
    }
}

settings! {
    /// The numbers of the window kinds of budget.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct QuotaSettings {
        /// Retries in one second.
        pub burst_capacity: u32 = BurstCapacity,
    }
}

impl Default for QuotaSettings {
    /// 60 a minute, 1000 an hour, 10 in one second.
    fn default() -> Self {
        Self::of(|_| None)
    }
}
