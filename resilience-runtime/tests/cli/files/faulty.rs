//! Files with every kind of fault: each fault is reported, in its line, and nothing beside it.
//!
//! In `faulty/`, a line that is at fault ends in `#~ KEY`, or in `#! KEY` where only the check can know, and no schema. The key
//! of a syntax error is `-`. `checks/schema` goes by the same files.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::resilience::{Said, resilience, resilience_in};

fn files() -> Vec<PathBuf> {
    files_in("faulty")
}

fn files_in(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(folder);
    let entries =
        fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("readable").path());
    let mut files: Vec<_> = entries.filter(|path| path.extension() == Some(OsStr::new("toml"))).collect();
    files.sort();
    files
}

/// The lines at fault with their keys.
fn marked(text: &str) -> Vec<(u64, &str)> {
    let lines = (1..).zip(text.lines());
    lines
        .filter_map(|(number, line)| {
            let (_, key) = line.split_once("#~ ").or_else(|| line.split_once("#! "))?;
            Some((number, key.trim()))
        })
        .collect()
}

/// The same as the program tells it, of one of its files.
fn told(file: &serde_json::Value) -> Vec<(u64, &str)> {
    let faults = file["faults"].as_array().expect("a list");
    faults
        .iter()
        .map(|fault| {
            let key = fault["key"].as_str().expect("a key");
            (fault["line"].as_u64().expect("a line"), if key.is_empty() { "-" } else { key })
        })
        .collect()
}

#[test]
fn each_fault_of_a_hundred_files_is_told_in_its_line() {
    let files = files();
    assert!(files.len() >= 100, "{} files", files.len());
    let paths: Vec<&str> = files.iter().map(|path| path.to_str().expect("text")).collect();
    let said = resilience(&[&["check", "--json"], &paths[..]].concat());
    let checked = said.json();
    let mut wrong = Vec::new();
    for (path, file) in paths.iter().zip(checked.as_array().expect("a list")) {
        assert_eq!(file["file"], *path);
        let text = fs::read_to_string(path).expect("readable");
        let (marked, told) = (marked(&text), told(file));
        assert!(!marked.is_empty(), "{path} has no mark");
        if marked != told {
            wrong.push(format!("{path}: {told:?} and not {marked:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(said.code, 1);
}

#[test]
fn people_are_shown_the_line_of_each_fault() {
    for path in files() {
        let path = path.to_str().expect("text");
        let said = resilience(&["check", path]);
        for (line, _) in marked(&fs::read_to_string(path).expect("readable")) {
            assert!(said.out.contains(&format!("{path}:{line}:")), "line {line}: {}", said.out);
        }
        assert_eq!(said.code, 1, "{said:?}");
    }
}

fn of_bytes(bytes: &[u8]) -> Said {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("settings.toml");
    fs::write(&path, bytes).expect("writable");
    resilience(&["check", "--json", path.to_str().expect("text")])
}

/// What is no text, or no TOML at all.
#[test]
fn files_that_are_something_else_are_told_what_they_are() {
    for (bytes, code, expected) in [
        (&b"\xff\xfe[\0"[..], 2, "UTF-16"),
        (b"[services.db]\nmax_attempts = 3 # \xe4\n", 2, "line 2 is not UTF-8"),
        (b"services:\n  db:\n    max_attempts: 3\n", 1, "YAML"),
        (b"{ \"services\": { \"db\": {} } }\n", 1, "JSON"),
    ] {
        let said = of_bytes(bytes);
        assert!(said.out.contains(expected), "{}", said.out);
        assert_eq!(said.code, code, "{}", said.out);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let said = resilience(&["check", folder.path().to_str().expect("text")]);
    assert!(said.err.contains("it is a folder"), "{said:?}");
    assert_eq!(said.code, 2);
}

#[test]
fn lines_are_counted_alike_with_any_end_of_line_and_mark() {
    for text in [
        "\u{feff}[services.db]\r\n\r\nmax_attempts = 0\r\n",
        "[services.db]\n# ümlaut ☃\nmax_attempts = 0",
        "[services.db]\nservice_type = \"a\"\nmax_attempts = 0\n\n\n",
    ] {
        let said = resilience_in(&[], text, &["check", "--json", "-"]);
        assert_eq!(told(&said.json()[0]), [(3, "services.db.max_attempts")], "{text:?}");
    }
}

#[test]
fn of_more_faults_than_anybody_reads_the_first_are_shown_and_the_others_counted() {
    let text = format!("[services.db]\n{}", "bad\n".repeat(150));
    let said = resilience_in(&[], &text, &["check", "-"]);
    assert!(said.out.contains("\nand 50 more\n"), "{}", said.out);
    assert!(said.out.ends_with("-: 150 faults\n"), "{}", said.out);
}

/// `checks/schema` goes by these too.
#[test]
fn valid_files_in_every_spelling_are_fine() {
    let files = files_in("valid");
    assert!(files.len() >= 5, "{} files", files.len());
    for path in files {
        let said = resilience(&["check", "--json", path.to_str().expect("text")]);
        let (checked, text) = (said.json(), fs::read_to_string(&path).expect("readable"));
        // That there is chaos is told of each rule; of nothing else there is anything to say.
        let rules = checked[0]["warnings"].as_array().expect("a list").len();
        assert_eq!(rules > 0, text.contains("[chaos"), "{said:?}");
        assert_eq!((&checked[0]["fault_count"], said.code), (&0.into(), 0), "{said:?}");
    }
}
