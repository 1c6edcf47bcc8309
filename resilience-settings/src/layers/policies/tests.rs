//! No key is a decoration: each of them changes a policy.

use std::time::Duration;

use crate::Priority;
use crate::layers::ground::resolve_service;
use crate::policy::{
    BreakerSettings, BudgetKind, BudgetSettings, BulkheadSettings, CacheMode, CacheSettings, Deposit,
    HedgeAfter, HedgeSettings, Key, Multiplier, NestedRetries, OnUnavailable, Patch, Percentile,
    RateSettings, ServiceKind, Strategy, ThrottleSettings, Window,
};

#[test]
fn every_key_changes_a_policy() {
    let base = resolve_service("s", &[], None, None);
    let patches = [
        Patch::new().kind(ServiceKind::Microservice),
        Patch::new().priority(Priority::High),
        Patch::new().max_attempts(9),
        Patch::new().strategy(Strategy::Linear),
        Patch::new().base_delay(Duration::from_millis(1)),
        Patch::new().max_delay(Duration::from_secs(9)),
        Patch::new().multiplier(3.0),
        Patch::new().jitter(0.3),
        Patch::new().attempt_timeout(None),
        Patch::new().deadline(None),
        Patch::new().idempotent(false),
        Patch::new().retryable_status_codes(vec![500]),
        Patch::new().max_retry_after(Duration::from_secs(1)),
        Patch::new().nested_retries(NestedRetries::Suppress),
        Patch::new().breaker(false),
        Patch::new().breaker_failure_rate(0.9),
        Patch::new().breaker_min_calls(3),
        Patch::new().breaker_window(Window::Calls(30)),
        Patch::new().breaker_slow_call(Some(Duration::from_secs(1))),
        Patch::new().breaker_slow_call(Some(Duration::from_secs(1))).breaker_slow_rate(0.1),
        Patch::new().breaker_quiet_failures(Some(3)),
        Patch::new().breaker_consecutive_failures(Some(3)),
        Patch::new().breaker_open_for(Duration::from_secs(1)),
        Patch::new().breaker_max_open_for(Duration::from_secs(90)),
        Patch::new().breaker_half_open_calls(3),
        Patch::new().breaker_success_threshold(3),
        Patch::new().budget(false),
        Patch::new().budget_ratio(0.2),
        Patch::new().budget_min_per_second(0.5),
        Patch::new().budget_burst_capacity(11),
        Patch::new().budget_deposit(Deposit::Success),
        Patch::new().budget_cost(2.0),
        Patch::new().budget_throttled_cost(2.0),
        Patch::new().budget_kind(BudgetKind::Adaptive),
        Patch::new().budget_kind(BudgetKind::Adaptive).budget_adaptive_threshold(0.5),
        Patch::new().budget_kind(BudgetKind::SlidingWindow),
        Patch::new().budget_kind(BudgetKind::SlidingWindow).budget_max_retries_per_minute(1),
        Patch::new().budget_kind(BudgetKind::SlidingWindow).budget_max_retries_per_hour(1),
        Patch::new().budget_kind(BudgetKind::FixedWindow),
        Patch::new().attempt_timeout_adaptive(),
        Patch::new().attempt_timeout_floor(Duration::from_millis(20)),
        Patch::new().attempt_timeout_ceiling(Duration::from_secs(3)),
        Patch::new().attempt_timeout_factor(3.0),
        Patch::new().attempt_timeout_quantile(Percentile::P50.ratio()),
        Patch::new().degrade_timeout(Duration::from_secs(1)),
        Patch::new().retry_enabled(false),
        Patch::new().circuit_breaker_enabled(false),
        Patch::new().retry_budget_enabled(false),
        Patch::new().degradation_enabled(false),
        Patch::new().max_partitions(7),
        Patch::new().bulkhead(true),
        Patch::new().bulkhead_max_concurrent(3),
        Patch::new().bulkhead_max_queue(3),
        Patch::new().bulkhead_max_wait(Duration::from_secs(3)),
        Patch::new().bulkhead_adaptive(true),
        Patch::new().bulkhead_adaptive(true).bulkhead_min_concurrent(3),
        Patch::new().rate_limit(true),
        Patch::new().rate_limit_per_second(0.5),
        Patch::new().rate_limit_burst(3),
        Patch::new().rate_limit_max_wait(Duration::from_secs(3)),
        Patch::new().throttle(true),
        Patch::new().throttle_k(3.0),
        Patch::new().throttle_window(Duration::from_secs(3)),
        Patch::new().hedge(true),
        Patch::new().hedge_after(HedgeAfter::Fixed(Duration::from_secs(1))),
        Patch::new().hedge_after(HedgeAfter::Quantile(Percentile::P50.ratio())),
        Patch::new().hedge_max(3),
        Patch::new().cache(true),
        Patch::new().cache_ttl(Duration::from_secs(3)),
        Patch::new().cache_stale_for(Duration::ZERO),
        Patch::new().cache_capacity(3),
        Patch::new().cache_mode(CacheMode::ReadThrough),
        Patch::new().idempotency(true),
        Patch::new().idempotency_ttl(Duration::from_secs(3)),
        Patch::new().idempotency_lease(Duration::from_secs(3)),
        Patch::new().idempotency_wait(Some(Duration::from_secs(3))),
        Patch::new().idempotency_wait(None),
        Patch::new().idempotency_on_unavailable(OnUnavailable::Run),
    ];
    let mut seen = vec![(base.call_policy(), base.service_policy())];
    for patch in &patches {
        let changed = resolve_service("s", &[], None, Some(patch));
        let policies = (changed.call_policy(), changed.service_policy());
        assert!(!seen.contains(&policies), "{patch:?}");
        seen.push(policies);
    }
    for &key in Key::ALL {
        assert!(patches.iter().any(|patch| patch.get(key).is_some()), "{} is not tried", key.path());
    }
}

