//! `--json`, of every command: one value on the standard output, whatever happens.

use std::fs;

use serde_json::Value;

use super::pages::commands;
use crate::resilience::{Said, resilience, resilience_in};

/// An error as programs have it.
#[track_caller]
fn error(said: &Said) -> (String, String) {
    let json = said.json();
    assert_eq!((said.code, said.err.as_str()), (2, ""), "{said:?}");
    let keys: Vec<_> = json.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, ["error", "help"], "{said:?}");
    assert_eq!(said.out.lines().count(), 1, "also a reader of lines can read it: {said:?}");
    let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    (text("error"), text("help"))
}

#[test]
fn wrong_arguments_of_every_command_are_an_object() {
    for command in commands() {
        for arguments in [&[command.as_str(), "--json", "--lfy"][..], &["--json", &command, "--lfy"]] {
            let (message, help) = error(&resilience(arguments));
            assert!(message.starts_with("unexpected argument '--lfy' found"), "{message}");
            assert!(help.contains("Usage: resilience"), "{help}");
        }
        // For people it stays a text.
        let said = resilience(&[&command, "--lfy"]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
        assert!(said.err.starts_with("error: unexpected argument"), "{said:?}");
    }
    for (arguments, part) in [
        (&["--json"][..], "requires a subcommand"),
        (&["--json", "fly"], "unrecognized subcommand 'fly'"),
        (&["check", "--json"], "<FILE>..."),
        (&["chaos", "http://127.0.0.1:1", "--json"], "subcommand"),
        (&["completions", "tcsh", "--json"], "tcsh"),
        (&["load", "http://127.0.0.1:1", "-t", "p99 < 80", "--json"], "a time needs a unit"),
        (&["load", "http://127.0.0.1:1", "--json"], "cannot reach"),
        (&["man", "fly", "--json"], "no command `fly`"),
    ] {
        let (message, _) = error(&resilience(arguments));
        assert!(message.contains(part) && !message.starts_with("error"), "{arguments:?}: {message}");
    }
    // Behind `--` it is a name.
    let said = resilience(&["explain", "--", "--json"]);
    assert!(said.out.is_empty() && said.err.contains("<SERVICE>"), "{said:?}");
}

#[test]
fn what_needs_no_other_process_is_a_value() {
    let file = "[services.db]\nmax_attempts = 2\n";
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.toml");
    fs::write(&empty, "").expect("writable");
    let empty = empty.to_str().expect("text");
    for arguments in [
        &["check", "-"][..],
        &["explain", "-", "db"],
        &["diff", "-", empty],
        &["schema"],
        &["schedule", "-", "db"],
        &["simulate"],
        &["simulate", "layers", "--quick"],
        &["bench", "-", "db", "--for", "1ms"],
        &["advise", "-"],
        &["completions", "zsh"],
        &["man"],
        &["man", "check"],
    ] {
        let said = resilience_in(&[], file, &[arguments, &["--json"]].concat());
        assert!(said.code < 2 && said.err.is_empty(), "{arguments:?}: {said:?}");
        let _: Value = said.json();
    }
    let script = resilience(&["completions", "bash", "--json"]).json();
    assert_eq!(
        (&script["shell"], &script["script"]),
        (&"bash".into(), &resilience(&["completions", "bash"]).out.into())
    );
    let page = resilience(&["man", "check", "--json"]).json();
    assert_eq!(
        (&page["command"], &page["page"]),
        (&"resilience check".into(), &resilience(&["man", "check"]).out.into())
    );
}

/// One value can be read, and a second one behind it cannot.
#[cfg(target_os = "linux")]
#[test]
fn an_error_behind_a_result_is_told_beside_it() {
    let said = resilience(&["simulate", "layers", "--quick", "--json", "--csv", "/dev/full"]);
    assert_eq!((said.code, &said.json()["scenario"]), (2, &"layers".into()));
    let error: Value = serde_json::from_str(&said.err).expect("JSON too");
    assert!(error["error"].as_str().is_some_and(|text| text.contains("/dev/full")), "{error}");
}
