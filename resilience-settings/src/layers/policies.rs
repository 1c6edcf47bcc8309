//! Settled values go in, the policies that the engine works with come out. Values that cannot act are left
//! at one fixed number, so that equal behaviour is an equal policy.

use std::time::Duration;

use crate::layers::resolved::Resolved;
use crate::policy::{
    AdaptiveTimeout, Backoff, BreakerSettings, BucketSettings, BudgetKind, BudgetSettings, BulkheadSettings,
    CacheSettings, CallPolicy, Deposit, HedgeAfter, HedgeSettings, Key, Multiplier, NestedRetries,
    QuotaSettings, RateSettings, Ratio, ServiceKind, ServicePolicy, StatusCodes, Strategy, ThrottleSettings,
    Tokens, Value, Window,
};
use crate::rules::acts::acts_with_strategy;

/// Reads a key as one variant of [`Value`]. The fallback is never met: the defaults have the key, and no
/// layer can lay a value of another type over it.
macro_rules! take {
    ($resolved:expr, $key:ident as $variant:ident or $fallback:expr) => {
        match $resolved.value(Key::$key) {
            Some(Value::$variant(value)) => value.clone(),
            _ => $fallback,
        }
    };
}

impl Resolved {
    /// What each call does.
    pub fn call_policy(&self) -> CallPolicy {
        let strategy = take!(self, Strategy as Strategy or Strategy::default());
        let mut backoff = Backoff::new(strategy, self.delay(Key::BaseDelay), self.delay(Key::MaxDelay));
        if acts_with_strategy(Key::Multiplier, strategy) {
            backoff.multiplier = self.multiplier(Key::Multiplier);
        }
        if let Some(Value::Number(jitter)) = self.value(Key::Jitter)
            && acts_with_strategy(Key::Jitter, strategy)
        {
            backoff.jitter = Some(Ratio::saturating(*jitter));
        }
        let adaptive_timeout = self.adaptive_timeout();
        CallPolicy {
            max_attempts: self.count(Key::MaxAttempts).max(1),
            backoff,
            attempt_timeout: match &adaptive_timeout {
                Some(adaptive) => Some(adaptive.ceiling),
                None => self.limit(Key::AttemptTimeout),
            },
            adaptive_timeout,
            deadline: self.limit(Key::Deadline),
            idempotent: match self.value(Key::Idempotent) {
                Some(Value::Switch(yes)) => Some(*yes),
                _ => None,
            },
            retryable_status_codes: match self.value(Key::RetryableStatusCodes) {
                Some(Value::StatusCodes(codes)) => Some(StatusCodes::new(codes)),
                _ => None,
            },
            max_retry_after: self.delay(Key::MaxRetryAfter),
            nested_retries: take!(self, NestedRetries as NestedRetries or NestedRetries::default()),
            priority: match self.value(Key::Priority) {
                Some(Value::Priority(priority)) => Some(*priority),
                _ => None,
            },
            hedge: self.hedge(),
            cache: self.is_on(Key::Cache).then(|| self.cache()),
            degrade_timeout: self.limit(Key::DegradeTimeout),
            retry_enabled: self.is_on(Key::RetryEnabled),
            circuit_breaker_enabled: self.is_on(Key::CircuitBreakerEnabled),
            retry_budget_enabled: self.is_on(Key::RetryBudgetEnabled),
            degradation_enabled: self.is_on(Key::DegradationEnabled),
        }
    }

    fn adaptive_timeout(&self) -> Option<AdaptiveTimeout> {
        let ceiling = self.limit(Key::TimeoutCeiling);
        let ceiling = ceiling.filter(|_| self.value(Key::AttemptTimeout) == Some(&Value::Adaptive))?;
        Some(AdaptiveTimeout {
            floor: self.delay(Key::TimeoutFloor),
            ceiling,
            factor: self.multiplier(Key::TimeoutFactor),
            quantile: take!(self, TimeoutQuantile as Quantile or Ratio::saturating(0.99)),
        })
    }

    /// Nothing, where a copy would be forbidden or would never start.
    fn hedge(&self) -> Option<HedgeSettings> {
        let acts = [Key::Hedge, Key::HedgeAfter].iter().all(|key| self.silenced(*key).is_none());
        (self.is_on(Key::Hedge) && acts).then(|| HedgeSettings {
            after: match self.value(Key::HedgeAfter) {
                Some(Value::Duration(time)) => HedgeAfter::Fixed(*time),
                Some(Value::Quantile(share)) => HedgeAfter::Quantile(*share),
                _ => HedgeSettings::default().after,
            },
            max: self.count(Key::HedgeMax).max(1),
        })
    }

    fn cache(&self) -> CacheSettings {
        CacheSettings {
            ttl: self.delay(Key::CacheTtl),
            stale_for: self.delay(Key::CacheStaleFor),
            capacity: self.count(Key::CacheCapacity).max(1),
            mode: take!(self, CacheMode as CacheMode or CacheSettings::default().mode),
        }
    }

