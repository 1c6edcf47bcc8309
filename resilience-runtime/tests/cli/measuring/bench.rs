//! `resilience bench`: what a call costs by the settings of a file.

use std::fs;

use crate::resilience::resilience;

const FILE: &str =
    "[services.db]\nmax_attempts = 3\n\n[services.slow]\nrate_limit = { per_second = 10, burst = 1 }\n";

#[test]
fn each_case_is_measured_and_a_limit_that_turns_calls_away_shows() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.toml");
    fs::write(&file, FILE).expect("writable");
    let file = file.to_str().expect("text");

    let said = resilience(&["bench", file, "db", "--for", "20ms", "--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    let json = said.json();
    let costs = json["cases"].as_array().expect("a list");
    let cases: Vec<_> = costs.iter().map(|cost| cost["case"].as_str().expect("a name")).collect();
    let all = [
        "bare future",
        "success at once",
        "success after a wait",
        "failure, no retry",
        "rejection, breaker open",
    ];
    assert_eq!(cases, all);
    let nanos = |at: usize| costs[at]["nanoseconds"].as_f64().expect("a number");
    assert!(nanos(1) > nanos(0) && nanos(0) > 0.0, "a call costs more than its body: {json}");
    assert!(costs.iter().all(|cost| cost["rejected"] == 0 && cost["calls"].as_u64() > Some(100)), "{json}");

    let said = resilience(&["bench", file, "slow", "--for", "20ms"]);
    assert!(said.out.contains("calls were turned away by the settings"), "{said:?}");
    assert!(!said.out.contains('\u{1b}'), "{said:?}");
}

#[test]
fn what_cannot_be_measured_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.toml");
    fs::write(&file, FILE).expect("writable");
    let file = file.to_str().expect("text");
    for (arguments, part) in [
        (["bench", file, "bd"], "says nothing about a service `bd`"),
        (["bench", "nowhere.toml", "db"], "cannot read `nowhere.toml`"),
    ] {
        let said = resilience(&arguments);
        assert_eq!((said.code, said.err.contains(part)), (2, true), "{said:?}");
    }
}
