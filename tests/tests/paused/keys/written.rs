//! Functions with one key each in their attribute, beside what it needs there; and the keys that attributes refuse.

use super::subject::{Subject, body};
use crate::idempotency_store::Shaky;
use crate::script::{Fault, Script};

/// A function whose attribute writes a key.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) key: &'static str,
    pub(super) of: Subject,
}

const RETRIES: &str = "since `graceful_degradation` alone never retries";
const PARTITION: &str = "`max_partitions` cannot act without `partition`";
const REDIRECT: &str = "`degrade_timeout` limits `redirect` and `fallback`, and neither is written";

/// The keys that are refused, with the words of the compiler; a word of a clause stands for the clause.
pub(super) const REFUSED: &[(&str, &str)] = &[
    ("max_partitions", PARTITION),
    ("degrade_timeout", REDIRECT),
    ("max_attempts", RETRIES),
    ("strategy", RETRIES),
    ("base_delay", RETRIES),
    ("max_delay", RETRIES),
    ("multiplier", RETRIES),
    ("jitter", RETRIES),
    ("retryable_status_codes", RETRIES),
    ("max_retry_after", RETRIES),
    ("nested_retries", RETRIES),
    ("retry_enabled", RETRIES),
    ("retry_budget_enabled", RETRIES),
    ("budget", RETRIES),
    ("idempotency", "since `graceful_degradation` alone protects no call"),
];

/// The keys of every attribute. Its service has the name of the key.
macro_rules! taken_by_all {
    ($attribute:ident $($more:tt)*) => {
        functions! { $attribute:
            kind "kind" (kind = Cache);
            priority "priority" (priority = High);
            attempt_timeout "attempt_timeout" (attempt_timeout = "1s");
            timeout_floor "attempt_timeout.floor" (attempt_timeout = adaptive(floor = "1s"));
            timeout_ceiling "attempt_timeout.ceiling" (attempt_timeout = adaptive(ceiling = "1s"));
            timeout_factor "attempt_timeout.factor" (attempt_timeout = adaptive(factor = 4));
            timeout_quantile "attempt_timeout.quantile" (attempt_timeout = adaptive(quantile = P50));
            deadline "deadline" (deadline = "1s");
            idempotent "idempotent" (idempotent = false);
            degradation_enabled "degradation_enabled" (degradation_enabled = false);
            breaker "breaker" (breaker(min_calls = 4));
            failure_rate "breaker.failure_rate" (breaker(failure_rate = 0.9));
            min_calls "breaker.min_calls" (breaker(min_calls = 4));
            quiet_failures "breaker.quiet_failures" (breaker(quiet_failures = 3));
            window "breaker.window" (breaker(window = "2s"));
            slow_call "breaker.slow_call" (breaker(slow_call = "200ms"));
            slow_rate "breaker.slow_rate" (breaker(slow_call = "200ms", slow_rate = 0.4));
            consecutive_failures "breaker.consecutive_failures" (breaker(consecutive_failures = 1));
            open_for "breaker.open_for" (breaker(open_for = "9s"));
            max_open_for "breaker.max_open_for" (breaker(max_open_for = "6s"));
            half_open_calls "breaker.half_open_calls" (breaker(half_open_calls = 1));
            success_threshold "breaker.success_threshold" (breaker(success_threshold = 4));
            bulkhead "bulkhead" (bulkhead(max_concurrent = 4));
            max_concurrent "bulkhead.max_concurrent" (bulkhead(max_concurrent = 5));
            max_queue "bulkhead.max_queue" (bulkhead(max_queue = 0));
            bulkhead_max_wait "bulkhead.max_wait" (bulkhead(max_wait = "150ms"));
            adaptive "bulkhead.adaptive" (bulkhead(adaptive = true));
            min_concurrent "bulkhead.min_concurrent" (bulkhead(adaptive = true, min_concurrent = 10));
            rate_limit "rate_limit" (rate_limit(burst = 4));
            per_second "rate_limit.per_second" (rate_limit(per_second = 20));
            burst "rate_limit.burst" (rate_limit(burst = 4));
            rate_max_wait "rate_limit.max_wait" (rate_limit(max_wait = "1s"));
            throttle "throttle" (throttle(k = 1.5));
            throttle_k "throttle.k" (throttle(k = 1.5));
            throttle_window "throttle.window" (throttle(window = "2s"));
            hedge "hedge" (idempotent = true, hedge(after = "50ms"));
            hedge_after "hedge.after" (idempotent = true, hedge(after = "200ms"));
            hedge_max "hedge.max" (idempotent = true, hedge(after = "50ms", max = 3));
            cache "cache" (cache(key = 0));
            cache_ttl "cache.ttl" (cache(key = 0, ttl = "2s"));
            cache_stale_for "cache.stale_for" (cache(key = 0, stale_for = "1h"));
            cache_capacity "cache.capacity" (cache(key = 0, capacity = 2));
            cache_mode "cache.mode" (cache(key = 0, mode = ReadThrough));
            $($more)*
        }
    };
}

