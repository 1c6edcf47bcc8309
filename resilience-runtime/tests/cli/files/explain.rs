//! `resilience explain`: values, places, and what they hide.

use crate::resilience::resilience_in;

const FILE: &str = "\
[global]
circuit_breaker_enabled_globally = false

[templates.patient]
extends = \"http_api\"
deadline = \"2m\"

[services.db]
template = \"patient\"
max_attempts = 7
service_type = \"storage\"

[services.db.bulkhead]
max_concurrent = 5

[overrides.db]
max_attempts = 1

[overrides.\"db@shop::find\"]
deadline = \"1s\"
";

#[test]
fn each_value_has_its_place_and_what_it_hides() {
    let said = resilience_in(&[], FILE, &["explain", "-", "db"]);
    let spaced: Vec<String> =
        said.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in [
        "db (storage)",
        "max_attempts 1 override, standard input:17",
        "hides 7 (standard input:10), 4 (built-in template http_api)",
        "deadline 2m template patient, standard input:6",
        "bulkhead on standard input:13",
        "bulkhead.max_concurrent 5 standard input:14",
        "breaker off [global], standard input:2",
        "nested_retries allow built-in default",
        "`db@shop::find` has an override of its own",
    ] {
        assert!(spaced.iter().any(|one| one == line), "no `{line}` in\n{}", said.out);
    }
    assert_eq!(said.code, 0);
}

#[test]
fn what_is_written_can_be_seen_alone() {
    let said = resilience_in(&[], FILE, &["explain", "-", "db", "--written"]);
    assert!(said.out.contains("max_concurrent") && !said.out.contains("(built-in default)"), "{}", said.out);
    assert!(!said.out.contains("nested_retries"), "{}", said.out);
}

#[test]
fn programs_are_told_the_same() {
    let said = resilience_in(&[], FILE, &["explain", "-", "db", "--json"]);
    let all = said.json();
    let settings = all["settings"].as_array().expect("a list");
    let attempts = settings.iter().find(|one| one["key"] == "max_attempts").expect("a setting");
    assert_eq!(attempts["value"], "1");
    assert_eq!(attempts["source"]["line"], 17);
    assert_eq!(attempts["hides"][0]["value"], "7");
    assert_eq!(attempts["hides"][0]["source"]["line"], 10);
    assert_eq!(all["service_type"], "storage");
    assert_eq!(all["overridden_functions"][0], "db@shop::find");
}

#[test]
fn a_misspelt_service_is_told_its_neighbour_and_a_faulty_file_its_fault() {
    let said =
        resilience_in(&[], &FILE.replace("services.db", "services.database"), &["explain", "-", "databse"]);
    assert!(said.err.contains("did you mean `database`?"), "{said:?}");
    assert_eq!(said.code, 2);
    let said = resilience_in(&[], "[services.db]\nmax_attempts = 0\n", &["explain", "-", "db"]);
    assert!(said.err.contains("1 fault") && said.err.contains("line 2"), "{said:?}");
    assert!(said.err.contains("resilience check -"), "{said:?}");
    assert_eq!(said.code, 2);
}

/// A line that a terminal would break in the middle of a word is broken before its last column.
#[test]
fn what_does_not_fit_in_a_line_stands_below() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(format!("{}.toml", "long".repeat(25)));
    std::fs::write(&path, FILE).expect("writable");
    let said = crate::resilience::resilience(&["explain", path.to_str().expect("text"), "db"]);
    let below = said.out.lines().position(|line| line.trim_start().starts_with("max_attempts "));
    let below = below.and_then(|at| said.out.lines().nth(at + 1)).expect("a line below");
    assert!(below.starts_with("      override,"), "{}", said.out);
}

const CHAOS: &str = "\
[services.db]
max_attempts = 7

[chaos.slow]
target = \"db@load\"
latency = \"normal(200ms, 50ms)\"
rate = 0.5

[chaos.everybody]
target = \"*\"
error = \"timed_out\"

[chaos.other]
target = \"search\"
hang = true
";

#[test]
fn rules_of_chaos_that_hit_the_service_are_told() {
    let said = resilience_in(&[], CHAOS, &["explain", "-", "db", "--written"]);
    let expected = "hit on purpose, in a program that calls `testing::chaos::allow()`:\n  \
        chaos.slow       db@load  standard input:4\n      latency = normal(200ms, 50ms), rate = 0.5\n  \
        chaos.everybody  *        standard input:9\n      error = timed_out\n";
    assert!(said.out.ends_with(expected), "{}", said.out);
    let said = resilience_in(&[], CHAOS, &["explain", "-", "db", "--json"]);
    let rules = &said.json()["chaos"];
    assert_eq!(rules.as_array().expect("a list").len(), 2, "{rules}");
    assert_eq!((&rules[0]["name"], &rules[0]["target"]), (&"slow".into(), &"db@load".into()));
    assert_eq!((&rules[0]["line"], &rules[0]["settings"]["rate"]), (&4.into(), &"0.5".into()));
}

/// A service that only a rule names is one of which the file says something.
#[test]
fn a_service_that_only_chaos_names_is_known() {
    let said = resilience_in(&[], CHAOS, &["explain", "-", "search", "--written"]);
    assert!(said.out.contains("chaos.other") && !said.out.contains("chaos.slow"), "{said:?}");
    assert_eq!(said.code, 0);
}

/// A file may be somebody else's: what it names commands no terminal.
#[test]
fn names_of_a_file_are_shown_as_they_are_printable() {
    let text = "[services.\"a\\u001b[2J\"]\n[overrides.\"a\\u001b[2J@m::f\"]\ndeadline = \"1s\"\n\
        [chaos.\"x\\u001b[2J\"]\ntarget = \"a\\u001b[2J\"\nerror = \"\\u001b[2J\"\n";
    for service in ["a\u{1b}[2J", "b"] {
        let said = resilience_in(&[], text, &["explain", "-", service]);
        assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'), "{said:?}");
        assert!((said.out + &said.err).contains("\\u{1b}[2J"));
    }
}

#[test]
fn what_is_hidden_and_the_same_is_no_news() {
    let file = "[templates.slow]\nattempt_timeout = \"9s\"\n\n[services.db]\nkind = \"database\"\n\n\
                [services.own]\ntemplate = \"slow\"\nattempt_timeout = \"9s\"\n";
    let said = resilience_in(&[], file, &["explain", "-", "db"]);
    assert!(said.out.contains("database") && !said.out.contains("hides database"), "{said:?}");
    let said = resilience_in(&[], file, &["explain", "-", "own"]);
    assert!(said.out.contains("hides 9s ("), "a line of a file that says the same can go: {said:?}");
}
