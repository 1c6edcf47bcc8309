//! `resilience schedule`: the delays that the engine would make.

use serde_json::Value;

use crate::resilience::{resilience, resilience_in};

fn played(arguments: &[&str]) -> Value {
    resilience(&[&["schedule", "--json"], arguments].concat()).json()
}

#[test]
fn delays_without_jitter_are_exact() {
    let played = played(&[
        "--set",
        "strategy=fibonacci",
        "--set",
        "base_delay=100ms",
        "--set",
        "max_delay=0.5",
        "--set",
        "max_attempts=8",
    ]);
    let retries = played["retries"].as_array().expect("a list");
    let medians: Vec<f64> = retries.iter().map(|retry| retry["p50"].as_f64().expect("a number")).collect();
    assert_eq!(medians, [0.1, 0.1, 0.2, 0.3, 0.5, 0.5, 0.5]);
    for retry in retries {
        assert_eq!(retry["least"], retry["most"], "nothing is left to chance");
    }
    assert!((played["total"]["mean"].as_f64().expect("a number") - 2.2).abs() < 1e-9);
}

/// A sum of ten thousand floating-point numbers would not be.
#[test]
fn the_mean_of_one_and_the_same_delay_is_that_delay() {
    let played = played(&["--set", "strategy=fixed", "--set", "base_delay=200ms"]);
    assert_eq!(played["retries"][0]["mean"].to_string(), "0.2");
}

/// Full jitter is uniform from zero to the delay, whose first is the base delay.
#[test]
fn jitter_is_spread_as_its_strategy_says_and_repeatable() {
    let arguments = ["--set", "strategy=exponential_jitter", "--set", "base_delay=1s", "--calls", "20000"];
    let played = played(&arguments);
    let first = &played["retries"][0];
    let near = |name: &str, expected: f64| {
        let value = first[name].as_f64().expect("a number");
        assert!((value - expected).abs() < 0.02, "{name} is {value}, not {expected}");
    };
    near("least", 0.0);
    near("p50", 0.5);
    near("p90", 0.9);
    near("p99", 0.99);
    near("most", 1.0);
    near("mean", 0.5);
    assert_eq!(played, self::played(&arguments));
    assert_ne!(played, self::played(&[&arguments[..], &["--seed", "2"]].concat()));
}

#[test]
fn the_policy_of_a_service_is_played_and_drawn() {
    let file = "[services.db]\nkind = \"database\"\nmax_attempts = 4\n";
    let said = resilience_in(&[], file, &["schedule", "-", "db"]);
    assert!(said.out.starts_with("linear, 10000 calls"), "{}", said.out);
    assert_eq!(said.out.matches('┃').count(), 4, "a line for each retry, and the legend: {}", said.out);
    assert!(said.out.lines().all(|line| line.chars().count() <= 100), "{}", said.out);
    let said = resilience_in(&[], "[services.db]\nmax_attempts = 1\n", &["schedule", "-", "db"]);
    assert!(said.out.contains("no retries"), "{}", said.out);
}

#[test]
fn a_setting_may_have_its_quotes_as_in_a_file() {
    let quoted = played(&["--set", "strategy=\"fixed\"", "--set", "base_delay = '1s'"]);
    let bare = played(&["--set", "strategy=fixed", "--set", "base_delay=1s"]);
    assert_eq!(quoted, bare);
}

#[test]
fn what_a_file_would_refuse_is_refused() {
    for (arguments, expected) in [
        (&["--set", "strategy=exponental"][..], "did you mean"),
        (&["--set", "base_dealy=1s"], "base_delay"),
        (&["--set", "jitter"], "KEY=VALUE"),
        (&["--set", "base_delay=9s", "--set", "max_delay=1s"], "max_delay"),
        (&["--failure-rate", "2"], "share"),
        (&["file.toml"], "SERVICE"),
    ] {
        let said = resilience(&[&["schedule"], arguments].concat());
        assert!(said.err.contains(expected), "{arguments:?}: {said:?}");
        assert_eq!(said.code, 2, "{said:?}");
    }
}

#[test]
fn more_failures_stretch_adaptive_delays() {
    let mean = |rate: &str| {
        let played = played(&[
            "--set",
            "strategy=adaptive",
            "--set",
            "max_delay=1h",
            "--set",
            "deadline=off",
            "--failure-rate",
            rate,
        ]);
        played["total"]["mean"].as_f64().expect("a number")
    };
    assert!(mean("1") > 1.5 * mean("0"), "{} and {}", mean("1"), mean("0"));
}

#[test]
fn the_sums_have_all_retries_and_say_so_where_they_cannot() {
    let file = "[services.db]\nstrategy = \"exponential_jitter\"\n";
    let said = |attempts: &str, more: &[&str]| {
        let file = format!("{file}max_attempts = {attempts}\n");
        resilience_in(&[], &file, &[&["schedule", "-", "db"], more].concat())
    };
    // Of 98 retries the delays come to four minutes and of the first 50 to two, give or take some.
    let all = said("99\ndeadline = \"3m\"", &["--calls", "10"]).out;
    assert!(all.contains("note: the first 50 retries are shown, of 98\n"), "{all}");
    assert!(all.contains("warning: all delays together may be "), "{all}");
    let json = said("99", &["--calls", "10", "--json"]).json();
    assert_eq!(
        (json["retries"].as_array().map(Vec::len), &json["retries_of_call"], &json["retries_in_total"]),
        (Some(50), &98.into(), &98.into())
    );
    let whole = said("51", &["--calls", "10"]).out;
    assert!(!whole.contains("note"), "{whole}");
    // Of so many calls not all delays are drawn, and of calls without a limit they cannot be.
    let some = said("99", &["--calls", "10000"]).out;
    assert!(some.contains("note: `all` is the sum of the first 50 retries, of 98\n"), "{some}");
    let endless = said("\"unlimited\"", &["--calls", "5000"]).out;
    assert!(
        endless.contains("note: `all` is the sum of the first 100 retries, of as many as fit\n"),
        "{endless}"
    );
}
