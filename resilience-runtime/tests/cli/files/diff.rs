//! `resilience diff`: what is a change and for whom, and what is none.

use std::fs;

use serde_json::Value;

use crate::resilience::{Said, resilience};

fn diff(before: &str, after: &str, arguments: &[&str]) -> Said {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("writable");
        path.to_str().expect("text").to_owned()
    };
    let (before, after) = (write("before.toml", before), write("after.toml", after));
    resilience(&[&["diff", &before, &after], arguments].concat())
}

/// `name key: before -> after`, of each change.
fn changes(before: &str, after: &str) -> Vec<String> {
    let said = diff(before, after, &["--json"]);
    let text = |value: &Value| value.as_str().unwrap_or("unset").to_owned();
    let all = said.json();
    let changed = all.as_array().expect("a list").iter().flat_map(|one| {
        one["changes"].as_array().expect("a list").iter().map(|change| {
            format!(
                "{} {}: {} -> {}",
                text(&one["name"]),
                text(&change["key"]),
                text(&change["before"]),
                text(&change["after"])
            )
        })
    });
    let changed: Vec<_> = changed.collect();
    assert_eq!(said.code, i32::from(!changed.is_empty()), "{said:?}");
    changed
}

#[test]
fn spelling_order_and_place_are_no_change() {
    let before = "[services.db]\nmax_attempts = 3\ndeadline = \"2m\"\nstrategy = \"fixed\"\n[services.db.budget]\nrefill_rate = 2\n";
    let after = "# moved\n[templates.x]\ndeadline = 120\n\n[services]\ndb = { budget = { min_per_second = 2.0 }, template = \"x\", strategy = \"Fixed\", max_attempts = 3 }\n";
    assert_eq!(changes(before, after), Vec::<String>::new());
    let said = diff(before, after, &[]);
    assert_eq!((said.out.as_str(), said.code), ("nothing changes for any service\n", 0));
}

#[test]
fn a_change_is_told_for_whom_it_is_one() {
    let before = "[global]\nmax_concurrent_retries_global = 50\n[templates.x]\ndeadline = \"2m\"\n[services.a]\ntemplate = \"x\"\n[services.b]\ntemplate = \"x\"\ndeadline = \"1m\"\n[services.gone]\npriority = \"high\"\n[overrides.\"a@m::f\"]\ndeadline = \"1s\"\n";
    let after = "[templates.x]\ndeadline = \"3m\"\n[services.a]\ntemplate = \"x\"\n[services.b]\ntemplate = \"x\"\ndeadline = \"1m\"\n[services.new]\nkind = \"cache\"\n[overrides.\"a@m::f\"]\ndeadline = \"2s\"\n";
    let changes = changes(before, after);
    let of = |name: &str| {
        changes.iter().filter(|one| one.starts_with(name)).map(String::as_str).collect::<Vec<_>>()
    };
    assert_eq!(of("global "), ["global max_concurrent_retries_global: 50 -> 100"]);
    assert_eq!(of("a "), ["a deadline: 2m -> 3m"], "through its template");
    assert_eq!(of("b "), [""; 0], "it has a deadline of its own");
    assert_eq!(of("gone "), ["gone priority: high -> unset"]);
    assert_eq!(of("a@m::f "), ["a@m::f deadline: 1s -> 2s"]);
    assert!(of("new ").contains(&"new max_attempts: 3 -> 2"), "what its kind brings: {changes:?}");
}

#[test]
fn people_see_both_places() {
    let said = diff("[services.a]\nmax_attempts = 4\n", "\n[services.a]\nmax_attempts = 5\n", &[]);
    let line = said.out.lines().nth(1).expect("a change");
    assert!(line.contains("before.toml:2 → ") && line.ends_with("after.toml:3"), "{line}");
    assert!(said.out.ends_with("1 change in 1 place\n"), "{}", said.out);
}

#[test]
fn a_switch_for_all_services_changes_each() {
    let before = "[services.a]\nmax_attempts = 4\n";
    let changes = changes(before, &format!("[global]\nretry_budget_enabled_globally = false\n{before}"));
    assert_eq!(changes, ["global retry_budget_enabled_globally: true -> false", "a budget: on -> off"]);
}