#[test]
fn the_defaults_are_those_of_the_policies() {
    let policy = resolve_service("s", &[], None, None).service_policy();
    assert_eq!(policy.breaker, Some(BreakerSettings::default()));
    assert_eq!(policy.budget, Some(BudgetSettings::default()));
}

#[test]
fn clauses_are_off_until_written_and_then_have_the_defaults_of_the_policies() {
    let policies = |patch: &Patch| {
        let resolved = resolve_service("s", &[], None, Some(patch));
        (resolved.call_policy(), resolved.service_policy())
    };
    let (call, service) = policies(&Patch::new());
    assert_eq!((call.hedge, call.cache, call.adaptive_timeout), (None, None, None));
    assert_eq!((service.bulkhead, service.rate_limit, service.throttle), (None, None, None));
    assert_eq!((call.degrade_timeout, service.max_partitions), (None, 1_000));
    assert!(call.retry_enabled && call.circuit_breaker_enabled && call.degradation_enabled);
    let written = Patch::new().hedge(true).cache(true).bulkhead(true);
    let (call, service) = policies(&written.rate_limit(true).throttle(true));
    assert_eq!(call.hedge, Some(HedgeSettings::default()));
    assert_eq!(call.cache, Some(CacheSettings::default()));
    assert_eq!(service.bulkhead, Some(BulkheadSettings::default()));
    assert_eq!(service.rate_limit, Some(RateSettings::default()));
    assert_eq!(service.throttle, Some(ThrottleSettings::default()));
}

#[test]
fn an_adaptive_attempt_timeout_has_its_ceiling_for_a_timeout() {
    let patch = Patch::new().attempt_timeout_floor(Duration::from_millis(50));
    let call = resolve_service("s", &[], None, Some(&patch)).call_policy();
    let adaptive = call.adaptive_timeout.expect("on");
    assert_eq!(call.attempt_timeout, Some(adaptive.ceiling));
    assert_eq!(adaptive.floor, Duration::from_millis(50));
    assert_eq!(adaptive.ceiling, Duration::from_secs(2));
    assert_eq!((adaptive.factor, adaptive.quantile), (Multiplier::TWO, Percentile::P99.ratio()));
}

#[test]
fn equal_behaviour_is_an_equal_policy() {
    let policies = |patch: &Patch| {
        let resolved = resolve_service("s", &[], None, Some(patch));
        (resolved.call_policy(), resolved.service_policy())
    };
    let rejecting = Patch::new().bulkhead_max_queue(0);
    let pairs = [
        (Patch::new().bulkhead(true), Patch::new().bulkhead_min_concurrent(3)),
        (rejecting.clone(), rejecting.clone().bulkhead_max_wait(Duration::from_secs(9))),
        (rejecting, Patch::new().bulkhead_max_wait(Duration::ZERO)),
        (Patch::new().idempotent(false), Patch::new().idempotent(false).hedge_max(2)),
        (Patch::new(), Patch::new().hedge_after(HedgeAfter::Fixed(Duration::from_secs(3)))),
        (
            Patch::new(),
            Patch::new()
                .attempt_timeout(Some(Duration::from_secs(2)))
                .attempt_timeout_floor(Duration::from_secs(1)),
        ),
    ];
    for (one, other) in pairs {
        assert_eq!(policies(&one), policies(&other), "{one:?} and {other:?}");
    }
}
