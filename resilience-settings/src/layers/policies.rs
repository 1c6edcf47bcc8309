//! Makes the policies that the engine works with out of settled values. Which field holds a key stands in its table; here is what
//! the table does not say: which clauses are on, and that values which cannot act are left at one fixed number, so that equal
//! behaviour is an equal policy.

use std::time::Duration;

use crate::layers::resolved::Resolved;
use crate::policy::fields::Field;
use crate::policy::{
    AdaptiveTimeout, Backoff, BreakerSettings, BucketSettings, BudgetKind, BudgetSettings, BulkheadSettings,
    CacheSettings, CallPolicy, HedgeSettings, IdempotencySettings, Key, Multiplier, QuotaSettings,
    RateSettings, ServicePolicy, ThrottleSettings, Value,
};
use crate::rules::acts::acts_with_strategy;

impl Resolved {
    /// What each call does.
    pub fn call_policy(&self) -> CallPolicy {
        let value = |key| self.value(key);
        let adaptive_timeout = self.adaptive_timeout();
        let mut policy = CallPolicy {
            attempt_timeout: match (&adaptive_timeout, self.value(Key::AttemptTimeout)) {
                (Some(adaptive), _) => Some(adaptive.ceiling),
                (None, Some(Value::Duration(time))) => Some(*time),
                _ => None,
            },
            backoff: Backoff::of(value),
            adaptive_timeout,
            hedge: self.hedge(),
            cache: self.is_on(Key::Cache).then(|| CacheSettings::of(value)),
            idempotency: self.is_on(Key::Idempotency).then(|| IdempotencySettings::of(value)),
            ..CallPolicy::of(value)
        };
        at_least_one(&mut policy.max_attempts);
        let Backoff { strategy, multiplier, jitter, .. } = &mut policy.backoff;
        if !acts_with_strategy(Key::Multiplier, *strategy) {
            *multiplier = Multiplier::TWO;
        }
        jitter.take_if(|_| !acts_with_strategy(Key::Jitter, *strategy));
        if let Some(cache) = &mut policy.cache {
            at_least_one(&mut cache.capacity);
        }
        policy
    }

    fn adaptive_timeout(&self) -> Option<AdaptiveTimeout> {
        let is_adaptive = self.value(Key::AttemptTimeout) == Some(&Value::Adaptive);
        let is_bounded = matches!(self.value(Key::TimeoutCeiling), Some(Value::Duration(_)));
        (is_adaptive && is_bounded).then(|| AdaptiveTimeout::of(|key| self.value(key)))
    }

    /// Nothing, where a copy would be forbidden or would never start.
    fn hedge(&self) -> Option<HedgeSettings> {
        let acts = [Key::Hedge, Key::HedgeAfter].iter().all(|key| self.silenced(*key).is_none());
        let is_on = self.is_on(Key::Hedge) && acts;
        let mut hedge = is_on.then(|| HedgeSettings::of(|key| self.value(key)))?;
        at_least_one(&mut hedge.max);
        Some(hedge)
    }

    /// What the shared state of the service does.
    pub fn service_policy(&self) -> ServicePolicy {
        let value = |key| self.value(key);
        let mut policy = ServicePolicy {
            service_type: self.service_type.clone(),
            breaker: self.is_on(Key::Breaker).then(|| BreakerSettings::of(value)),
            budget: self.is_on(Key::Budget).then(|| self.budget()),
            bulkhead: self.is_on(Key::Bulkhead).then(|| BulkheadSettings::of(value)),
            rate_limit: self.is_on(Key::RateLimit).then(|| RateSettings::of(value)),
            throttle: self.is_on(Key::Throttle).then(|| ThrottleSettings::of(value)),
            ..ServicePolicy::of(value)
        };
        at_least_one(&mut policy.max_partitions);
        if let Some(breaker) = policy.breaker.as_mut().filter(|breaker| breaker.slow_call.is_none()) {
            breaker.slow_rate = BreakerSettings::default().slow_rate;
        }
        if let Some(rate) = &mut policy.rate_limit {
            at_least_one(&mut rate.burst);
        }
        if let Some(bulkhead) = &mut policy.bulkhead {
            at_least_one(&mut bulkhead.max_concurrent);
            at_least_one(&mut bulkhead.min_concurrent);
            if bulkhead.max_queue == 0 || bulkhead.max_wait.is_zero() {
                (bulkhead.max_queue, bulkhead.max_wait) = (0, Duration::ZERO);
            }
            if !bulkhead.adaptive {
                bulkhead.min_concurrent = BulkheadSettings::default().min_concurrent;
            }
        }
        policy
    }

    fn budget(&self) -> BudgetSettings {
        let bucket = || BucketSettings::of(|key| self.value(key));
        let quota = || QuotaSettings::of(|key| self.value(key));
        match Field::of(Key::BudgetKind, self.value(Key::BudgetKind)) {
            BudgetKind::TokenBucket => BudgetSettings::TokenBucket(bucket()),
            BudgetKind::Adaptive => {
                let key = Key::AdaptiveThreshold;
                BudgetSettings::Adaptive(bucket(), Field::of(key, self.value(key)))
            }
            BudgetKind::SlidingWindow => BudgetSettings::SlidingWindow(quota()),
            BudgetKind::FixedWindow => BudgetSettings::FixedWindow(quota()),
        }
    }

    fn is_on(&self, switch: Key) -> bool {
        self.value(switch) == Some(&Value::Switch(true))
    }
}

fn at_least_one(count: &mut u32) {
    *count = (*count).max(1);
}

#[cfg(test)]
mod tests;
