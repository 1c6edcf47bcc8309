//! For every key that files and attributes share: changing it changes behaviour.

use std::collections::BTreeSet;

use resilience_runtime::policy::Key;
use resilience_runtime::{registry, testing};

use self::scenes::Scene;
use crate::script::{Fail, Fault, Script, call, configure};

mod scenes;
mod sites;
mod subject;
mod walk;
mod written;

/// The attributes' words that are code, and the tests of this folder that show what each does.
const CODE: &[(&str, &str)] = &[
    ("service", "settings::each_layer_beats_those_below"),
    ("retry_on", "retry::a_written_retry_on_is_a_whitelist_and_never_beats_it"),
    ("never_retry_on", "retry::a_written_retry_on_is_a_whitelist_and_never_beats_it"),
    ("retry_if", "retry::retry_if_is_a_whitelist_by_function"),
    ("retry_if_ok", "retry::an_unwanted_ok_is_retried_and_at_the_end_returned"),
    ("on_error", "retry::classification_by_hand_replaces_the_types_own"),
    ("on_rejection", "which_error::on_rejection_makes_the_error"),
    ("clone", "retry::a_cloned_argument_is_whole_in_each_attempt"),
    ("crate", "retry::the_runtime_may_live_elsewhere"),
    ("record_if", "votes::record_if_decides_what_counts"),
    ("redirect", "degrade::redirect_fallback_and_static_response_are_asked_in_this_order"),
    ("fallback", "degradation::a_fallback_takes_the_arguments_or_those_and_the_error"),
    ("fallback_if", "degrade/closures::fallback_if_says_which_errors_are_answered_for_by_any_source"),
    ("static_response", "degrade::redirect_fallback_and_static_response_are_asked_in_this_order"),
    ("key", "caching::calls_with_different_keys_have_different_answers"),
    (
        "scope",
        "idempotency::two_functions_with_one_scope_are_a_finding_and_rejected_until_one_writes_another",
    ),
    ("fingerprint", "idempotency::the_same_key_for_another_request_is_a_mismatch_at_once"),
    ("store", "idempotency_store::a_result_in_a_store_is_given_again_and_others_ask_for_it_from_25_ms_on"),
    ("partition", "partitions::one_bad_tenant_does_not_trip_the_others"),
    (
        "partition_label",
        "partition_labels::a_label_is_asked_once_for_each_partition_and_shown_in_place_of_its_number",
    ),
];

#[path = "../../../resilience-macros/src/keys/mod.rs"]
#[expect(dead_code, reason = "only the table of words is needed here")]
mod words;

#[test]
fn every_word_that_is_code_has_its_test() {
    let words = words::table::WORDS.iter().filter(|word| word.key.is_none());
    let all: BTreeSet<_> = words.map(|word| word.name).collect();
    let covered: BTreeSet<_> = CODE.iter().map(|(word, _)| *word).collect();
    assert_eq!(all, covered);
}

#[test]
fn the_named_tests_exist() {
    for (word, test) in CODE {
        let (module, function) = test.split_once("::").expect("a module and a function");
        let file = format!("{}/tests/paused/{module}.rs", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(&format!("fn {function}(")), "{word}: {test}");
    }
}

const PLAIN: &str = "strategy = 'fixed'\njitter = 0.0\nbase_delay = '100ms'\nmax_attempts = 3\n";
const ONE_TRY: &str = "max_attempts = 1\n";
const RETRYING: &str = "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\n";

