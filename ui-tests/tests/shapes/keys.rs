//! Every key, in every spelling.

use std::sync::Arc;

use resilience_runtime::{
    Recovery, Rejection, comprehensive_retry, graceful_degradation, resilient_service, retry_ai_service,
    retry_cache, retry_database, retry_http_api, retry_message_queue, retry_microservice,
};

use super::{Flaky, sendable, spawned};

fn no(_: &String) -> bool {
    false
}
fn yes(_: &String) -> bool {
    true
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that the key asks for")]
fn no_number(_: &u32) -> bool {
    false
}
fn retry(_: &String) -> Recovery {
    Recovery::retry()
}
#[expect(clippy::needless_pass_by_value, reason = "the signature that the key asks for")]
fn rejected(rejection: Rejection) -> String {
    rejection.to_string()
}

#[tokio::test]
async fn every_key_at_once() {
    #[comprehensive_retry(
        service = "every_key",
        kind = HttpApi,
        priority = High,
        max_attempts = 3,
        strategy = ExponentialJitter,
        base_delay = "0s",
        max_delay = "1ms",
        multiplier = 1.5,
        jitter = 0.5,
        attempt_timeout = "1s 500ms",
        deadline = 10,
        idempotent = true,
        retry_on(_),
        never_retry_on(text if text == "never"),
        retry_if = yes,
        retry_if_ok = no_number,
        on_error = retry,
        retryable_status_codes = [429, 503],
        max_retry_after = 2.5,
        nested_retries = Suppress,
        breaker(
            failure_rate = 0.9,
            min_calls = 10,
            window = 100,
            slow_call = "1s",
            slow_rate = 1,
            consecutive_failures = 50,
            quiet_failures = 4,
            open_for = "1s",
            max_open_for = "1m 30s",
            half_open_calls = 1,
            success_threshold = 1,
            record_if = no,
        ),
        budget(
            kind = TokenBucket,
            ratio = 0.5,
            min_per_second = 100,
            burst_capacity = 100,
            deposit = Success,
            cost = 1,
            throttled_cost = 0.5,
        ),
        on_rejection = rejected,
        clone(text),
        crate = ::resilience_runtime,
    )]
    async fn call(flaky: Arc<Flaky>, text: String) -> Result<u32, String> {
        drop(text);
        flaky.ask_later().await
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(2)), "text".into())).await, Ok(3));
}

macro_rules! spelled {
    ($($name:ident: $attribute:ident($($argument:tt)*);)+) => {$(
        #[tokio::test]
        async fn $name() {
            #[$attribute($($argument)*)]
            async fn call(flaky: Arc<Flaky>) -> Result<u32, String> {
                flaky.ask_later().await
            }
            assert_eq!(spawned(call(Arc::new(Flaky::new(0)))).await, Ok(1));
        }
    )+};
}