/// The keys of attributes that make attempts.
macro_rules! taken_by_retries {
    ($attribute:ident $scope:literal) => {
        taken_by_all! { $attribute
            max_attempts "max_attempts" (max_attempts = 2);
            strategy "strategy" (strategy = Linear);
            base_delay "base_delay" (base_delay = "100ms");
            max_delay "max_delay" (max_delay = "150ms");
            multiplier "multiplier" (multiplier = 3.5);
            jitter "jitter" (jitter = 0.9);
            retryable_status_codes "retryable_status_codes" (retryable_status_codes = [418]);
            max_retry_after "max_retry_after" (max_retry_after = "2s");
            nested_retries "nested_retries" (nested_retries = Suppress);
            retry_enabled "retry_enabled" (retry_enabled = false);
            retry_budget_enabled "retry_budget_enabled" (retry_budget_enabled = false);
            circuit_breaker_enabled "circuit_breaker_enabled" (circuit_breaker_enabled = false);
            budget "budget" (budget(burst_capacity = 3));
            budget_kind "budget.kind" (budget(kind = SlidingWindow));
            budget_ratio "budget.ratio" (budget(ratio = 0.5));
            min_per_second "budget.min_per_second" (budget(min_per_second = 5));
            burst_capacity "budget.burst_capacity" (budget(burst_capacity = 5));
            budget_deposit "budget.deposit" (budget(deposit = Success));
            budget_cost "budget.cost" (budget(cost = 2.5));
            throttled_cost "budget.throttled_cost" (budget(throttled_cost = 5));
            per_minute "budget.max_retries_per_minute" (budget(kind = SlidingWindow, max_retries_per_minute = 5));
            per_hour "budget.max_retries_per_hour" (budget(kind = FixedWindow, max_retries_per_hour = 5));
            adaptive_threshold "budget.adaptive_threshold" (budget(kind = Adaptive, adaptive_threshold = 0.1));
            idempotency "idempotency" (idempotency(key = 0, scope = $scope));
            idempotency_ttl "idempotency.ttl" (idempotency(key = 0, scope = $scope, ttl = "2s"));
            idempotency_lease "idempotency.lease" (idempotency(key = 0, scope = $scope, lease = "1s"));
            idempotency_wait "idempotency.wait" (idempotency(key = 0, scope = $scope, wait = off));
            on_unavailable "idempotency.on_unavailable"
                (idempotency(key = 0, scope = $scope, store = Shaky::away(), on_unavailable = Reject));
        }
    };
}

macro_rules! functions {
    ($attribute:ident: $($name:ident $key:literal ($($text:tt)*);)+) => {
        mod $attribute {
            use resilience_runtime::$attribute;

            use super::*;

            pub(super) const ALL: &[Written] = &[$(Written {
                key: $key,
                of: Subject {
                    attribute: stringify!($attribute),
                    service: $key,
                    path: concat!(module_path!(), "::", stringify!($name)),
                    call: |script| Box::pin($name(script)),
                },
            }),+];
            $(
                #[$attribute($key, $($text)*)]
                async fn $name(script: &Script) -> Result<u32, Fault> {
                    body(script).await
                }
            )+
        }
    };
}

taken_by_retries! { comprehensive_retry "retry" }
taken_by_retries! { resilient_service "service" }
taken_by_all! { graceful_degradation
    circuit_breaker_enabled "circuit_breaker_enabled" (circuit_breaker_enabled = true);
}

pub(super) fn all() -> impl Iterator<Item = &'static Written> {
    comprehensive_retry::ALL.iter().chain(resilient_service::ALL).chain(graceful_degradation::ALL)
}