/// Key, scene, the settings around it, and two values.
#[rustfmt::skip]
const CASES: &[(&str, Scene, &str, [&str; 2])] = &[
    ("kind", Scene::Outage, "jitter = 0.0", ["'cache'", "'database'"]),
    ("max_attempts", Scene::Outage, "strategy = 'fixed'\njitter = 0.0", ["2", "3"]),
    ("strategy", Scene::Outage, "jitter = 0.0\nmax_attempts = 4", ["'linear'", "'fixed'"]),
    ("base_delay", Scene::Outage, "strategy = 'fixed'\njitter = 0.0", ["'100ms'", "0.2"]),
    ("max_delay", Scene::Outage, "strategy = 'linear'\njitter = 0.0\nbase_delay = '100ms'\nmax_attempts = 4", ["'150ms'", "'10s'"]),
    ("multiplier", Scene::Outage, "strategy = 'exponential'\nbase_delay = '100ms'\nmax_attempts = 4", ["2", "3.5"]),
    ("jitter", Scene::Outage, "strategy = 'fixed'\nbase_delay = '1s'", ["0.0", "0.9"]),
    ("attempt_timeout", Scene::Silence, PLAIN, ["'1s'", "'2s'"]),
    ("deadline", Scene::Silence, "attempt_timeout = 'off'", ["'1s'", "'2s'"]),
    ("idempotent", Scene::Outage, PLAIN, ["true", "false"]),
    ("retryable_status_codes", Scene::Teapot, PLAIN, ["[418]", "[503]"]),
    ("max_retry_after", Scene::Busy, PLAIN, ["'2s'", "'5s'"]),
    ("nested_retries", Scene::Nested, "max_attempts = 3\nbase_delay = 0", ["'allow'", "'suppress'"]),
    ("breaker", Scene::Flapping, ONE_TRY, ["'off'", "{ min_calls = 4 }"]),
    ("breaker.failure_rate", Scene::Flapping, "max_attempts = 1\nbreaker.min_calls = 4", ["0.3", "0.9"]),
    ("breaker.min_calls", Scene::Flapping, ONE_TRY, ["4", "12"]),
    ("breaker.quiet_failures", Scene::Recovery, "max_attempts = 1\nbreaker.min_calls = 1000", ["3", "5"]),
    ("breaker.window", Scene::Flapping, "max_attempts = 1\nbreaker.min_calls = 10", ["'2s'", "'20s'"]),
    ("breaker.slow_call", Scene::Slow, "breaker = { min_calls = 4, slow_rate = 0.4 }", ["'200ms'", "'400ms'"]),
    ("breaker.slow_rate", Scene::Slow, "attempt_timeout = '1s'\nbreaker = { min_calls = 10, slow_call = '200ms', window = 10 }", ["0.9", "0.4"]),
    ("breaker.consecutive_failures", Scene::Recovery, "max_attempts = 1\nbreaker.min_calls = 1000", ["1", "5"]),
    ("breaker.open_for", Scene::Recovery, "max_attempts = 1\nbreaker.consecutive_failures = 1", ["'2s'", "'9s'"]),
    ("breaker.max_open_for", Scene::Recovery, "max_attempts = 1\nbreaker.consecutive_failures = 1", ["'6s'", "'40s'"]),
    ("breaker.half_open_calls", Scene::Trials, "max_attempts = 1\nbreaker = { consecutive_failures = 1, success_threshold = 5 }", ["1", "3"]),
    ("breaker.success_threshold", Scene::Recovery, "max_attempts = 1\nbreaker.consecutive_failures = 1", ["1", "4"]),
    ("budget", Scene::Storm, RETRYING, ["'off'", "{ burst_capacity = 3 }"]),
    ("budget.kind", Scene::Storm, RETRYING, ["'token_bucket'", "'sliding_window'"]),
    ("budget.ratio", Scene::Storm, "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\nbudget.min_per_second = 0", ["0.0", "0.5"]),
    ("budget.min_per_second", Scene::Storm, RETRYING, ["0", "5"]),
    ("budget.burst_capacity", Scene::Storm, RETRYING, ["0", "5"]),
    ("budget.deposit", Scene::Storm, "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\nbudget = { ratio = 0.5, min_per_second = 0 }", ["'call'", "'success'"]),
    ("budget.cost", Scene::Storm, RETRYING, ["1", "2.5"]),
    ("budget.throttled_cost", Scene::ThrottledStorm, RETRYING, ["1", "5"]),
    ("budget.max_retries_per_minute", Scene::Storm, "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\nbudget.kind = 'sliding_window'", ["5", "9"]),
    ("budget.max_retries_per_hour", Scene::Storm, "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\nbudget.kind = 'fixed_window'", ["5", "9"]),
    ("budget.adaptive_threshold", Scene::MixedStorm, "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\nbudget = { kind = 'adaptive', ratio = 0.5, min_per_second = 0 }", ["0.1", "1.0"]),
    ("priority", Scene::Pressed, ONE_TRY, ["'low'", "'high'"]),
    ("attempt_timeout.floor", Scene::Quiet, ONE_TRY, ["'1s'", "'2s'"]),
    ("attempt_timeout.ceiling", Scene::Silence, ONE_TRY, ["'1s'", "'2s'"]),
    ("attempt_timeout.factor", Scene::Quiet, "max_attempts = 1\nattempt_timeout = 'adaptive'", ["1.5", "4"]),
    ("attempt_timeout.quantile", Scene::Quiet, "max_attempts = 1\nattempt_timeout = 'adaptive'", ["'p50'", "'p99'"]),
    ("degrade_timeout", Scene::Fallen, "max_attempts = 1\ndeadline = '3s'\nattempt_timeout = 'off'", ["'1s'", "'2s'"]),
    ("retry_enabled", Scene::Outage, "", ["true", "false"]),
    ("circuit_breaker_enabled", Scene::Rush, ONE_TRY, ["true", "false"]),
    ("retry_budget_enabled", Scene::Storm, "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\nbudget.kind = 'fixed_window'", ["true", "false"]),
    ("degradation_enabled", Scene::Fallen, ONE_TRY, ["true", "false"]),
    ("max_partitions", Scene::Tenants, "", ["2", "4"]),
    ("bulkhead", Scene::Crowd, ONE_TRY, ["'off'", "{ max_concurrent = 4 }"]),
    ("bulkhead.max_concurrent", Scene::Crowd, ONE_TRY, ["4", "5"]),
    ("bulkhead.max_queue", Scene::Crowd, "max_attempts = 1\nbulkhead.max_concurrent = 4", ["0", "8"]),
    ("bulkhead.max_wait", Scene::Crowd, "max_attempts = 1\nbulkhead.max_concurrent = 4", ["'150ms'", "'5s'"]),
    ("bulkhead.adaptive", Scene::Crowd, "max_attempts = 1\nbulkhead.max_concurrent = 36", ["false", "true"]),
    ("bulkhead.min_concurrent", Scene::CrowdAfterDrops, "max_attempts = 1\nbulkhead = { max_concurrent = 20, adaptive = true }", ["1", "10"]),
    ("rate_limit", Scene::Crowd, ONE_TRY, ["'off'", "{ burst = 4 }"]),
    ("rate_limit.per_second", Scene::Crowd, "max_attempts = 1\nrate_limit.max_wait = '9s'", ["20", "50"]),
    ("rate_limit.burst", Scene::Crowd, ONE_TRY, ["4", "5"]),
    ("rate_limit.max_wait", Scene::Crowd, "max_attempts = 1\nrate_limit.per_second = 20", ["0", "'1s'"]),
    ("throttle", Scene::TurnedAway, ONE_TRY, ["'off'", "{ k = 1.5 }"]),
    ("throttle.k", Scene::TurnedAway, ONE_TRY, ["1.5", "9"]),
    ("throttle.window", Scene::TurnedAway, ONE_TRY, ["'2s'", "'5m'"]),
    ("hedge", Scene::Tail, ONE_TRY, ["'off'", "true"]),
    ("hedge.after", Scene::Tail, ONE_TRY, ["'50ms'", "'200ms'"]),
    ("hedge.max", Scene::Tail, ONE_TRY, ["2", "3"]),
    ("cache", Scene::Cached, ONE_TRY, ["'off'", "true"]),
    ("cache.ttl", Scene::Cached, "max_attempts = 1\ncache.mode = 'read_through'", ["'2s'", "'20s'"]),
    ("cache.stale_for", Scene::Cached, ONE_TRY, ["'1s'", "'1h'"]),
    ("cache.capacity", Scene::Cached, ONE_TRY, ["1", "2"]),
    ("cache.mode", Scene::Cached, ONE_TRY, ["'on_failure'", "'read_through'"]),
    ("idempotency", Scene::Protected, ONE_TRY, ["'off'", "true"]),
    ("idempotency.ttl", Scene::Protected, ONE_TRY, ["'2s'", "'20s'"]),
    ("idempotency.lease", Scene::Protected, ONE_TRY, ["'1s'", "'2s'"]),
    ("idempotency.wait", Scene::Protected, ONE_TRY, ["'off'", "'2s'"]),
    ("idempotency.on_unavailable", Scene::WithoutStore, ONE_TRY, ["'reject'", "'run'"]),
];

