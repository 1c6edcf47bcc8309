//! `resilience check`: which files fail, and what is said of them to people and to programs.

use std::fs;

use crate::resilience::{resilience, resilience_in};

const GOOD: &str = "[services.db]\nmax_attempts = 4\n";
const BAD: &str = "[services.db]\nmax_attempts = 0\nbase_dealy = \"1s\"\n";
/// Of the layers below, the deadline is shorter.
const ODD: &str = "[services.db]\nattempt_timeout = 4000\n";

#[test]
fn a_good_file_is_fine() {
    let said = resilience_in(&[], GOOD, &["check", "-"]);
    assert_eq!((said.out.as_str(), said.err.as_str(), said.code), ("-: fine\n", "", 0));
}

#[test]
fn a_fault_is_shown_over_its_text_with_the_remedy() {
    let said = resilience_in(&[], BAD, &["check", "-"]);
    for part in [
        " --> standard input:2:16\n",
        "2 | max_attempts = 0\n",
        " --> standard input:3:1\n",
        "did you mean `base_delay`",
        "-: 2 faults\n",
    ] {
        assert!(said.out.contains(part), "no {part} in {}", said.out);
    }
    assert!(!said.out.contains('\u{1b}'), "colours only on a terminal: {}", said.out);
    assert_eq!(said.code, 1);
}

#[test]
fn programs_are_told_line_column_key_and_remedy() {
    let said = resilience_in(&[], BAD, &["check", "--json", "-"]);
    let files = said.json();
    let faults = &files[0]["faults"];
    assert_eq!(faults[0]["line"], 2, "{files}");
    assert_eq!(faults[0]["column"], 16, "{files}");
    assert_eq!(faults[0]["key"], "services.db.max_attempts", "{files}");
    assert!(faults[1]["remedy"].as_str().is_some_and(|remedy| remedy.contains("base_delay")), "{files}");
    assert_eq!(files[0]["fault_count"], 2, "{files}");
    assert_eq!(said.code, 1);
}

#[test]
fn a_warning_fails_only_where_it_is_denied() {
    let said = resilience_in(&[], ODD, &["check", "-", "--json"]);
    let warning = &said.json()[0]["warnings"][0];
    assert!(warning["message"].is_string(), "{}", said.out);
    assert_eq!((warning["line"].as_u64(), said.code), (Some(2), 0), "{}", said.out);
    let said = resilience_in(&[], ODD, &["check", "-", "--deny-warnings"]);
    assert!(said.out.contains("-:2: warning: "), "{}", said.out);
    assert_eq!(said.code, 1, "{}", said.out);
}

#[test]
fn a_key_that_cannot_act_beside_the_others_is_told_with_what_it_needs() {
    let said = resilience_in(&[], "[global]\nprometheus_port = 9100\n", &["check", "-"]);
    let expected = "-:2: warning: `global.prometheus_port` does nothing: no server is started; add `prometheus_enabled = true`\n\
        -: 1 warning\n";
    assert_eq!((said.out.as_str(), said.code), (expected, 0));
}

#[test]
fn of_several_files_each_is_told_and_the_worst_decides() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("writable");
        path.to_str().expect("text").to_owned()
    };
    let (good, bad) = (write("good.toml", GOOD), write("bad.toml", BAD));
    let said = resilience(&["check", &good, &bad]);
    assert!(said.out.contains(&format!("{good}: fine\n")), "{}", said.out);
    assert!(said.out.contains(&format!("{bad}: 2 faults\n")), "{}", said.out);
    assert_eq!(said.code, 1);
    let said = resilience(&["check", &bad, "nowhere.toml", &good]);
    assert!(said.err.contains("error: cannot read `nowhere.toml`: "), "{}", said.err);
    assert!(said.out.contains(&format!("{good}: fine\n")), "it goes on: {}", said.out);
    assert_eq!(said.code, 2);
    let said = resilience(&["check", "--json", &bad, "nowhere.toml"]);
    assert!(said.json()[1]["error"].is_string(), "{}", said.out);
    assert_eq!(said.code, 2);
}

#[test]
fn colours_are_as_the_environment_and_the_arguments_say() {
    let coloured = |environment: &[(&str, &str)], arguments: &[&str]| {
        resilience_in(environment, BAD, arguments).out.contains('\u{1b}')
    };
    assert!(coloured(&[], &["check", "-", "--color", "always"]));
    assert!(coloured(&[("NO_COLOR", "1")], &["--color", "always", "check", "-"]), "an argument is closer");
    assert!(!coloured(&[("TERM", "xterm")], &["check", "-"]), "no terminal");
    assert!(!coloured(&[], &["check", "-", "--color=never"]));
}

#[test]
fn wrong_arguments_are_not_taken_for_findings() {
    let said = resilience(&["check"]);
    assert_eq!(said.code, 2, "{said:?}");
    let said = resilience(&["chekc", "a.toml"]);
    assert!(said.err.contains("check"), "{said:?}");
    assert_eq!(said.code, 2, "{said:?}");
}

#[test]
fn the_standard_input_is_read_once() {
    let said = resilience_in(&[], GOOD, &["check", "-", "-"]);
    assert!(said.err.contains("error: the standard input is named twice"), "{said:?}");
    assert!(said.err.contains("= help: write `-` once"), "{said:?}");
    assert_eq!(said.code, 2);
    let said = resilience_in(&[], GOOD, &["check", "-", "-", "--json"]);
    assert_eq!((said.json()["help"].as_str(), said.code), (Some("write `-` once"), 2));
}

#[test]
fn rules_of_chaos_are_told_with_what_makes_them_act() {
    let rule = "[services.orders]\n[chaos.slow]\ntarget = \"orders@load\"\nlatency = \"1s\"\n";
    let said = resilience_in(&[], rule, &["check", "-"]);
    let expected = "-:2: warning: `chaos.slow` hits `orders@load` in a program that calls `testing::chaos::allow()`, and \
        nothing in any other\n-: 1 warning\n";
    assert_eq!((said.out.as_str(), said.code), (expected, 0));
    assert_eq!(resilience_in(&[], rule, &["check", "-", "--deny-warnings"]).code, 1);
    let said = resilience_in(&[], &rule.replace("s@load", ""), &["check", "-", "--json"]);
    let warning = &said.json()[0]["warnings"][0];
    assert_eq!((&warning["service"], &warning["line"]), (&"order".into(), &2.into()));
    let message = warning["message"].as_str().expect("text");
    assert!(message.ends_with("; the file has no `order`, did you mean `orders`?"), "{message}");
}
