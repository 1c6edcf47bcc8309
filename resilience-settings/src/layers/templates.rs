//! The built-in numbers: defaults for every key that has one, and what each template changes. Changing one
//! changes what running programs do, so a test pins them all.

use std::time::Duration;

use crate::policy::{
    BreakerSettings, BucketSettings, BudgetKind, BulkheadSettings, CacheSettings, HedgeSettings,
    NestedRetries, Patch, Percentile, QuotaSettings, RateSettings, Ratio, ServiceKind, Strategy,
    ThrottleSettings, Tokens, Window,
};

/// The layer below all others: what a service of no particular kind gets.
pub fn defaults() -> Patch {
    let breaker = BreakerSettings::default();
    let bucket = BucketSettings::default();
    let quota = QuotaSettings::default();
    Patch::new()
        .kind(ServiceKind::Generic)
        .max_attempts(3)
        .strategy(Strategy::ExponentialJitter)
        .base_delay(Duration::from_millis(200))
        .max_delay(Duration::from_secs(5))
        .multiplier(2.0)
        .attempt_timeout(Some(Duration::from_secs(2)))
        // A shorter timeout measures the scheduler more than the service.
        .attempt_timeout_floor(Duration::from_millis(10))
        // At 1 each hundredth attempt would be cut for ever, and what is cut makes the next timeout shorter; twice
        // the usual is what a service under load still answers in.
        .attempt_timeout_factor(2.0)
        .attempt_timeout_quantile(Percentile::P99.ratio())
        .deadline(Some(Duration::from_secs(10)))
        .nested_retries(NestedRetries::Allow)
        .retry_enabled(true)
        .circuit_breaker_enabled(true)
        .retry_budget_enabled(true)
        .degradation_enabled(true)
        .max_partitions(1_000)
        .breaker(true)
        .breaker_failure_rate(Ratio::get(breaker.failure_rate))
        .breaker_min_calls(breaker.min_calls)
        .breaker_quiet_failures(breaker.quiet_failures)
        .breaker_window(breaker.window)
        .breaker_slow_call(breaker.slow_call)
        .breaker_slow_rate(Ratio::get(breaker.slow_rate))
        .breaker_consecutive_failures(breaker.consecutive_failures)
        .breaker_open_for(breaker.open_for)
        .breaker_max_open_for(breaker.max_open_for)
        .breaker_half_open_calls(breaker.half_open_calls)
        .breaker_success_threshold(breaker.success_threshold)
        .budget(true)
        .budget_kind(BudgetKind::TokenBucket)
        .budget_ratio(Ratio::get(bucket.ratio))
        .budget_min_per_second(Tokens::get(bucket.min_per_second))
        .budget_burst_capacity(quota.burst_capacity)
        .budget_deposit(bucket.deposit)
        .budget_cost(Tokens::get(bucket.cost))
        .budget_throttled_cost(Tokens::get(bucket.throttled_cost))
        .budget_max_retries_per_minute(quota.max_retries_per_minute)
        .budget_max_retries_per_hour(quota.max_retries_per_hour)
        .budget_adaptive_threshold(0.8)
        .with_limits()
        .with_degradation()
}

/// The defaults of clauses that are off until written.
impl Patch {
    fn with_limits(self) -> Self {
        let bulkhead = BulkheadSettings::default();
        let rate = RateSettings::default();
        let throttle = ThrottleSettings::default();
        self.bulkhead(false)
            .bulkhead_max_concurrent(bulkhead.max_concurrent)
            .bulkhead_max_queue(bulkhead.max_queue)
            .bulkhead_max_wait(bulkhead.max_wait)
            .bulkhead_adaptive(bulkhead.adaptive)
            .bulkhead_min_concurrent(bulkhead.min_concurrent)
            .rate_limit(false)
            .rate_limit_per_second(Tokens::get(rate.per_second))
            .rate_limit_burst(rate.burst)
            .rate_limit_max_wait(rate.max_wait)
            .throttle(false)
            .throttle_k(throttle.k.get())
            .throttle_window(throttle.window)
    }