async fn seen(key: &str, scene: Scene, around: &str, value: &str) -> String {
    testing::isolated(async {
        testing::seed(7);
        configure(&format!("{around}\n[overrides.svc]\n{key} = {value}"));
        scene.play().await
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn changing_a_key_changes_what_happens() {
    let mut faults = Vec::new();
    for &(key, scene, around, [one, other]) in CASES {
        // A clause with several keys is written as a table; the key joins them there.
        let (around, key) = join(around, key);
        let (first, second) =
            (seen(&key, scene, &around, one).await, seen(&key, scene, &around, other).await);
        let again = seen(&key, scene, &around, one).await;
        if first == second {
            faults.push(format!("`{key}` makes no difference between {one} and {other}: {first}"));
        } else if first != again {
            faults.push(format!("the scene of `{key}` depends on more than the settings"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Converts `breaker = { … }` beside `breaker.key` into dotted keys, which TOML allows side by side.
fn join(around: &str, key: &str) -> (String, String) {
    let Some((clause, _)) = key.split_once('.') else {
        return (around.to_owned(), key.to_owned());
    };
    let lines = around.lines().map(|line| match line.strip_prefix(&format!("{clause} = {{")) {
        Some(table) => table
            .trim_end_matches('}')
            .split(',')
            .map(|entry| format!("{clause}.{}", entry.trim()))
            .collect::<Vec<_>>()
            .join("\n"),
        None => line.to_owned(),
    });
    (lines.collect::<Vec<_>>().join("\n"), key.to_owned())
}

#[test]
fn every_key_has_its_case() {
    let all: BTreeSet<_> = Key::ALL.iter().map(|key| key.path()).collect();
    let covered: BTreeSet<_> = CASES.iter().map(|case| case.0.to_owned()).collect();
    assert_eq!(all, covered);
}

#[tokio::test(start_paused = true)]
async fn run_time_patches_change_the_same_things_as_files() {
    use resilience_runtime::Patch;

    testing::isolated(async {
        configure(&format!("{PLAIN}budget = 'off'"));
        let script = Script::new([Fail(Fault::Down)]);
        let _ = call(&script).await;
        assert_eq!(script.asked().len(), 3);
        registry().update_service("svc", &Patch::new().max_attempts(5)).unwrap();
        let script = Script::new([Fail(Fault::Down)]);
        let _ = call(&script).await;
        assert_eq!(script.asked().len(), 5);
        configure(&format!("{PLAIN}budget = 'off'"));
        let script = Script::new([Fail(Fault::Down)]);
        let _ = call(&script).await;
        assert_eq!(script.asked().len(), 5, "a patch survives a reload");
        assert!(registry().clear_update("svc"));
        let script = Script::new([Fail(Fault::Down)]);
        let _ = call(&script).await;
        assert_eq!(script.asked().len(), 3);
        let refused = registry().update_service("svc", &Patch::new().max_attempts(0)).unwrap_err();
        assert!(refused.to_string().contains("max_attempts"), "{refused}");
    })
    .await;
}
