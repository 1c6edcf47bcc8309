//! In: a test, as a table of this room names it. Out: whether there is one. A table of names that nobody looks for goes on naming
//! tests that have been renamed, or taken out.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders that paths of modules begin in: the tests of attributes on the paused clock, and those of the runtime itself.
const ROOTS: [&str; 3] = ["tests/paused", "../resilience-runtime/tests", "../resilience-runtime/src"];

/// Fails unless there is a test of that path, for what it is named for.
pub(super) fn assert_is_test(what: &str, path: &str) {
    let (module, function) = path.rsplit_once("::").expect("a module and a function");
    let module: PathBuf = module.split("::").collect();
    let of_root = |root: &str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(root).join(&module);
        [file.with_extension("rs"), file.join("mod.rs")]
    };
    let texts: Vec<String> =
        ROOTS.into_iter().flat_map(of_root).filter_map(|file| fs::read_to_string(file).ok()).collect();
    assert!(texts.iter().any(|text| has_test(text, function)), "{what}: there is no test `{path}`");
}

/// Whether a function of that name is a test.
fn has_test(text: &str, function: &str) -> bool {
    let head = format!("fn {function}(");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| line.trim_start_matches("async ").starts_with(&head));
    let above = at.map_or(&[][..], |at| &lines[..at]);
    let attributes = above.iter().rev().take_while(|line| line.starts_with("#["));
    attributes.into_iter().any(|line| ["#[test]", "#[tokio::test"].iter().any(|test| line.starts_with(test)))
}

#[test]
fn a_name_alone_is_no_test() {
    let text = "#[test]\nfn one() {}\n\nfn two() {}\n\n#[tokio::test(start_paused = true)]\n#[cfg(unix)]\nasync fn three() {}\n";
    assert_eq!(["one", "two", "three", "four"].map(|name| has_test(text, name)), [true, false, true, false]);
}