    fn with_degradation(self) -> Self {
        let hedge = HedgeSettings::default();
        let cache = CacheSettings::default();
        self.hedge(false)
            .hedge_after(hedge.after)
            .hedge_max(hedge.max)
            .cache(false)
            .cache_ttl(cache.ttl)
            .cache_stale_for(cache.stale_for)
            .cache_capacity(cache.capacity)
            .cache_mode(cache.mode)
    }
}

/// What the template of a kind lays over the defaults.
pub fn built_in(kind: ServiceKind) -> Patch {
    let millis = Duration::from_millis;
    let secs = Duration::from_secs;
    let template = match kind {
        // A model thinks for minutes, and its provider throttles: few results, long windows.
        ServiceKind::AiService => row(5, Strategy::ExponentialJitter, [2_000, 60_000, 180_000, 600_000])
            .breaker_window(Window::Time(secs(60)))
            .breaker_min_calls(10)
            .breaker_open_for(secs(15)),
        ServiceKind::Database => row(3, Strategy::Linear, [500, 5_000, 5_000, 30_000]).jitter(0.2),
        // A cache that does not answer at once is worthless, but it is back soon.
        ServiceKind::Cache => row(2, Strategy::Fixed, [100, 1_000, 500, 2_000])
            .jitter(0.2)
            .breaker_open_for(millis(1_000))
            .breaker_max_open_for(secs(10)),
        ServiceKind::HttpApi => row(4, Strategy::ExponentialJitter, [1_000, 30_000, 10_000, 90_000]),
        ServiceKind::MessageQueue => row(5, Strategy::DecorrelatedJitter, [500, 30_000, 10_000, 120_000]),
        ServiceKind::Microservice => Patch::new(),
        // The defaults are its template.
        ServiceKind::Generic => return Patch::new(),
    };
    template.kind(kind)
}

/// Attempts and strategy, then base delay, longest delay, attempt timeout and deadline in milliseconds.
fn row(attempts: u32, strategy: Strategy, [base, max, attempt, deadline]: [u64; 4]) -> Patch {
    Patch::new()
        .max_attempts(attempts)
        .strategy(strategy)
        .base_delay(Duration::from_millis(base))
        .max_delay(Duration::from_millis(max))
        .attempt_timeout(Some(Duration::from_millis(attempt)))
        .deadline(Some(Duration::from_millis(deadline)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Key;

    #[test]
    fn the_templates_are_the_documented_table() {
        let told = |kind| {
            let mut patch = defaults();
            patch.extend(&built_in(kind));
            let keys = [
                Key::MaxAttempts,
                Key::Strategy,
                Key::Jitter,
                Key::BaseDelay,
                Key::MaxDelay,
                Key::AttemptTimeout,
                Key::Deadline,
                Key::Window,
                Key::MinCalls,
                Key::OpenFor,
                Key::MaxOpenFor,
            ];
            let values = keys.iter().map(|key| patch.get(*key).map_or("-".to_owned(), ToString::to_string));
            values.collect::<Vec<_>>().join(" ")
        };
        let table = [
            (ServiceKind::AiService, "5 exponential_jitter - 2s 1m 3m 10m 1m 10 15s 1m"),
            (ServiceKind::Database, "3 linear 0.2 500ms 5s 5s 30s 10s 20 5s 1m"),
            (ServiceKind::Cache, "2 fixed 0.2 100ms 1s 500ms 2s 10s 20 1s 10s"),
            (ServiceKind::HttpApi, "4 exponential_jitter - 1s 30s 10s 1m 30s 10s 20 5s 1m"),
            (ServiceKind::MessageQueue, "5 decorrelated_jitter - 500ms 30s 10s 2m 10s 20 5s 1m"),
            (ServiceKind::Microservice, "3 exponential_jitter - 200ms 5s 2s 10s 10s 20 5s 1m"),
            (ServiceKind::Generic, "3 exponential_jitter - 200ms 5s 2s 10s 10s 20 5s 1m"),
        ];
        for (kind, expected) in table {
            assert_eq!(told(kind), expected, "{kind}");
        }
    }
}
