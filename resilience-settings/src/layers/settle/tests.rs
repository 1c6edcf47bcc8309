//! Contradictions between layers: clamped, noted, and reported when somebody wrote the value.

mod read_through;
mod waits;

use std::time::Duration;

use crate::config::file::FileConfig;
use crate::layers::finding::FindingKind;
use crate::layers::ground::{resolve_service, resolve_site};
use crate::layers::site_facts::SiteFacts;
use crate::layers::templates;
use crate::policy::{BudgetKind, HedgeAfter, Key, Patch, ServiceKind, Strategy, Value, Window};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn the_deadline_wins_over_the_attempt_timeout() {
    static SITE: SiteFacts = crate::layers::ground::tests::site(
        "s",
        "query",
        7,
        &[(Key::AttemptTimeout, Value::Duration(Duration::from_secs(8)))],
    );
    let file = FileConfig::parse("[services.s]\ndeadline = 4\n", "r.toml").expect("loads");
    let resolved = resolve_site(&SITE, &[&SITE], Some(&file), None);
    assert_eq!(resolved.call_policy().attempt_timeout, Some(secs(4)));
    let adjusted = resolved.effective(Key::AttemptTimeout).and_then(|e| e.adjusted()).expect("noted");
    assert_eq!(adjusted.original(), &Value::Duration(secs(8)));
    let messages: Vec<String> = resolved.findings().iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "`s`: `attempt_timeout` 8s (src/api.rs:7 in query) does not fit, because `deadline` is 4s (r.toml:2); 4s is used"
        ]
    );
}

#[test]
fn built_in_values_give_way_with_a_note_and_without_a_finding() {
    let resolved = resolve_service("s", &[], None, Some(&Patch::new().deadline(Some(secs(1)))));
    assert_eq!(resolved.call_policy().attempt_timeout, Some(secs(1)));
    assert!(resolved.effective(Key::AttemptTimeout).is_some_and(|e| e.adjusted().is_some()));
    assert!(resolved.findings().is_empty());
}

#[test]
fn delays_breaks_and_least_results_are_clamped() {
    let patch =
        Patch::new().base_delay(secs(60)).breaker_open_for(secs(90)).breaker_window(Window::Calls(10));
    let resolved = resolve_service("s", &[], None, Some(&patch));
    let (call, breaker) = (resolved.call_policy(), resolved.service_policy().breaker.expect("on"));
    assert_eq!(call.backoff.base_delay, secs(5));
    assert_eq!(breaker.open_for, secs(60));
    assert_eq!(breaker.min_calls, 10);
    let kinds: Vec<FindingKind> =
        resolved.findings().iter().map(crate::layers::finding::Finding::kind).collect();
    assert_eq!(kinds, [FindingKind::Adjusted; 2], "min_calls is built in");
}

#[test]
fn max_retry_after_follows_max_delay_until_written() {
    let after = |patch: Patch| resolve_service("s", &[], None, Some(&patch)).call_policy().max_retry_after;
    assert_eq!(after(Patch::new()), secs(5));
    assert_eq!(after(Patch::new().max_delay(secs(7))), secs(7));
    assert_eq!(after(Patch::new().max_delay(secs(7)).max_retry_after(secs(70))), secs(70));
}

#[test]
fn written_keys_that_cannot_act_are_reported_and_leave_no_trace_in_the_policy() {
    let fixed = Patch::new().strategy(Strategy::Fixed);
    let plain = resolve_service("s", &[], None, Some(&fixed));
    let idle = resolve_service("s", &[], None, Some(&fixed.clone().multiplier(3.0)));
    assert_eq!(plain.call_policy(), idle.call_policy());
    assert_eq!(idle.findings()[0].kind(), FindingKind::WithoutEffect);
    assert!(idle.effective(Key::Multiplier).is_some_and(|e| e.adjusted().is_some()));
    assert!(plain.effective(Key::Multiplier).is_none(), "a built-in key that cannot act is not shown");

    let jitter = Patch::new().strategy(Strategy::DecorrelatedJitter).jitter(0.5);
    assert_eq!(resolve_service("s", &[], None, Some(&jitter)).call_policy().backoff.jitter, None);

    let ratio = Patch::new().budget_kind(BudgetKind::SlidingWindow).budget_ratio(0.5);
    let resolved = resolve_service("s", &[], None, Some(&ratio));
    assert!(resolved.findings()[0].message().contains("`budget.ratio` (run-time update) has no effect"));
}

