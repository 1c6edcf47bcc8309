//! The checked settings of the state that all call sites of a service share.

use std::sync::Arc;
use std::time::Duration;

use super::kind::ServiceKind;
use super::limits::{BulkheadSettings, RateSettings, ThrottleSettings};
use super::numbers::{Ratio, Tokens};
use crate::keys::value::{Deposit, Window};

/// The settings of a service's shared state: breaker and budget.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ServicePolicy {
    /// What sort of dependency it is.
    pub kind: ServiceKind,
    /// The label from the file, if it has one.
    pub service_type: Option<Arc<str>>,
    /// The breaker, unless it is off.
    pub breaker: Option<BreakerSettings>,
    /// The retry budget, unless it is off.
    pub budget: Option<BudgetSettings>,
    /// How many attempts may run at once, when limited.
    pub bulkhead: Option<BulkheadSettings>,
    /// How many attempts may start in a second, when limited.
    pub rate_limit: Option<RateSettings>,
    /// The throttle on our side, when on.
    pub throttle: Option<ThrottleSettings>,
    /// How many partitions may have state of their own; at least 1.
    pub max_partitions: u32,
}

impl ServicePolicy {
    /// From which duration on a result is slow.
    #[inline]
    pub fn slow_call(&self) -> Option<Duration> {
        self.breaker.as_ref().and_then(|settings| settings.slow_call)
    }
}

/// When a breaker opens, for how long, and what closes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct BreakerSettings {
    /// Opens at this share of failures.
    pub failure_rate: Ratio,
    /// Rates mean nothing below this many results.
    pub min_calls: u32,
    /// Below that many results, opens after so many failures from three calls without a success.
    pub quiet_failures: Option<u32>,
    /// What it looks back on.
    pub window: Window,
    /// From which duration on a result is slow.
    pub slow_call: Option<Duration>,
    /// Opens at this share of slow results.
    pub slow_rate: Ratio,
    /// Opens after this many failures in a row.
    pub consecutive_failures: Option<u32>,
    /// How long the first break lasts, give or take a tenth.
    pub open_for: Duration,
    /// How long a break may become.
    pub max_open_for: Duration,
    /// How many trials may run at once while half-open.
    pub half_open_calls: u32,
    /// How many successful trials close it.
    pub success_threshold: u32,
}

impl Default for BreakerSettings {
    /// Half of at least 20 results within 10 s open it for 5 s, at most 60 s, and where there are fewer, the last 5
    /// failures without a success; two trials at once, two successes close it. Slow calls and failures in a row are not looked at.
    fn default() -> Self {
        Self {
            failure_rate: Ratio::saturating(0.5),
            min_calls: 20,
            quiet_failures: Some(5),
            window: Window::Time(Duration::from_secs(10)),
            slow_call: None,
            slow_rate: Ratio::saturating(0.8),
            consecutive_failures: None,
            open_for: Duration::from_secs(5),
            max_open_for: Duration::from_mins(1),
            half_open_calls: 2,
            success_threshold: 2,
        }
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

/// The numbers of a token bucket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct BucketSettings {
    /// Tokens per deposit.
    pub ratio: Ratio,
    /// Tokens per second that come in by themselves.
    pub min_per_second: Tokens,
    /// How many tokens it holds; full at the start.
    pub burst_capacity: Tokens,
    /// What makes a deposit.
    pub deposit: Deposit,
    /// What a retry costs.
    pub cost: Tokens,
    /// What a retry of a throttled attempt costs.
    pub throttled_cost: Tokens,
}

impl Default for BucketSettings {
    /// A tenth of a token per call, one per second, ten at most; a retry costs one.
    fn default() -> Self {
        Self {
            ratio: Ratio::saturating(0.1),
            min_per_second: Tokens::whole(1),
            burst_capacity: Tokens::whole(10),
            deposit: Deposit::Call,
            cost: Tokens::whole(1),
            throttled_cost: Tokens::whole(1),
        }
    }
}

/// The numbers of the window kinds of budget.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct QuotaSettings {
    /// Retries in a minute.
    pub max_retries_per_minute: u32,
    /// Retries in an hour.
    pub max_retries_per_hour: u32,
    /// Retries in one second.
    pub burst_capacity: u32,
}

impl Default for QuotaSettings {
    /// 60 a minute, 1000 an hour, 10 in one second.
    fn default() -> Self {
        Self { max_retries_per_minute: 60, max_retries_per_hour: 1000, burst_capacity: 10 }
    }
}