#[test]
fn rules_of_chaos_are_told_by_name_with_whom_they_hit() {
    let rule = "[chaos.slow]\ntarget = \"db\"\nlatency = \"200ms\"\n";
    assert_eq!(
        changes("", rule),
        ["chaos.slow latency: unset -> 200ms", "chaos.slow target: unset -> db"],
        "a rule that comes"
    );
    assert_eq!(
        changes(rule, ""),
        ["chaos.slow latency: 200ms -> unset", "chaos.slow target: db -> unset"],
        "a rule that goes"
    );
    assert_eq!(
        changes(rule, &rule.replace("\"db\"", "\"*\"")),
        ["chaos.slow target: db -> *"],
        "another target"
    );
    let other = rule.replace("200ms", "uniform(100ms, 300ms)");
    let said = diff(rule, &other, &[]);
    assert!(said.out.starts_with("chaos.slow (target db)\n"), "{}", said.out);
    assert!(said.out.contains("latency  200ms  →  uniform(100ms, 300ms)"), "{}", said.out);
    assert_eq!(said.code, 1);
    assert_eq!(diff(rule, &other, &["--json"]).json()[0]["target"], "db");
    let same =
        "chaos = { slow = { rate = 1.0, after = 0, hang = false, latency = \"0.2 s\", target = 'db' } }\n";
    assert_eq!(changes(rule, same), Vec::<String>::new(), "the same in other words");
}

/// The template of a kind holds for services that only the program knows.
#[test]
fn the_template_of_a_kind_is_told_without_a_service_of_that_kind() {
    let template = "[templates.cache]\ndeadline = \"7s\"\n";
    assert_eq!(changes("", template), ["templates.cache deadline: 2s -> 7s"]);
    assert_eq!(changes(template, &template.replace("cache", "Cache")), Vec::<String>::new());
    assert_eq!(changes("", &template.replace("cache", "mine")), Vec::<String>::new(), "nobody stands on it");
}

/// A program that starts load shedding goes by the table, even where it says `off`.
#[test]
fn a_table_of_shedding_that_is_off_is_another_than_none() {
    assert_eq!(changes("", "[global]\nshedding = \"off\"\n"), ["global shedding: unset -> written"]);
}

#[test]
fn a_key_that_goes_out_of_a_clause_that_stays_is_told() {
    let clause = "[services.a.attempt_timeout]\nfloor = \"20ms\"\n";
    let changes = changes(&format!("{clause}ceiling = \"1s\"\n"), clause);
    assert!(changes.iter().any(|one| one.starts_with("a attempt_timeout.ceiling: 1s -> ")), "{changes:?}");
}

/// A file may be somebody else's: what it names commands no terminal.
#[test]
fn names_of_a_file_are_shown_as_they_are_printable() {
    let rule = "[chaos.x]\ntarget = \"a\\u001b[2J\"\nerror = \"\\u001b[2J\"\n";
    let service = "[services.\"a\\u001b[2J\"]\nmax_attempts = 7\n";
    let said = diff("", &format!("{rule}{service}"), &[]);
    assert!(!said.out.contains('\u{1b}') && said.out.contains("\\u{1b}[2J"), "{}", said.out);
}

#[test]
fn a_value_that_another_one_changes_is_told_with_that() {
    let (before, after) = ("[services.a]\n", "[services.a]\ndeadline = \"1s\"\n");
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let (old, new) = (path("old.toml"), path("new.toml"));
    fs::write(&old, before).expect("writable");
    fs::write(&new, after).expect("writable");
    for (from, to, expected) in
        [(&old, &new, "      `deadline` is 1s ("), (&new, &old, "      before, `deadline` is 1s (")]
    {
        let said = resilience(&["diff", from, to]);
        let mut lines = said.out.lines().skip_while(|line| !line.contains("attempt_timeout"));
        assert!(lines.any(|line| line.starts_with(expected)), "no `{expected}`: {said:?}");
    }
}
