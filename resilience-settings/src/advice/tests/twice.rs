//! Whoever does as advised and asks again hears of nothing more, the file still loads, and it has no problem that it did not
//! have: for files of several services with any keys, who call each other or not, and any samples of them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use toml::{Table, Value};

use super::samples::any_sample;
use super::{Measured, Question, advise, file, short, well};
use crate::advice::{Advice, Rule, Verdict, patch};
use crate::config::file::FileConfig;

const SERVICES: [&str; 3] = ["api", "db", "shop"];

/// Keys with values between which the rules make a difference.
const KEYS: &[(&str, &[&str])] = &[
    ("max_attempts", &["1", "2", "3", "5", "12", "'unlimited'"]),
    ("attempt_timeout", &["'30ms'", "'500ms'", "'2s'", "'6s'", "'off'", "'adaptive'"]),
    ("deadline", &["'100ms'", "'1s'", "'3s'", "'9s'", "'1m'", "'off'"]),
    ("base_delay", &["'0s'", "'1ms'", "'1s'"]),
    ("max_delay", &["'2ms'", "'1s'", "'5s'"]),
    (
        "strategy",
        &["'fixed'", "'linear'", "'exponential'", "'adaptive'", "'exponential_jitter'", "'constant_jitter'"],
    ),
    ("jitter", &["0", "0.5", "1"]),
    ("idempotent", &["true", "false"]),
    ("retry_enabled", &["true", "false"]),
    ("circuit_breaker_enabled", &["true", "false"]),
    ("retry_budget_enabled", &["true", "false"]),
    ("nested_retries", &["'allow'", "'suppress'"]),
    ("kind", &["'database'", "'http_api'", "'cache'"]),
    ("budget", &["'off'"]),
    ("budget.ratio", &["0", "0.01", "0.06", "0.1", "0.5", "1"]),
    ("budget.min_per_second", &["0", "1"]),
    ("budget.burst_capacity", &["1", "10"]),
    ("budget.cost", &["0", "1", "5"]),
    ("budget.kind", &["'token_bucket'", "'adaptive'", "'sliding_window'"]),
    ("budget.max_retries_per_minute", &["0", "5"]),
    ("breaker", &["'off'"]),
    ("breaker.failure_rate", &["0.02", "0.1", "0.5", "1"]),
    ("breaker.min_calls", &["1", "20", "150"]),
    ("breaker.window", &["'1s'", "'10s'", "5", "100"]),
    ("breaker.quiet_failures", &["3", "'off'"]),
    ("breaker.slow_call", &["'20ms'", "'1s'", "'5s'"]),
    ("bulkhead", &["'off'"]),
    ("bulkhead.max_concurrent", &["1", "15", "40", "500"]),
    ("bulkhead.max_queue", &["0", "10", "300"]),
    ("bulkhead.max_wait", &["'0s'", "'50ms'", "'1s'", "'5s'"]),
    ("bulkhead.adaptive", &["true"]),
    ("rate_limit.per_second", &["1", "100"]),
    ("rate_limit.burst", &["1", "10"]),
    ("rate_limit.max_wait", &["'0s'", "'1s'"]),
    ("hedge", &["'off'"]),
    ("hedge.after", &["'10ms'", "'p95'"]),
    ("hedge.max", &["1", "3"]),
];

/// Sections with a table for a service, the likeliest several times.
const SECTIONS: [&str; 6] = ["services", "services", "services", "services", "services", "overrides"];

/// Puts a value where a path of keys leads, as far as it may stand there.
fn put(table: &mut Table, path: &[&str], value: Value) -> Option<()> {
    let (last, tables) = path.split_last()?;
    let mut inner = table;
    for name in tables {
        inner = inner.entry(*name).or_insert_with(|| Value::Table(Table::new())).as_table_mut()?;
    }
    inner.insert((*last).to_owned(), value);
    Some(())
}