spelled! {
    positional_service_and_kind: comprehensive_retry("spelled_positional", HttpApi);
    positional_kind_in_snake_case: comprehensive_retry("spelled_snake", message_queue,);
    positional_kind_with_its_path: comprehensive_retry("spelled_path", ServiceKind::Database);
    named_kind: comprehensive_retry(kind = cache, service = "spelled_named");
    kind_as_text: comprehensive_retry("spelled_text", kind = "ai_service");
    strategy_in_snake_case: comprehensive_retry("spelled_strategy", strategy = decorrelated_jitter);
    switched_off: comprehensive_retry("spelled_off", breaker = off, budget = off, attempt_timeout = off, deadline = off);
    empty_clauses: comprehensive_retry("spelled_empty", breaker(), budget());
    off_within_a_clause: comprehensive_retry("spelled_inner", breaker(slow_call = off, consecutive_failures = off, quiet_failures = off));
    window_of_time: comprehensive_retry("spelled_window", breaker(window = "30s"));
    refill_rate: comprehensive_retry("spelled_alias", budget(refill_rate = 0.5));
    sliding_window: comprehensive_retry("spelled_sliding", budget(kind = sliding_window, max_retries_per_minute = 5));
    fixed_window: comprehensive_retry("spelled_fixed", budget(kind = FixedWindow, max_retries_per_hour = 5, burst_capacity = 1));
    adaptive_budget: comprehensive_retry("spelled_adaptive", budget(kind = Adaptive, ratio = 0.2, adaptive_threshold = 0.9));
    one_attempt: comprehensive_retry("spelled_one", max_attempts = 1);
    adaptive_timeout: comprehensive_retry("spelled_timeout", attempt_timeout = Adaptive);
    adaptive_timeout_in_snake_case: comprehensive_retry("spelled_timeout_snake", attempt_timeout = adaptive);
    adaptive_timeout_as_text: comprehensive_retry("spelled_timeout_text", attempt_timeout = "adaptive");
    adaptive_timeout_without_bounds: comprehensive_retry("spelled_timeout_empty", attempt_timeout = adaptive());
    quantile_as_a_share: comprehensive_retry("spelled_share", attempt_timeout = adaptive(quantile = 0.75));
    quantile_in_snake_case: comprehensive_retry("spelled_quantile", idempotent = true, hedge(after = p999));
    hedge_after_a_time: comprehensive_retry("spelled_after", idempotent = true, hedge(after = 0.5));
    clauses_of_limits: comprehensive_retry("spelled_limits", bulkhead(), rate_limit(), throttle());
    clauses_switched_off: comprehensive_retry("spelled_limits_off", bulkhead = off, rate_limit = off, throttle = off, hedge = off, cache = off);
    a_clause_on_degradation: graceful_degradation("spelled_written", breaker(), bulkhead(max_concurrent = 5), attempt_timeout = "1s");
    degradation_without_a_source: graceful_degradation("spelled_shed", priority = Low);
    all_of_it: resilient_service("spelled_all", HttpApi);
    delays_that_just_fit: comprehensive_retry("spelled_fit", strategy = Fixed, max_attempts = 3, base_delay = 1, deadline = 2);
    raw_key: comprehensive_retry("spelled_raw", r#priority = Low);
    ai_service: retry_ai_service("spelled_ai");
    database: retry_database("spelled_db");
    cache: retry_cache(service = "spelled_cache");
    http_api: retry_http_api("spelled_http", max_attempts = 2);
    message_queue: retry_message_queue("spelled_mq");
    microservice: retry_microservice("spelled_ms");
}

/// What `explain` says of the keys that a site writes.
fn explained(service: &str) -> String {
    resilience_runtime::explain(service).map_or_else(String::new, |all| all.to_string())
}

#[tokio::test]
async fn every_key_of_degradation_and_limits_reaches_the_policy() {
    async fn other(flaky: &Flaky) -> Result<u32, String> {
        flaky.ask_later().await
    }
    #[expect(clippy::ptr_arg, reason = "the signature that the key asks for")]
    fn another(_: &Flaky, error: &String) -> Result<u32, String> {
        Err(error.clone())
    }
    #[resilient_service(
        "keys_of_degradation",
        Database,
        base_delay = 0,
        idempotent = true,
        attempt_timeout = adaptive(floor = "20ms", ceiling = 3, factor = 1.5, quantile = P90),
        bulkhead(max_concurrent = 31, max_queue = 32, max_wait = "33ms", adaptive = true, min_concurrent = 3),
        rate_limit(per_second = 34.5, burst = 35, max_wait = 0),
        throttle(k = 3.5, window = "37s"),
        hedge(after = "P99", max = 2),
        cache(ttl = "38s", stale_for = 0, capacity = 39, mode = read_through, key = flaky.asked()),
        redirect = other,
        fallback = another,
        static_response = 40,
        degrade_timeout = "41ms",
        partition = (42, "tenant"),
        max_partitions = 43,
        retry_enabled = true,
        circuit_breaker_enabled = true,
        degradation_enabled = true
    )]
    async fn call(flaky: &Flaky) -> Result<u32, String> {
        flaky.ask_later().await
    }
    assert_eq!(sendable(call(&Flaky::new(0))).await, Ok(1));
    let all = explained("keys_of_degradation");
    for value in
        ["adaptive", "20ms", "3s", "1.5", "p90", "31", "33ms", "34.5", "35", "3.5", "37s", "p99", "38s", "39"]
    {
        assert!(all.contains(value), "{value} is missing in\n{all}");
    }
    for value in ["read_through", "41ms", "43"] {
        assert!(all.contains(value), "{value} is missing in\n{all}");
    }
}

#[tokio::test]
async fn clauses_are_switched_as_in_a_file() {
    #[comprehensive_retry("as_in_a_file", breaker = false, budget = "off", bulkhead = true, deadline = false)]
    async fn call() -> Result<u32, String> {
        Ok(5)
    }
    assert_eq!(call().await, Ok(5));
    let explained = resilience_runtime::explain("as_in_a_file").expect("the service exists").to_string();
    for line in ["breaker", "budget", "bulkhead"] {
        assert!(explained.contains(line), "{explained}");
    }
}
