//! Tables in all the ways in which TOML lets them be written: what is one table, and what would define one twice. The
//! `toml` crate reads the same texts and is the judge.

use proptest::prelude::*;

use crate::config::error::ConfigError;
use crate::config::file::FileConfig;

fn refusal(text: &str) -> Option<ConfigError> {
    FileConfig::parse(text, "test.toml").err()
}

/// Both as one line each: what it is about, and what is said.
fn messages(text: &str) -> Vec<(u32, String)> {
    let error = refusal(text);
    let faults = error.iter().flat_map(ConfigError::faults);
    faults.map(|fault| (fault.line(), fault.message().to_owned())).collect()
}

#[test]
fn a_table_may_be_written_in_parts() {
    for text in [
        "[services.a.breaker]\nmin_calls = 3\n[services.a]\nmax_attempts = 2\n[services]\n",
        "[services]\na.max_attempts = 2\na.breaker.min_calls = 3\nb = { cache.ttl = 3, cache.capacity = 2 }\n",
        "services.a.max_attempts = 2\nservices.a.deadline = 9\n[services.b]\n",
        "services.a.max_attempts = 2\n[services.a.breaker]\nmin_calls = 3\n",
        "[services]\na = { max_attempts = 2, breaker = { min_calls = 3 } }\n[services.b]\n",
        "[global]\nshedding.cpu = 0.5\nshedding.memory = 0.5\n",
        "[services.\"a\"]\n[services.'a'.breaker]\n",
        "[ services . a ] # said\nretryable_status_codes = [ # said\n  500,\n\n  503, # said\n]\n",
        "[services.\"\"\"a\"\"\".breaker]\n",
    ] {
        let is_toml = toml::de::DeTable::parse(text).is_ok();
        assert_eq!(refusal(text).map(|error| error.to_string()).is_none(), is_toml, "{text}");
    }
}

#[test]
fn what_is_defined_twice_is_refused_where_it_comes_again() {
    let twice = "this is not TOML: duplicate key";
    let table = [
        ("[services.a]\n[services.a]\n", 2, twice),
        ("[services.a]\nmax_attempts = 2\nmax_attempts = 2\n", 3, twice),
        ("[services.a]\ntemplate = \"cache\"\ntemplate = \"cache\"\n", 3, twice),
        ("[services.a]\nservice_type = \"cache\"\nservice_type = \"cache\"\n", 3, twice),
        ("[global]\nprometheus_port = 1\nprometheus_port = 1\n", 3, twice),
        ("[global.shedding]\ncpu = 1\ncpu = 1\n", 3, twice),
        ("[services.a.breaker]\n[services.a]\nbreaker = 'off'\n", 3, twice),
        ("[services.a]\n[services]\na.max_attempts = 2\n", 3, twice),
        ("[services]\na = { max_attempts = 2, max_attempts = 2 }\n", 2, twice),
        ("[services]\na.max_attempts = 2\n[services.a]\n", 3, twice),
        (
            "[services]\na = { max_attempts = 2 }\na.deadline = 9\n",
            3,
            "this is not TOML: `services.a` has a value, which cannot be continued",
        ),
        (
            "[services.a]\nbreaker = 'off'\n[services.a.breaker.b]\n",
            3,
            "this is not TOML: `services.a.breaker` has a value, which cannot be continued",
        ),
    ];
    for (text, line, message) in table {
        assert!(toml::de::DeTable::parse(text).is_err(), "{text}");
        assert_eq!(messages(text), [(line, message.to_owned())], "{text}");
        assert!(refusal(text).is_some_and(|error| error.is_syntax()));
    }
}

#[test]
fn a_table_without_a_meaning_is_reported_once_however_it_is_written() {
    let text = "[service.a]\nmax_attempts = 2\n[service.b]\n[services.a.braker]\nwindow = 3\n[services.a.braker.x]\n\
        [services.a]\nx.y = 1\nx.z = 1\n[services.a.breaker.x]\n[[templates]]\n[[templates]]\n[templates.x]\nqqq = 1\n";
    let found: Vec<String> = messages(text).into_iter().map(|(_, message)| message).collect();
    assert_eq!(
        found,
        [
            "`service` is not a section",
            "`services.a.braker` is not a key",
            "`services.a.x` is not a key",
            "`services.a.breaker.x` is not a key",
            "`templates` must be a table, not `[[templates]]`",
        ]
    );
}

#[test]
fn a_table_in_the_place_of_a_value_is_refused_as_any_other_value() {
    for (text, line) in [
        ("[services.a.max_attempts]\nx = 1\n", 1),
        ("[services.a]\nmax_attempts.x = 1\n", 2),
        ("[services.a]\nmax_attempts = { x = 1 }\n", 2),
        ("[services.a.max_attempts.x]\n", 1),
        ("[global.prometheus_port]\n", 1),
        ("[services.a.template]\n", 1),
    ] {
        let messages = messages(text);
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert!(messages[0].0 == line && messages[0].1.contains("` must be "), "{messages:?}");
    }
}

#[test]
fn what_stands_below_a_broken_header_is_passed_over_and_the_rest_is_not() {
    let text = "[services.a\nmax_attempts = 0\n[services.b]\nmax_attempts = 0\n[services.c]\n[services.c]\ncolour = 1\n";
    let lines: Vec<u32> = messages(text).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [1, 4, 6]);
}

const NAMES: &[&str] =
    &["services", "a", "breaker", "max_attempts", "\"a\"", "min_calls", "global", "overrides"];
const VALUES: &[&str] =
    &["1", "\"off\"", "{}", "{ max_attempts = 1 }", "{ breaker.min_calls = 1, breaker.window = 1 }", "[1]"];

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(NAMES), 1..4).prop_map(|names| names.join("."))
}

fn text() -> impl Strategy<Value = String> {
    let header = path().prop_map(|path| format!("[{path}]\n"));
    let list = path().prop_map(|path| format!("[[{path}]]\n"));
    let pair = (path(), prop::sample::select(VALUES)).prop_map(|(path, value)| format!("{path} = {value}\n"));
    let meant = prop::sample::select(vec![
        "[services.a]\n",
        "[services.a.breaker]\n",
        "[services]\n",
        "[services.b.breaker]\n",
    ]);
    let statement = prop_oneof![3 => header, 1 => list, 4 => pair, 4 => meant.prop_map(str::to_owned)];
    prop::collection::vec(statement, 1..6).prop_map(|statements| statements.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_no_toml_is_refused_and_what_is_toml_is_never_called_something_else(text in text()) {
        let is_toml = toml::de::DeTable::parse(&text).is_ok();
        let refusal = refusal(&text);
        prop_assert!(is_toml || refusal.is_some(), "accepted:\n{text}");
        if let Some(refusal) = refusal {
            prop_assert!(!is_toml || !refusal.is_syntax(), "{text}\n{refusal}");
        }
    }
}