#[test]
fn global_switches_turn_clauses_off_above_everything() {
    let text = "[global]\ncircuit_breaker_enabled_globally = false\nretry_budget_enabled_globally = false\n\
        [overrides.s.breaker]\nmin_calls = 3\n";
    let file = FileConfig::parse(text, "r.toml").expect("loads");
    let resolved = resolve_service("s", &[], Some(&file), Some(&Patch::new().breaker(true).budget(true)));
    let policy = resolved.service_policy();
    assert!(policy.breaker.is_none() && policy.budget.is_none());
    let source = |key| resolved.effective(key).expect("set").source().to_string();
    assert_eq!(source(Key::Breaker), "[global], r.toml:2");
    assert_eq!(source(Key::Budget), "[global], r.toml:3");
    assert!(resolved.findings().is_empty());
}

#[test]
fn keys_of_calls_that_are_only_observed_protect_nothing() {
    static PAYS: SiteFacts =
        crate::layers::ground::tests::site("s", "pay", 1, &[(Key::Idempotency, Value::Switch(true))]);
    let found = |text: &str| {
        let file = FileConfig::parse(text, "r.toml").expect("loads");
        let resolved = resolve_site(&PAYS, &[&PAYS], Some(&file), None);
        let adjusted = resolved.effective(Key::Idempotency).and_then(|keys| keys.adjusted().cloned());
        let messages: Vec<String> =
            resolved.findings().iter().map(|finding| finding.message().to_owned()).collect();
        (messages, adjusted.map(|adjusted| adjusted.reason().to_owned()))
    };
    let (messages, reason) = found("[services.s]\nmode = 'observe'\n");
    assert_eq!(
        messages,
        [
            "`s`: `idempotency` (src/api.rs:1 in pay) has no effect: it protects nothing, as `mode` is observe (r.toml:2)"
        ]
    );
    assert_eq!(reason.as_deref(), Some("no effect: it protects nothing, as `mode` is observe (r.toml:2)"));
    let off = "[services.s]\nmode = 'observe'\n[overrides.s]\nidempotency = 'off'\n";
    for other in ["", "[services.s]\nmode = 'enforce'\n", off] {
        assert_eq!(found(other), (Vec::new(), None), "{other}");
    }
}

#[test]
fn the_built_in_templates_need_no_settling() {
    for &kind in ServiceKind::ALL {
        let resolved = resolve_service("s", &[], None, Some(&Patch::new().kind(kind)));
        for (key, value) in templates::built_in(kind).iter() {
            assert_eq!(resolved.value(key), Some(value), "{kind}: {}", key.path());
        }
        assert!(resolved.findings().is_empty());
    }
}

fn findings(patch: &Patch) -> Vec<(FindingKind, String)> {
    let resolved = resolve_service("s", &[], None, Some(patch));
    let findings = resolved.findings().iter();
    findings.map(|one| (one.kind(), one.message().to_owned())).collect()
}

#[test]
fn bounds_of_limits_and_adaptive_timeouts_are_clamped() {
    let patch = Patch::new()
        .bulkhead_adaptive(true)
        .bulkhead_min_concurrent(90)
        .attempt_timeout_floor(secs(30))
        .deadline(Some(secs(1)));
    let resolved = resolve_service("s", &[], None, Some(&patch));
    let adaptive = resolved.call_policy().adaptive_timeout.expect("on");
    assert_eq!((adaptive.floor, adaptive.ceiling), (secs(1), secs(1)));
    let bulkhead = resolved.service_policy().bulkhead.expect("on");
    assert_eq!((bulkhead.min_concurrent, bulkhead.max_concurrent), (64, 64));
    let kinds: Vec<FindingKind> = findings(&patch).iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [FindingKind::Adjusted; 2], "the ceiling is built in");
    // What does nothing is not clamped either.
    assert_eq!(findings(&patch.attempt_timeout(None).bulkhead(false)), []);
}

#[test]
fn keys_that_another_layer_silences_are_reported() {
    let silenced = [
        (
            Patch::new().bulkhead_min_concurrent(3),
            "`bulkhead.min_concurrent` (run-time update) has no effect: `bulkhead.adaptive` is false",
        ),
        (
            Patch::new().idempotent(false).hedge(true),
            "`hedge` (run-time update) has no effect: `idempotent` is false",
        ),
        (
            Patch::new().hedge_after(HedgeAfter::Fixed(secs(3))),
            "`hedge.after` (run-time update) has no effect: `attempt_timeout` is 2s",
        ),
        (
            Patch::new().bulkhead_max_queue(0).bulkhead_max_wait(secs(1)),
            "`bulkhead.max_wait` (run-time update) has no effect: `bulkhead.max_queue` is 0",
        ),
    ];
    for (patch, message) in silenced {
        let expected = (FindingKind::WithoutEffect, format!("`s`: {message}"));
        assert_eq!(findings(&patch), [expected]);
    }
    assert_eq!(findings(&Patch::new().bulkhead_max_queue(0)), []);
    assert_eq!(findings(&Patch::new().bulkhead_max_wait(Duration::ZERO)), []);
    assert_eq!(findings(&Patch::new().idempotent(false).hedge(false)), []);
}