/// Files with everything of this that goes together.
fn any_file() -> impl Strategy<Value = Table> {
    let key = (0..SECTIONS.len(), 0..SERVICES.len(), 0..KEYS.len(), any::<Index>());
    let switches = proptest::option::weighted(0.1, any::<bool>());
    (proptest::collection::vec(key, 0..24), switches).prop_map(|(keys, switch)| {
        let mut table = Table::new();
        for service in SERVICES {
            put(&mut table, &["services", service], Value::Table(Table::new())).expect("empty");
        }
        let switch = switch.map(|of_budget| {
            let name =
                if of_budget { "retry_budget_enabled_globally" } else { "circuit_breaker_enabled_globally" };
            (vec!["global", name], Value::Boolean(false))
        });
        let keys = keys.iter().map(|(section, service, key, index)| {
            let (path, values) = KEYS[*key];
            let path = [SECTIONS[*section], SERVICES[*service]].into_iter().chain(path.split('.')).collect();
            let value: Table = toml::from_str(&format!("value = {}", index.get(values))).expect("a value");
            (path, value["value"].clone())
        });
        for (path, value) in switch.into_iter().chain(keys) {
            let mut with = table.clone();
            let is_placed = put(&mut with, &path, value).is_some();
            if is_placed && FileConfig::parse(&with.to_string(), "r.toml").is_ok() {
                table = with;
            }
        }
        table
    })
}

fn any_question() -> impl Strategy<Value = Question> {
    let calls = proptest::collection::vec((0..SERVICES.len(), 0..SERVICES.len()), 0..4);
    let samples = proptest::collection::vec((0..SERVICES.len(), any_sample()), 0..3);
    (calls, samples, proptest::option::of(1.0..5_000.0_f64)).prop_map(|(calls, samples, capacity)| {
        let name = |place: usize| SERVICES[place].to_owned();
        Question {
            calls: calls.into_iter().map(|(caller, callee)| (name(caller), name(callee))).collect(),
            measured: samples.into_iter().map(|(place, sample)| (name(place), sample)).collect(),
            capacity: capacity.map(|capacity| (String::new(), capacity)).into_iter().collect(),
            ..Question::default()
        }
    })
}

/// Lays the tables of a patch over those of a file: a key that is there already is replaced.
fn lay(over: &mut Table, patch: Table) {
    for (name, value) in patch {
        match (over.get_mut(&name), value) {
            (Some(Value::Table(known)), Value::Table(value)) => lay(known, value),
            (_, value) => drop(over.insert(name, value)),
        }
    }
}

fn applied(table: &Table, advice: &[Advice]) -> Table {
    let mut applied = table.clone();
    if let Some(text) = patch(advice) {
        lay(&mut applied, toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}")));
    }
    applied
}

/// How many problems there are of each kind: of layers that multiply, the services at which the attempts arrive.
fn problems(advice: &[Advice]) -> BTreeMap<(Rule, &str), usize> {
    let mut problems = BTreeMap::new();
    for one in advice.iter().filter(|one| one.verdict == Verdict::Problem) {
        if one.rule == Rule::Amplification {
            let last = one.number.split('`').nth(1).expect("a name");
            problems.insert((one.rule, last), 1);
        } else {
            *problems.entry((one.rule, one.service.as_str())).or_default() += 1;
        }
    }
    problems
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 20_000, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn applying_it_and_asking_again_proposes_nothing(table in any_file(), question in any_question()) {
        let first = advise(&file(&table.to_string()), &question);
        for one in &first {
            let may_change = matches!(one.verdict, Verdict::Problem | Verdict::Proposal);
            prop_assert!(may_change || one.changes.is_empty(), "{one:#?}");
            prop_assert!(one.verdict != Verdict::Proposal || !one.changes.is_empty(), "{one:#?}");
        }
        let patched = applied(&table, &first);
        let again = advise(&file(&patched.to_string()), &question);
        let whole = || format!("{table}\n{:#?}\n{first:#?}\n{patched}\n{again:#?}", question.calls);
        prop_assert!(patch(&again).is_none(), "a second patch: {}", whole());
        prop_assert!(again.iter().all(|one| one.verdict != Verdict::Proposal), "a second proposal: {}", whole());
        let before = problems(&first);
        for (problem, count) in problems(&again) {
            prop_assert!(before.get(&problem).is_some_and(|known| count <= *known), "{problem:?} is new: {}", whole());
        }
    }
}