    /// What the shared state of the service does.
    pub fn service_policy(&self) -> ServicePolicy {
        ServicePolicy {
            kind: take!(self, Kind as Kind or ServiceKind::default()),
            service_type: self.service_type.clone(),
            breaker: self.is_on(Key::Breaker).then(|| self.breaker()),
            budget: self.is_on(Key::Budget).then(|| self.budget()),
            bulkhead: self.is_on(Key::Bulkhead).then(|| self.bulkhead()),
            rate_limit: self.is_on(Key::RateLimit).then(|| RateSettings {
                per_second: self.tokens(Key::PerSecond),
                burst: self.count(Key::RateBurst).max(1),
                max_wait: self.delay(Key::RateMaxWait),
            }),
            throttle: self.is_on(Key::Throttle).then(|| ThrottleSettings {
                k: self.multiplier(Key::ThrottleK),
                window: self.delay(Key::ThrottleWindow),
            }),
            max_partitions: self.count(Key::MaxPartitions).max(1),
        }
    }

    fn bulkhead(&self) -> BulkheadSettings {
        let (queue, wait) = (self.count(Key::MaxQueue), self.delay(Key::BulkheadMaxWait));
        let is_queueing = queue > 0 && !wait.is_zero();
        let adaptive = self.is_on(Key::BulkheadAdaptive);
        BulkheadSettings {
            max_concurrent: self.count(Key::MaxConcurrent).max(1),
            max_queue: if is_queueing { queue } else { 0 },
            max_wait: if is_queueing { wait } else { Duration::ZERO },
            adaptive,
            min_concurrent: if adaptive { self.count(Key::MinConcurrent).max(1) } else { 1 },
        }
    }

    fn count_unless_off(&self, key: Key) -> Option<u32> {
        matches!(self.value(key), Some(Value::Count(_))).then(|| self.count(key))
    }

    fn breaker(&self) -> BreakerSettings {
        BreakerSettings {
            failure_rate: self.ratio(Key::FailureRate),
            min_calls: self.count(Key::MinCalls),
            quiet_failures: self.count_unless_off(Key::QuietFailures),
            window: take!(self, Window as Window or Window::Time(Duration::from_secs(10))),
            slow_call: self.limit(Key::SlowCall),
            slow_rate: match self.value(Key::SlowRate) {
                Some(Value::Number(rate)) if self.limit(Key::SlowCall).is_some() => Ratio::saturating(*rate),
                _ => BreakerSettings::default().slow_rate,
            },
            consecutive_failures: self.count_unless_off(Key::ConsecutiveFailures),
            open_for: self.delay(Key::OpenFor),
            max_open_for: self.delay(Key::MaxOpenFor),
            half_open_calls: self.count(Key::HalfOpenCalls),
            success_threshold: self.count(Key::SuccessThreshold),
        }
    }

    fn budget(&self) -> BudgetSettings {
        let burst = self.count(Key::BurstCapacity);
        let bucket = || BucketSettings {
            ratio: self.ratio(Key::BudgetRatio),
            min_per_second: self.tokens(Key::MinPerSecond),
            burst_capacity: Tokens::whole(burst.into()),
            deposit: take!(self, BudgetDeposit as Deposit or Deposit::default()),
            cost: self.tokens(Key::BudgetCost),
            throttled_cost: self.tokens(Key::ThrottledCost),
        };
        let quota = || QuotaSettings {
            max_retries_per_minute: self.count(Key::MaxRetriesPerMinute),
            max_retries_per_hour: self.count(Key::MaxRetriesPerHour),
            burst_capacity: burst,
        };
        match take!(self, BudgetKind as BudgetKind or BudgetKind::default()) {
            BudgetKind::TokenBucket => BudgetSettings::TokenBucket(bucket()),
            BudgetKind::Adaptive => BudgetSettings::Adaptive(bucket(), self.ratio(Key::AdaptiveThreshold)),
            BudgetKind::SlidingWindow => BudgetSettings::SlidingWindow(quota()),
            BudgetKind::FixedWindow => BudgetSettings::FixedWindow(quota()),
        }
    }

    fn is_on(&self, key: Key) -> bool {
        matches!(self.value(key), Some(Value::Switch(true)))
    }

    fn limit(&self, key: Key) -> Option<Duration> {
        match self.value(key) {
            Some(Value::Duration(time)) => Some(*time),
            _ => None,
        }
    }

    fn delay(&self, key: Key) -> Duration {
        self.limit(key).unwrap_or_default()
    }

    fn count(&self, key: Key) -> u32 {
        match self.value(key) {
            Some(Value::Count(count)) => u32::try_from(*count).unwrap_or(u32::MAX),
            Some(Value::Unlimited) => u32::MAX,
            _ => 0,
        }
    }

    fn number(&self, key: Key) -> f64 {
        match self.value(key) {
            Some(Value::Number(number)) => *number,
            _ => 0.0,
        }
    }

    fn multiplier(&self, key: Key) -> Multiplier {
        Multiplier::new(self.number(key)).unwrap_or(Multiplier::TWO)
    }

    fn ratio(&self, key: Key) -> Ratio {
        Ratio::saturating(self.number(key))
    }

    fn tokens(&self, key: Key) -> Tokens {
        Tokens::from_number(self.number(key))
    }
}

#[cfg(test)]
mod tests;