proptest::proptest! {
    #[test]
    fn whatever_is_written_the_policies_are_consistent(
        [base, max, attempt, deadline, open, most] in proptest::array::uniform6(1_u64..100_000),
        (calls, least) in (1_u32..1_000, 1_u32..1_000),
    ) {
        let millis = Duration::from_millis;
        let patch = Patch::new()
            .base_delay(millis(base))
            .max_delay(millis(max))
            .attempt_timeout(Some(millis(attempt)))
            .deadline(Some(millis(deadline)))
            .breaker_open_for(millis(open))
            .breaker_max_open_for(millis(most))
            .breaker_window(Window::Calls(calls))
            .breaker_min_calls(least);
        let resolved = resolve_service("s", &[], None, Some(&patch));
        let (call, breaker) = (resolved.call_policy(), resolved.service_policy().breaker.expect("on"));
        proptest::prop_assert_eq!(call.backoff.base_delay, millis(base.min(max)));
        proptest::prop_assert_eq!(call.attempt_timeout, Some(millis(attempt.min(deadline))));
        proptest::prop_assert_eq!(call.deadline, Some(millis(deadline)));
        proptest::prop_assert_eq!(breaker.open_for, millis(open.min(most)));
        proptest::prop_assert_eq!(breaker.min_calls, least.min(calls));
        let adjusted = [base > max, attempt > deadline, open > most, least > calls];
        proptest::prop_assert_eq!(resolved.findings().len(), adjusted.iter().filter(|one| **one).count());
    }

    #[test]
    fn whatever_is_written_the_limits_are_consistent(
        [floor, ceiling, attempt, deadline, after] in proptest::array::uniform5(1_u64..100_000),
        (least, most, queue, wait) in (1_u32..1_000, 1_u32..1_000, 0_u32..3, 0_u64..3),
        (has_ceiling, is_adaptive) in (proptest::bool::ANY, proptest::bool::ANY),
    ) {
        let millis = Duration::from_millis;
        let mut patch = Patch::new()
            .attempt_timeout_floor(millis(floor))
            .deadline(Some(millis(deadline)))
            .hedge_after(HedgeAfter::Fixed(millis(after)))
            .bulkhead_adaptive(is_adaptive)
            .bulkhead_max_concurrent(most)
            .bulkhead_min_concurrent(least)
            .bulkhead_max_queue(queue)
            .bulkhead_max_wait(millis(wait));
        if has_ceiling {
            patch = patch.attempt_timeout_ceiling(millis(ceiling));
        }
        let below = FileConfig::parse(&format!("[services.s]\nattempt_timeout = \"{attempt}ms\"\n"), "r.toml").expect("loads");
        let resolved = resolve_service("s", &[], Some(&below), Some(&patch));
        let call = resolved.call_policy();
        let bulkhead = resolved.service_policy().bulkhead.expect("on");
        let adaptive = call.adaptive_timeout.expect("on");
        let expected = millis(if has_ceiling { ceiling } else { attempt }.min(deadline));
        proptest::prop_assert_eq!(adaptive.ceiling, expected);
        proptest::prop_assert_eq!(adaptive.floor, millis(floor).min(expected));
        proptest::prop_assert_eq!(call.attempt_timeout, Some(expected));
        proptest::prop_assert_eq!(call.hedge.is_some(), millis(after) <= expected);
        proptest::prop_assert_eq!(bulkhead.min_concurrent, if is_adaptive { least.min(most) } else { 1 });
        proptest::prop_assert_eq!(bulkhead.max_queue == 0, bulkhead.max_wait.is_zero());
    }
}

#[test]
fn a_number_that_would_be_rounded_to_nothing_is_refused_and_a_rounded_one_is_shown_as_it_counts() {
    for key in ["cost", "throttled_cost", "min_per_second", "ratio"] {
        let text = format!("[services.s.budget]\n{key} = 1e-7\n");
        let error = FileConfig::parse(&text, "r.toml").expect_err(key).to_string();
        assert!(error.contains("0, or a number from 0.000001"), "{error}");
        assert!(FileConfig::parse(&text.replace("1e-7", "0"), "r.toml").is_ok(), "{key}");
        let text = text.replace("1e-7", "0.0000019");
        let file = FileConfig::parse(&text, "r.toml").unwrap_or_else(|error| panic!("{error}"));
        let resolved = resolve_service("s", &[], Some(&file), None);
        let key = Key::find(crate::policy::Clause::Budget, key).expect("a key");
        assert_eq!(resolved.value(key), Some(&Value::Number(0.000_001)), "{}", key.path());
    }
    let patch = Patch::new().budget_cost(1e-7);
    assert!(crate::config::patch::check_patch("s", &patch).is_err());
    assert!(crate::config::patch::check_patch("s", &Patch::new().budget_cost(0.1)).is_ok());
}
