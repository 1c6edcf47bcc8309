//! What goes wrong is said with its place and its remedy. In: arguments that cannot be used. Out: exit code 2 and both.

use std::fs;

use super::counting;
use crate::resilience::{resilience, resilience_in};

#[test]
fn what_cannot_be_used_is_named_with_what_to_do_instead() {
    let (url, connections) = counting();
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let (png, toml, settings) = (path("out.png"), path("out.toml"), path("good.toml"));
    fs::write(&settings, "[services.db]\n").expect("writable");
    let secured = url.replace("http:", "https:");
    for (arguments, why, remedy) in [
        (&["load", &url, "--baseline", &settings][..], &*settings, "--save FILE`"),
        (&["load", &url, "--ca", &settings], "`--ca` is about certificates", "`https://`"),
        (&["load", &url, "--insecure"], "`--insecure` is about certificates", "`https://`"),
        (&["load", &secured, "--ca", &settings], &settings, "as PEM"),
        (&["top", &url, "--insecure"], "`--insecure` is about certificates", "`https://`"),
        (&["load", "http://127.0.0.1:1/"], "`127.0.0.1` at port 1", "whether the server runs"),
        (&["events", &url], "does not answer as the server of a dashboard", "that the process logs"),
        (&["simulate", "layers", "--plot", &png], "would hold SVG", "end it in `.svg`"),
        (&["simulate", "layers", "--csv", &toml], "would hold CSV", "end it in `.csv`"),
        (&["load", &url, "--svg", &png], "would hold SVG", "end it in `.svg`"),
        (&["advise", &settings, "--patch", &png], "would hold TOML", "end it in `.toml`"),
    ] {
        let said = resilience(arguments);
        assert!(said.err.contains(why) && said.err.contains("  = help: "), "{arguments:?}: {said:?}");
        let (_, help) = said.err.split_once("  = help: ").unwrap_or_default();
        assert!(help.contains(remedy), "{arguments:?}: {said:?}");
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{arguments:?}");
    }
    // Those of `events` and `load --ca`, which look at the other side first.
    assert!(connections.load(std::sync::atomic::Ordering::SeqCst) <= 2);
}

#[test]
fn numbers_below_zero_are_taken_for_numbers() {
    for arguments in [
        &["load", "http://127.0.0.1:1/", "--max-in-flight", "-3"][..],
        &["load", "http://127.0.0.1:1/", "--seed", "-3"],
        &["schedule", "--calls", "-3"],
        &["schedule", "--seed", "-3"],
        &["schedule", "--failure-rate", "-0.5"],
        &["simulate", "layers", "--seed", "-3"],
        &["events", "127.0.0.1:1", "--count", "-3"],
    ] {
        let said = resilience(arguments);
        assert!(!said.err.contains("unexpected argument"), "{arguments:?}: {said:?}");
        assert_eq!(said.code, 2, "{said:?}");
    }
    let said = resilience(&["load", "http://127.0.0.1:1/", "--rate", "1e30"]);
    assert!(!said.err.contains("99999"), "digits that are made up: {said:?}");
}

#[test]
fn a_load_that_nothing_is_held_against_has_not_passed_anything() {
    let (url, _) = counting();
    let last = |arguments: &[&str]| {
        let said = resilience(&[&["load", &url, "--rate", "20", "--for", "200ms"], arguments].concat());
        let last = said.out.lines().last().unwrap_or_default().to_owned();
        (said.code, last)
    };
    // Beside other work the generator may be late.
    let (code, line) = last(&[]);
    assert!((code, &*line) == (0, "measured, and held to no threshold") || code == 3, "{code}: {line}");
    let (code, line) = last(&["-t", "success > 1 %"]);
    assert!((code, &*line) == (0, "passed") || code == 3, "{code}: {line}");
}

#[test]
fn one_of_something_is_one() {
    let said = resilience_in(&[], "", &["schedule", "--calls", "1"]);
    assert!(said.out.contains(", 1 call without a success,"), "{said:?}");
}
