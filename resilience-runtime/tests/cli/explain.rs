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
