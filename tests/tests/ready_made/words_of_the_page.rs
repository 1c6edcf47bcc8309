//! The script of the page that programs serve goes in; the words that it tells states and outcomes by have to be those of the
//! library, and it has to take the same attempts for failed as the rule for Prometheus does.

use std::collections::BTreeSet;

use resilience_runtime::BreakerState;
use resilience_runtime::monitor::{AttemptOutcome, AttemptType, CallerOutcome};

use crate::{file, rules};

fn script(part: &str) -> String {
    file(&format!("resilience-runtime/src/export/server/page/{part}.js"))
}

/// The words of a list, or the keys of an object.
fn words(script: &str, name: &str) -> Vec<String> {
    let (_, rest) = script.split_once(&format!("const {name} = ")).unwrap_or_else(|| panic!("no {name}"));
    let end = if rest.starts_with('[') { ']' } else { '}' };
    let (list, _) = rest[1..].split_once(end).expect("an end");
    let words = list.split(',').map(|word| word.split(':').next().unwrap_or(word).trim().trim_matches('"'));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_page_tells_outcomes_by_their_words() {
    let lists = script("lists");
    let all: Vec<_> = CallerOutcome::ALL.iter().map(|outcome| outcome.name()).collect();
    assert_eq!(words(&lists, "OUTCOMES"), all);
    assert!(words(&lists, "BAD_OUTCOMES").iter().all(|word| all.contains(&word.as_str())));
    for of in AttemptType::ALL {
        assert!(lists.contains(&format!("\"{}\"", of.name())), "{of:?}");
    }
}

#[test]
fn the_page_and_the_rule_take_the_same_attempts_for_failed() {
    let failed: BTreeSet<_> = words(&script("lists"), "FAILED").into_iter().collect();
    let rules = rules();
    let (_, rule) = rules.split_once("- record: dependency:resilience_attempt_success:").expect("the rule");
    let (_, fine) = rule.split_once("outcome=~\"").expect("outcomes");
    let fine: BTreeSet<_> = fine.split('"').next().expect("an end").split('|').map(str::to_owned).collect();
    assert_eq!(failed.intersection(&fine).count(), 0);
    let both: BTreeSet<_> = failed.union(&fine).map(String::as_str).collect();
    assert_eq!(both, AttemptOutcome::ALL.iter().map(|outcome| outcome.name()).collect());
}

#[test]
fn the_page_has_a_word_for_each_state_of_a_breaker() {
    let known: BTreeSet<_> = words(&script("core"), "STATE_WORDS").into_iter().collect();
    let states = BreakerState::ALL.iter().map(|state| state.name());
    assert_eq!(known, states.chain(["observed", "off"]).map(str::to_owned).collect());
}
