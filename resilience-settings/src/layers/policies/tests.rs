//! No key is a decoration: each of them changes a policy.

use std::time::Duration;

use crate::Priority;
use crate::layers::ground::resolve_service;
use crate::policy::{
    BreakerSettings, BudgetKind, BudgetSettings, BulkheadSettings, CacheMode, CacheSettings, Deposit,
    HedgeAfter, HedgeSettings, Key, Mode, Multiplier, NestedRetries, OnUnavailable, Patch, Percentile,
    RateSettings, ServiceKind, Shape, Strategy, ThrottleSettings, Value, Window,
};

/// What a key acts beside: alone it would be without effect.
fn beside(key: Key) -> Patch {
    match key {
        Key::SlowRate => Patch::new().breaker_slow_call(Some(Duration::from_secs(1))),
        Key::AdaptiveThreshold => Patch::new().budget_kind(BudgetKind::Adaptive),
        Key::MaxRetriesPerMinute | Key::MaxRetriesPerHour => {
            Patch::new().budget_kind(BudgetKind::SlidingWindow)
        }
        Key::MinConcurrent => Patch::new().bulkhead_adaptive(true),
        _ => Patch::new(),
    }
}

/// A value of the key that is not the one it has anyway.
fn another(key: Key) -> Value {
    let built_in = key.built_in();
    let shape = key.info().shape;
    let candidates = match shape {
        Shape::Switch => vec![Value::Switch(true), Value::Switch(false)],
        Shape::Table => vec![Value::Off, Value::Switch(true)],
        Shape::Count { min, .. } => vec![Value::Count(min + 1), Value::Count(min + 2)],
        Shape::Attempts => vec![Value::Count(9)],
        Shape::Number { min, max } => {
            let near = if max <= 1.0 { max / 4.0 } else { min + 3.0 };
            vec![Value::Number(near), Value::Number(near / 2.0)]
        }
        Shape::Duration { .. } => {
            vec![Value::Duration(Duration::from_secs(3)), Value::Duration(Duration::from_secs(4))]
        }
        Shape::Timeout => vec![Value::Off],
        Shape::Quantile | Shape::AfterOrQuantile => vec![Value::Quantile(Percentile::P50.ratio())],
        Shape::Strategy => vec![Value::Strategy(Strategy::Linear)],
        Shape::BudgetKind => vec![Value::BudgetKind(BudgetKind::Adaptive)],
        Shape::Deposit => vec![Value::Deposit(Deposit::Success)],
        Shape::NestedRetries => vec![Value::NestedRetries(NestedRetries::Suppress)],
        Shape::CacheMode => vec![Value::CacheMode(CacheMode::ReadThrough)],
        Shape::OnUnavailable => vec![Value::OnUnavailable(OnUnavailable::Run)],
        Shape::Mode => vec![Value::Mode(Mode::Observe)],
        Shape::Priority => vec![Value::Priority(Priority::High)],
        Shape::Kind => vec![Value::Kind(ServiceKind::Microservice)],
        Shape::Window => vec![Value::Window(Window::Calls(30))],
        Shape::StatusCodes => vec![Value::StatusCodes(vec![500].into())],
        Shape::Address => unreachable!("no key of a service is an address"),
    };
    let other = candidates.into_iter().find(|value| {
        // A clause that is on has the value `true`; a clause that is off has none.
        let same = match (&built_in, value) {
            (None, Value::Off) => shape == Shape::Table,
            (None, _) => false,
            (Some(built_in), value) => built_in == value,
        };
        !same
    });
    other.unwrap_or_else(|| panic!("{}: {shape:?}", key.path()))
}

#[test]
fn every_key_changes_a_policy() {
    for &key in Key::ALL {
        let policies = |patch: &Patch| {
            let resolved = resolve_service("s", &[], None, Some(patch));
            (resolved.call_policy(), resolved.service_policy())
        };
        let (without, with) = (beside(key), beside(key).with(key, another(key)));
        assert_ne!(policies(&without), policies(&with), "{}: {with:?}", key.path());
    }
}

#[test]
fn every_way_of_a_budget_and_of_a_hedge_is_a_policy_of_its_own() {
    let patches = [
        Patch::new(),
        Patch::new().budget_kind(BudgetKind::Adaptive),
        Patch::new().budget_kind(BudgetKind::SlidingWindow),
        Patch::new().budget_kind(BudgetKind::FixedWindow),
        Patch::new().attempt_timeout_adaptive(),
        Patch::new().hedge_after(HedgeAfter::Fixed(Duration::from_secs(1))),
        Patch::new().hedge_after(HedgeAfter::Quantile(Percentile::P50.ratio())),
        Patch::new().cache_stale_for(Duration::ZERO),
        Patch::new().idempotency(true),
        Patch::new().idempotency_wait(None),
    ];
    let policies = patches.iter().map(|patch| {
        let resolved = resolve_service("s", &[], None, Some(patch));
        (resolved.call_policy(), resolved.service_policy())
    });
    let policies: Vec<_> = policies.collect();
    for (index, policy) in policies.iter().enumerate() {
        assert!(!policies[..index].contains(policy), "{:?}", patches[index]);
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
