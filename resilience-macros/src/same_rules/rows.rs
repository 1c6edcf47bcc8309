//! The table of scenes for tests, a row for each key: a scene in which changing it changes what happens, and how an attribute
//! writes it.

/// Hands the rows to a macro: the identifier and the path of the key; its scene, the settings around it there, and two values
/// that make a difference; and how an attribute says it. `in_files` are keys that no attribute takes by themselves.
macro_rules! rows {
    ($make:ident $attribute:ident $scope:literal) => {
        $make! {
            $attribute
            in_all {
                kind "kind" Scene::Outage, "jitter = 0.0", ["'cache'", "'database'"], (kind = Cache);
                priority "priority" Scene::Pressed, ONE_TRY, ["'low'", "'high'"], (priority = High);
                mode "mode" Scene::Silence, "max_attempts = 1\nattempt_timeout = '1s'", ["'enforce'", "'observe'"], (mode = Observe);
                attempt_timeout "attempt_timeout" Scene::Silence, PLAIN, ["'1s'", "'2s'"], (attempt_timeout = "1s");
                timeout_floor "attempt_timeout.floor" Scene::Quiet, "max_attempts = 1\nattempt_timeout.ceiling = '5s'", ["'1s'", "'2s'"], (attempt_timeout = adaptive(floor = "1s"));
                timeout_ceiling "attempt_timeout.ceiling" Scene::Silence, ONE_TRY, ["'1s'", "'2s'"], (attempt_timeout = adaptive(ceiling = "1s"));
                timeout_factor "attempt_timeout.factor" Scene::Quiet, "max_attempts = 1\nattempt_timeout = 'adaptive'", ["1.5", "4"], (attempt_timeout = adaptive(factor = 4));
                timeout_quantile "attempt_timeout.quantile" Scene::Quiet, "max_attempts = 1\nattempt_timeout = 'adaptive'", ["'p50'", "'p99'"], (attempt_timeout = adaptive(quantile = P50));
                deadline "deadline" Scene::Silence, "attempt_timeout = 'off'", ["'1s'", "'2s'"], (deadline = "1s");
                idempotent "idempotent" Scene::Outage, PLAIN, ["true", "false"], (idempotent = false);
                degradation_enabled "degradation_enabled" Scene::Fallen, ONE_TRY, ["true", "false"], (degradation_enabled = false);
                breaker "breaker" Scene::Flapping, ONE_TRY, ["'off'", "{ min_calls = 4 }"], (breaker(min_calls = 4));
                failure_rate "breaker.failure_rate" Scene::Flapping, "max_attempts = 1\nbreaker.min_calls = 4", ["0.3", "0.9"], (breaker(failure_rate = 0.9));
                min_calls "breaker.min_calls" Scene::Flapping, ONE_TRY, ["4", "12"], (breaker(min_calls = 4));
                quiet_failures "breaker.quiet_failures" Scene::Recovery, "max_attempts = 1\nbreaker.min_calls = 1000", ["3", "5"], (breaker(quiet_failures = 3));
                window "breaker.window" Scene::Flapping, "max_attempts = 1\nbreaker.min_calls = 10", ["'2s'", "'20s'"], (breaker(window = "2s"));
                slow_call "breaker.slow_call" Scene::Slow, "breaker = { min_calls = 4, slow_rate = 0.4 }", ["'200ms'", "'400ms'"], (breaker(slow_call = "200ms"));
                slow_rate "breaker.slow_rate" Scene::Slow, "attempt_timeout = '1s'\nbreaker = { min_calls = 10, slow_call = '200ms', window = 10 }", ["0.9", "0.4"], (breaker(slow_call = "200ms", slow_rate = 0.4));
                consecutive_failures "breaker.consecutive_failures" Scene::Recovery, "max_attempts = 1\nbreaker.min_calls = 1000", ["1", "5"], (breaker(consecutive_failures = 1));
                open_for "breaker.open_for" Scene::Recovery, "max_attempts = 1\nbreaker.consecutive_failures = 1", ["'2s'", "'9s'"], (breaker(open_for = "9s"));
                max_open_for "breaker.max_open_for" Scene::Recovery, "max_attempts = 1\nbreaker.consecutive_failures = 1", ["'6s'", "'40s'"], (breaker(max_open_for = "6s"));
                half_open_calls "breaker.half_open_calls" Scene::Trials, "max_attempts = 1\nbreaker = { consecutive_failures = 1, success_threshold = 5 }", ["1", "3"], (breaker(half_open_calls = 1));
                success_threshold "breaker.success_threshold" Scene::Recovery, "max_attempts = 1\nbreaker.consecutive_failures = 1", ["1", "4"], (breaker(success_threshold = 4));
                bulkhead "bulkhead" Scene::Crowd, ONE_TRY, ["'off'", "{ max_concurrent = 4 }"], (bulkhead(max_concurrent = 4));
                max_concurrent "bulkhead.max_concurrent" Scene::Crowd, ONE_TRY, ["4", "5"], (bulkhead(max_concurrent = 5));
                max_queue "bulkhead.max_queue" Scene::Crowd, "max_attempts = 1\nbulkhead.max_concurrent = 4", ["0", "8"], (bulkhead(max_queue = 0));
                bulkhead_max_wait "bulkhead.max_wait" Scene::Crowd, "max_attempts = 1\nbulkhead.max_concurrent = 4", ["'150ms'", "'5s'"], (bulkhead(max_wait = "150ms"));
                adaptive "bulkhead.adaptive" Scene::Crowd, "max_attempts = 1\nbulkhead.max_concurrent = 36", ["false", "true"], (bulkhead(adaptive = true));
                min_concurrent "bulkhead.min_concurrent" Scene::CrowdAfterDrops, "max_attempts = 1\nbulkhead = { max_concurrent = 20, adaptive = true }", ["1", "10"], (bulkhead(adaptive = true, min_concurrent = 10));
                rate_limit "rate_limit" Scene::Crowd, ONE_TRY, ["'off'", "{ burst = 4 }"], (rate_limit(burst = 4));
                per_second "rate_limit.per_second" Scene::Crowd, "max_attempts = 1\nrate_limit.max_wait = '9s'", ["20", "50"], (rate_limit(per_second = 20));
                burst "rate_limit.burst" Scene::Crowd, ONE_TRY, ["4", "5"], (rate_limit(burst = 4));
                rate_max_wait "rate_limit.max_wait" Scene::Crowd, "max_attempts = 1\nrate_limit.per_second = 20", ["0", "'1s'"], (rate_limit(max_wait = "1s"));
                throttle "throttle" Scene::TurnedAway, ONE_TRY, ["'off'", "{ k = 1.5 }"], (throttle(k = 1.5));
                throttle_k "throttle.k" Scene::TurnedAway, ONE_TRY, ["1.5", "9"], (throttle(k = 1.5));
                throttle_window "throttle.window" Scene::TurnedAway, ONE_TRY, ["'2s'", "'5m'"], (throttle(window = "2s"));
                hedge "hedge" Scene::Tail, ONE_TRY, ["'off'", "true"], (idempotent = true, hedge(after = "50ms"));
                hedge_after "hedge.after" Scene::Tail, ONE_TRY, ["'50ms'", "'200ms'"], (idempotent = true, hedge(after = "200ms"));
                hedge_max "hedge.max" Scene::Tail, ONE_TRY, ["2", "3"], (idempotent = true, hedge(after = "50ms", max = 3));
                cache "cache" Scene::Cached, ONE_TRY, ["'off'", "true"], (cache(key = 0));
                cache_ttl "cache.ttl" Scene::Cached, "max_attempts = 1\ncache.mode = 'read_through'", ["'2s'", "'20s'"], (cache(key = 0, ttl = "2s"));
                cache_stale_for "cache.stale_for" Scene::Cached, ONE_TRY, ["'1s'", "'1h'"], (cache(key = 0, stale_for = "1h"));
                cache_capacity "cache.capacity" Scene::Cached, ONE_TRY, ["1", "2"], (cache(key = 0, capacity = 2));
                cache_mode "cache.mode" Scene::Cached, ONE_TRY, ["'on_failure'", "'read_through'"], (cache(key = 0, mode = ReadThrough));
            }
            in_retries {
                max_attempts "max_attempts" Scene::Outage, "strategy = 'fixed'\njitter = 0.0", ["2", "3"], (max_attempts = 2);
                strategy "strategy" Scene::Outage, "jitter = 0.0\nmax_attempts = 4", ["'linear'", "'fixed'"], (strategy = Linear);
                base_delay "base_delay" Scene::Outage, "strategy = 'fixed'\njitter = 0.0", ["'100ms'", "0.2"], (base_delay = "100ms");
                max_delay "max_delay" Scene::Outage, "strategy = 'linear'\njitter = 0.0\nbase_delay = '100ms'\nmax_attempts = 4", ["'150ms'", "'10s'"], (max_delay = "150ms");
                multiplier "multiplier" Scene::Outage, "strategy = 'exponential'\nbase_delay = '100ms'\nmax_attempts = 4", ["2", "3.5"], (multiplier = 3.5);
                jitter "jitter" Scene::Outage, "strategy = 'fixed'\nbase_delay = '1s'", ["0.0", "0.9"], (jitter = 0.9);
                retryable_status_codes "retryable_status_codes" Scene::Teapot, PLAIN, ["[418]", "[503]"], (retryable_status_codes = [418]);
                max_retry_after "max_retry_after" Scene::Busy, "strategy = 'fixed'\njitter = 0.0\nbase_delay = '100ms'\nmax_attempts = 3\ndeadline = '30s'", ["'2s'", "'5s'"], (max_retry_after = "2s");
                nested_retries "nested_retries" Scene::Nested, "max_attempts = 3\nbase_delay = 0", ["'allow'", "'suppress'"], (nested_retries = Suppress);
                retry_enabled "retry_enabled" Scene::Outage, "", ["true", "false"], (retry_enabled = false);
                retry_budget_enabled "retry_budget_enabled" Scene::Storm, "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\nbudget.kind = 'fixed_window'", ["true", "false"], (retry_budget_enabled = false);
                circuit_breaker_enabled "circuit_breaker_enabled" Scene::Rush, ONE_TRY, ["true", "false"], (circuit_breaker_enabled = false);
                budget "budget" Scene::Storm, RETRYING, ["'off'", "{ burst_capacity = 3 }"], (budget(burst_capacity = 3));
                budget_kind "budget.kind" Scene::Storm, RETRYING, ["'token_bucket'", "'sliding_window'"], (budget(kind = SlidingWindow));
                budget_ratio "budget.ratio" Scene::Storm, "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\nbudget.min_per_second = 0", ["0.0", "0.5"], (budget(ratio = 0.5));
                min_per_second "budget.min_per_second" Scene::Storm, RETRYING, ["0", "5"], (budget(min_per_second = 5));
                burst_capacity "budget.burst_capacity" Scene::Storm, RETRYING, ["0", "5"], (budget(burst_capacity = 5));
                budget_deposit "budget.deposit" Scene::Storm, "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\nbudget = { ratio = 0.5, min_per_second = 0 }", ["'call'", "'success'"], (budget(deposit = Success));
                budget_cost "budget.cost" Scene::Storm, RETRYING, ["1", "2.5"], (budget(cost = 2.5));
                throttled_cost "budget.throttled_cost" Scene::ThrottledStorm, RETRYING, ["1", "5"], (budget(throttled_cost = 5));
                per_minute "budget.max_retries_per_minute" Scene::Storm, "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\nbudget.kind = 'sliding_window'", ["5", "9"], (budget(kind = SlidingWindow, max_retries_per_minute = 5));
                per_hour "budget.max_retries_per_hour" Scene::Storm, "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\nbudget.kind = 'fixed_window'", ["5", "9"], (budget(kind = FixedWindow, max_retries_per_hour = 5));
                adaptive_threshold "budget.adaptive_threshold" Scene::MixedStorm, "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\nbudget = { kind = 'adaptive', ratio = 0.5, min_per_second = 0 }", ["0.1", "1.0"], (budget(kind = Adaptive, adaptive_threshold = 0.1));
                idempotency "idempotency" Scene::Protected, ONE_TRY, ["'off'", "true"], (idempotency(key = 0, scope = $scope));
                idempotency_ttl "idempotency.ttl" Scene::Protected, ONE_TRY, ["'2s'", "'20s'"], (idempotency(key = 0, scope = $scope, ttl = "2s"));
                idempotency_lease "idempotency.lease" Scene::Protected, ONE_TRY, ["'1s'", "'2s'"], (idempotency(key = 0, scope = $scope, lease = "1s"));
                idempotency_wait "idempotency.wait" Scene::Protected, ONE_TRY, ["'off'", "'2s'"], (idempotency(key = 0, scope = $scope, wait = off));
                on_unavailable "idempotency.on_unavailable" Scene::WithoutStore, ONE_TRY, ["'reject'", "'run'"], (idempotency(key = 0, scope = $scope, store = Shaky::away(), on_unavailable = Reject));
            }
            in_files {
                "degrade_timeout" Scene::Fallen, "max_attempts = 1\ndeadline = '3s'\nattempt_timeout = 'off'", ["'1s'", "'2s'"];
                "max_partitions" Scene::Tenants, "", ["2", "4"];
            }
        }
    };
}
