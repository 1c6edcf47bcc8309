//! For every key that files and attributes share: changing it changes behaviour.

use std::collections::BTreeSet;

use resilience_runtime::policy::Key;
use resilience_runtime::{registry, testing};

use self::scenes::Scene;
use super::named::assert_is_test;
use crate::script::{Fail, Fault, Script, call, configure};

#[macro_use]
#[path = "../../../../resilience-macros/src/same_rules/rows.rs"]
mod rows;
mod in_attributes;
mod layers;
mod plain;
#[path = "../../../../resilience-macros/src/same_rules/refused.rs"]
mod refused;
mod said;
mod scenes;
mod sites;
mod subject;
mod walk;
mod written;

/// The attributes' words that are code, and the tests of this folder that show what each does.
const CODE: &[(&str, &str)] = &[
    ("service", "configuration::settings::each_layer_beats_those_below"),
    ("retry_on", "attempts::retry::rules::a_written_retry_on_is_a_whitelist_and_never_beats_it"),
    ("never_retry_on", "attempts::retry::rules::a_written_retry_on_is_a_whitelist_and_never_beats_it"),
    ("retry_if", "attempts::retry::rules::retry_if_is_a_whitelist_by_function"),
    ("retry_if_ok", "attempts::retry::rules::an_unwanted_ok_is_retried_and_at_the_end_returned"),
    ("on_error", "attempts::retry::rules::classification_by_hand_replaces_the_types_own"),
    ("on_rejection", "degrading::which_error::on_rejection_makes_the_error"),
    ("clone", "attempts::retry::a_cloned_argument_is_whole_in_each_attempt"),
    ("crate", "attempts::retry::the_runtime_may_live_elsewhere"),
    ("record_if", "breakers::votes::record_if_decides_what_counts"),
    ("redirect", "degrading::degrade::redirect_fallback_and_static_response_are_asked_in_this_order"),
    ("fallback", "degrading::degradation::a_fallback_takes_the_arguments_or_those_and_the_error"),
    (
        "fallback_if",
        "degrading::degrade::closures::fallback_if_says_which_errors_are_answered_for_by_any_source",
    ),
    ("static_response", "degrading::degrade::redirect_fallback_and_static_response_are_asked_in_this_order"),
    ("key", "degrading::caching::calls_with_different_keys_have_different_answers"),
    (
        "scope",
        "keyed::idempotency::clauses::two_functions_with_one_scope_are_a_finding_and_rejected_until_one_writes_another",
    ),
    ("fingerprint", "keyed::idempotency::the_same_key_for_another_request_is_a_mismatch_at_once"),
    (
        "store",
        "keyed::idempotency_store::a_result_in_a_store_is_given_again_and_others_ask_for_it_from_25_ms_on",
    ),
    ("partition", "limits::partitions::one_bad_tenant_does_not_trip_the_others"),
    (
        "partition_label",
        "limits::partition_labels::a_label_is_asked_once_for_each_partition_and_shown_in_place_of_its_number",
    ),
];

#[path = "../../../../resilience-macros/src/keys/mod.rs"]
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
        assert_is_test(word, test);
    }
}

const PLAIN: &str = "strategy = 'fixed'\njitter = 0.0\nbase_delay = '100ms'\nmax_attempts = 3\n";
const ONE_TRY: &str = "max_attempts = 1\n";
const RETRYING: &str = "base_delay = 0\nmax_attempts = 3\nbreaker = 'off'\n";

macro_rules! cases {
    ($attribute:ident
        in_all { $($one:ident $key:literal $scene:path, $around:expr, $values:expr, ($($text:tt)*);)+ }
        in_retries { $($two:ident $retried:literal $played:path, $beside:expr, $pair:expr, ($($words:tt)*);)+ }
        in_files { $($filed:literal $shown:path, $near:expr, $both:expr;)+ }) => {
        /// Key, scene, the settings around it, and two values.
        const CASES: &[(&str, Scene, &str, [&str; 2])] = &[
            $(($key, $scene, $around, $values),)+
            $(($retried, $played, $beside, $pair),)+
            $(($filed, $shown, $near, $both),)+
        ];
    };
}
rows! { cases unused "unused" }

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
        configure(&format!("{PLAIN}budget = 'off'\nbreaker = 'off'"));
        let script = Script::new([Fail(Fault::Down)]);
        let _ = call(&script).await;
        assert_eq!(script.asked().len(), 3);
        registry().update_service("svc", &Patch::new().max_attempts(5)).unwrap();
        let script = Script::new([Fail(Fault::Down)]);
        let _ = call(&script).await;
        assert_eq!(script.asked().len(), 5);
        configure(&format!("{PLAIN}budget = 'off'\nbreaker = 'off'"));
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