/// The advice of a file once it has been followed.
fn followed(text: &str, question: &Question) -> (String, Vec<String>) {
    let table: Table = toml::from_str(text).expect("a file");
    let first = advise(&file(text), question);
    let again = advise(&file(&applied(&table, &first).to_string()), question);
    (patch(&first).unwrap_or_default(), short(&again))
}

fn measured(facts: Measured) -> Question {
    let mut question = Question::default();
    question.measured.insert("db".to_owned(), facts);
    question
}

#[test]
fn a_budget_that_is_switched_on_gets_the_share_that_was_measured() {
    let (patch, again) = followed("[services.db]\nbudget = 'off'\n", &measured(well()));
    assert!(patch.contains("\nratio = 0.06\n"), "{patch}");
    assert_eq!(again, ["failure_rate refused"]);
}

#[test]
fn waits_follow_the_deadline_that_callers_leave() {
    let mut question = measured(well());
    question.calls = vec![("shop".to_owned(), "db".to_owned())];
    let text = "[services.shop]\nnested_retries = 'suppress'\n[services.db]\nattempt_timeout = '900ms'\nbulkhead = { max_wait = '900ms' }\n";
    let (patch, again) = followed(text, &question);
    for line in ["\ndeadline = \"2s\"\n", "\nmax_wait = \"500ms\"\n", "\nmax_queue = 100\n"] {
        assert!(patch.contains(line), "no {line}: {patch}");
    }
    assert!(again.iter().all(|text| text.ends_with("refused") || text.ends_with("problem")), "{again:#?}");
}

#[test]
fn a_switch_that_may_be_meant_is_left_alone() {
    let (patch, again) = followed("[services.db]\ncircuit_breaker_enabled = false\n", &measured(well()));
    assert!(!patch.contains("circuit_breaker_enabled"), "{patch}");
    assert_eq!(again, ["breaker_never_opens note"]);
}

#[test]
fn what_an_override_switches_off_is_switched_on_by_an_override() {
    let text = "[services.db]\n[overrides.db]\nbudget = 'off'\n";
    let (patch, again) = followed(text, &Question::default());
    assert!(patch.starts_with("[overrides.db.budget]\n"), "{patch}");
    assert_eq!(again, [""; 0]);
}

#[test]
fn a_remedy_that_would_bring_a_problem_says_why_it_is_not_applied() {
    // With a deadline of 2 s, `db` would give up before what it calls.
    let text = "[services.shop]\nnested_retries = 'suppress'\n[services.db]\nattempt_timeout = 'off'\ndeadline = '20s'\n\
                [services.disk]\nretry_enabled = false\nattempt_timeout = '9s'\n";
    let calls = [("shop", "db"), ("db", "disk")].map(|(one, other)| (one.into(), other.into())).into();
    let question = Question { calls, ..Question::default() };
    let found = advise(&file(text), &question);
    let late = found.iter().find(|one| one.service == "db").expect("the shop gives up first");
    assert!(
        late.number.starts_with("a call may take 20s, and its caller `shop` gives up after 2s"),
        "{late}"
    );
    let why = "it is not in the patch, since it would bring a problem of `disk` (worst_case_latency: a call may take 9s, and its \
               caller `db` gives up after 2s (`deadline`";
    assert!(late.changes.is_empty() && late.remedy.contains(why), "{late}");
    assert!(patch(&found).is_none_or(|patch| !patch.contains("deadline")), "{found:#?}");
}
