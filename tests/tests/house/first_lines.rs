//! In: how files begin. Out: files that they send their reader on to and that are not there, and files that begin alike.

use std::collections::BTreeMap;
use std::path::Path;

use super::assert_none;
use super::trees::files_of_rust;

/// The paragraph that a file begins with, in one line.
fn paragraph(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//! "));
    lines.take_while(|line| !line.starts_with("```")).collect::<Vec<_>>().join(" ")
}

/// What is against the plan: whoever follows a first line finds the file that it names, and no other that says the same.
fn faults(files: &BTreeMap<String, String>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut first = BTreeMap::new();
    for (path, said) in files {
        for name in named(said) {
            if !files.keys().any(|file| is_named(file, name)) {
                faults.push(format!("{path}: there is no file `{name}`"));
            }
        }
        let sentence = said.split_once(". ").map_or(said.as_str(), |(sentence, _)| sentence);
        if let Some(other) = first.insert(sentence, path).filter(|_| !sentence.is_empty()) {
            faults.push(format!("{other} and {path} begin alike: {sentence}"));
        }
    }
    faults
}

/// The files that a paragraph names: by a path, or as the one that decides.
fn named(said: &str) -> impl Iterator<Item = &str> {
    let parts: Vec<&str> = said.split('`').collect();
    let pairs = (1..parts.len().saturating_sub(1)).step_by(2).map(move |at| (parts[at], parts[at + 1]));
    pairs
        .filter(|(code, after)| {
            let is_word =
                |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            (code.contains('/') || after.starts_with(" decides")) && code.split('/').all(is_word)
        })
        .map(|(code, _)| code)
}

/// Whether `call/nested` names the file `src/call/nested.rs`, or the face of such a folder.
fn is_named(file: &str, name: &str) -> bool {
    let module = file.strip_suffix(".rs").unwrap_or(file);
    let module = module.strip_suffix("/mod").unwrap_or(module);
    module.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// A newcomer goes by the tree and the first lines alone.
#[test]
fn first_lines_name_files_that_are_there_and_differ() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let crates = ["resilience-runtime/src", "resilience-settings/src", "resilience-macros/src"];
    let mut files = BTreeMap::new();
    for of in crates {
        let said = |(file, text): (String, String)| (format!("{of}/{file}"), paragraph(&text));
        files.extend(files_of_rust(&root.join(of)).map(said));
    }
    assert!(files.len() > 500, "{} files are looked at", files.len());
    assert_none(&faults(&files));
}

#[test]
fn a_name_without_a_file_and_a_sentence_that_two_files_begin_with_are_found() {
    let small = |files: &[(&str, &str)]| {
        let files = files.iter().map(|&(path, text)| (path.to_owned(), paragraph(text)));
        faults(&files.collect())
    };
    let good = [
        ("src/call/nested.rs", "//! Decides what is inherited. In: a call.\n"),
        (
            "src/call/deadline.rs",
            "//! Reads a deadline; what is inherited, `nested` decides, or\n//! `call/nested`.\n",
        ),
        (
            "src/call/mod.rs",
            "//! Calls: `text/*.lua`, `/health` and `max_attempts` are no files.\n//!\n//! `gone/gone`\n",
        ),
        ("src/rule.rs", "//! A rule, for `call`.\n//! ```text\n//! `gone/gone`\n"),
    ];
    assert_eq!(small(&good), [] as [&str; 0]);
    for gone in ["`call/gone`", "`gone` decides", "`sted` decides", "`all/nested`"] {
        let text = format!("//! Reads a deadline; {gone}.\n");
        let found = small(&[good[0], ("src/call/deadline.rs", &text)]);
        assert_eq!(found.len(), 1, "{gone}: {found:?}");
    }
    let alike = small(&[good[0], ("src/again.rs", "//! Decides what is inherited. Out: a deadline.\n")]);
    assert_eq!(alike, ["src/again.rs and src/call/nested.rs begin alike: Decides what is inherited"]);
}
