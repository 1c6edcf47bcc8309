//! The checked settings of the state that all call sites of a service share.

use std::sync::Arc;
use std::time::Duration;

use super::fields::settings;
use super::kind::ServiceKind;
use super::limits::{BulkheadSettings, RateSettings, ThrottleSettings};
use super::numbers::{Ratio, Tokens};
use crate::keys::value::{Deposit, Window};

settings! {
    /// The settings of a service's shared state: breaker and budget.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct ServicePolicy {
        /// What sort of dependency it is.
        pub kind: ServiceKind = Kind,
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
        /// How many partitions may have state of their own; at least 1.
        pub max_partitions: u32 = MaxPartitions,
    }
}

impl ServicePolicy {
    /// From which duration on a result is slow.
    #[inline]
    pub fn slow_call(&self) -> Option<Duration> {
        self.breaker.as_ref().and_then(|settings| settings.slow_call)
    }
}

settings! {
    /// When a breaker opens, for how long, and what closes it.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct BreakerSettings {
        /// Opens at this share of failures.
        pub failure_rate: Ratio = FailureRate,
        /// Rates mean nothing below this many results.
        pub min_calls: u32 = MinCalls,
        /// Below that many results, opens after so many failures from three calls without a success.
        pub quiet_failures: Option<u32> = QuietFailures,
        /// What it looks back on.
        pub window: Window = Window,
        /// From which duration on a result is slow.
        pub slow_call: Option<Duration> = SlowCall,
        /// Opens at this share of slow results.
        pub slow_rate: Ratio = SlowRate,
        /// Opens after this many failures in a row.
        pub consecutive_failures: Option<u32> = ConsecutiveFailures,
        /// How long the first break lasts, give or take a tenth.
        pub open_for: Duration = OpenFor,
        /// How long a break may become.
        pub max_open_for: Duration = MaxOpenFor,
        /// How many trials may run at once while half-open.
        pub half_open_calls: u32 = HalfOpenCalls,
        /// How many successful trials close it.
        pub success_threshold: u32 = SuccessThreshold,
    }
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
    /// The numbers of a token bucket.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct BucketSettings {
        /// Tokens per deposit.
        pub ratio: Ratio = BudgetRatio,
        /// Tokens per second that come in by themselves.
        pub min_per_second: Tokens = MinPerSecond,
        /// How many tokens it holds; full at the start.
        pub burst_capacity: Tokens = BurstCapacity,
        /// What makes a deposit.
        pub deposit: Deposit = BudgetDeposit,
        /// What a retry costs.
        pub cost: Tokens = BudgetCost,
        /// What a retry of a throttled attempt costs.
        pub throttled_cost: Tokens = ThrottledCost,
    }
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
        /// Retries in a minute.
        pub max_retries_per_minute: u32 = MaxRetriesPerMinute,
        /// Retries in an hour.
        pub max_retries_per_hour: u32 = MaxRetriesPerHour,
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
