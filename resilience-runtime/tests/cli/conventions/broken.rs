//! Every command with what is broken: it ends with an exit code that is documented, and never by a panic.

use std::ffi::OsStr;
use std::fmt::Debug;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use super::pages::commands;
use crate::resilience::Said;

/// How each command is called with a file, or an address, that is put in for `FILE`.
const CALLS: &[(&str, &[&str])] = &[
    ("check", &["FILE"]),
    ("explain", &["FILE", "db"]),
    ("diff", &["FILE", "FILE"]),
    ("schema", &[]),
    ("schedule", &["FILE", "db"]),
    ("simulate", &["layers", "--quick", "--config", "FILE", "--service", "db"]),
    ("load", &["http://127.0.0.1:1/", "--replay", "FILE"]),
    ("load", &["http://127.0.0.1:1/", "--baseline", "FILE"]),
    ("load", &["http://127.0.0.1:1/", "-d", "@FILE"]),
    ("load", &["http://127.0.0.1:1/", "--save", "FILE"]),
    ("load", &["FILE"]),
    ("bench", &["FILE", "db", "--for", "1ms"]),
    ("advise", &["FILE"]),
    ("advise", &["FILE", "--from", "127.0.0.1:1"]),
    ("top", &["FILE"]),
    ("top", &["127.0.0.1:1", "--once"]),
    ("events", &["FILE"]),
    ("events", &["127.0.0.1:1"]),
    ("chaos", &["FILE", "list"]),
    ("chaos", &["127.0.0.1:1", "arm", "FILE", "target=FILE"]),
    ("chaos", &["127.0.0.1:1", "disarm", "FILE"]),
    ("completions", &["FILE"]),
    ("completions", &["bash"]),
    ("man", &["FILE"]),
    ("man", &[]),
    // The last of these makes the file a good one.
    ("init", &["FILE"]),
    ("init", &["--force", "FILE"]),
];

/// Every call with this in the place of its file.
fn calls(path: &str) -> impl Iterator<Item = Vec<String>> {
    CALLS.iter().map(move |(command, arguments)| {
        let arguments = arguments.iter().map(|argument| argument.replace("FILE", path));
        std::iter::once((*command).to_owned()).chain(arguments).collect()
    })
}

/// Starts it where nothing else is.
fn started(folder: &Path, arguments: impl IntoIterator<Item: AsRef<OsStr>>) -> Said {
    let mut program = Command::new(env!("CARGO_BIN_EXE_resilience"));
    let ended = program.args(arguments).current_dir(folder).stdin(Stdio::null()).output().expect("it starts");
    Said {
        out: String::from_utf8(ended.stdout).expect("text"),
        err: String::from_utf8(ended.stderr).expect("text"),
        code: ended.status.code().expect("it was not killed"),
    }
}

/// Ends as it is documented, and tells no reader about our code.
#[track_caller]
fn documented(said: &Said, arguments: &dyn Debug) {
    assert!((0..=2).contains(&said.code), "{arguments:?}: {said:?}");
    assert!(!said.err.contains("panicked") && !said.err.contains(".rs:"), "{arguments:?}: {said:?}");
    let has_reason = said.err.contains("error") || said.out.contains("error");
    assert!(said.code != 2 || has_reason, "{arguments:?}: {said:?}");
}

/// Files as they should not be.
fn broken(folder: &Path) -> Vec<String> {
    let path = |name: &str| folder.join(name).to_str().expect("text").to_owned();
    fs::create_dir(path("folder")).expect("writable");
    fs::create_dir(path("folder.toml")).expect("writable");
    for (name, content) in [
        ("empty.toml", &b""[..]),
        ("latin.toml", b"[services.db]\nkind = \"caf\xe9\"\n"),
        ("zeros.toml", b"\0\0\0\0"),
        ("cut.toml", b"[services.db]\nmax_attempts = "),
        ("json.toml", b"{\"format\": \"resilience-load/1\"}"),
        ("number.toml", b"0.5"),
    ] {
        fs::write(path(name), content).expect("writable");
    }
    fs::write(path("deep.toml"), format!("a = {}", "[".repeat(100_000))).expect("writable");
    let mut all: Vec<String> = fs::read_dir(folder)
        .expect("readable")
        .map(|entry| entry.expect("readable").path().to_str().expect("text").to_owned())
        .collect();
    all.extend([path("missing.toml"), path("empty.toml/below.toml"), String::new(), "-".to_owned()]);
    all.extend(["a\nb\u{1b}[2J".to_owned(), "é".repeat(300), "--".to_owned(), "%".to_owned()]);
    all
}

#[test]
fn every_command_is_called() {
    for command in commands() {
        assert!(
            CALLS.iter().any(|(called, _)| *called == command),
            "{command} is not called with anything broken"
        );
    }
}

#[test]
fn no_input_ends_a_command_otherwise_than_is_documented() {
    let folder = tempfile::tempdir().expect("a folder");
    for path in broken(folder.path()) {
        for arguments in calls(&path) {
            documented(&started(folder.path(), &arguments), &arguments);
        }
    }
}

/// What is not text, as an argument.
#[cfg(unix)]
#[test]
fn arguments_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt as _;

    let folder = tempfile::tempdir().expect("a folder");
    let odd = OsStr::from_bytes(b"/nowhere/\xff.toml");
    for (command, arguments) in CALLS {
        for more in [&[][..], &["--json"]] {
            let arguments = arguments.iter().map(|one| if *one == "FILE" { odd } else { OsStr::new(one) });
            let all: Vec<_> = [OsStr::new(command)]
                .into_iter()
                .chain(arguments)
                .chain(more.iter().map(OsStr::new))
                .collect();
            documented(&started(folder.path(), &all), &all);
        }
    }
}

/// Starts it with a reader that goes away after so many lines, and says its exit code and its complaints.
fn to_a_reader_of(lines: usize, arguments: &[&str]) -> (i32, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_resilience"));
    program.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program.spawn().expect("it starts");
    let mut out = BufReader::with_capacity(1, child.stdout.take().expect("piped"));
    for _ in 0..lines {
        out.read_line(&mut String::new()).expect("text");
    }
    drop(out);
    let ended = child.wait_with_output().expect("it ends");
    (ended.status.code().expect("it was not killed"), String::from_utf8(ended.stderr).expect("text"))
}

/// Where nothing can be written, that is told beside it.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("good.toml");
    fs::write(&file, "[services.db]\n").expect("writable");
    let file = file.to_str().expect("text");
    for arguments in [
        &["check", file][..],
        &["explain", file, "db"],
        &["schema"],
        &["schedule", file, "db"],
        &["simulate"],
        &["advise", file],
        &["man"],
        &["--help"],
        &["--version"],
    ] {
        for more in [&[][..], &["--json"]] {
            let full = fs::File::options().write(true).open("/dev/full").expect("there");
            let mut program = Command::new(env!("CARGO_BIN_EXE_resilience"));
            let said = program.args(arguments).args(more).stdin(Stdio::null()).stdout(full).output();
            let said = said.expect("it starts");
            let err = String::from_utf8(said.stderr).expect("text");
            assert!(err.contains("cannot write to the standard output"), "{arguments:?} {more:?}: {err}");
            assert_eq!(said.status.code(), Some(2), "{arguments:?} {more:?}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("good.toml");
    fs::write(&file, "[services.db]\nmax_attempts = 40\n").expect("writable");
    let file = file.to_str().expect("text");
    for lines in [0, 1] {
        for arguments in [
            &["--help"][..],
            &["--version"],
            &["check", file],
            &["explain", file, "db"],
            &["schema"],
            &["schedule", file, "db"],
            &["simulate"],
            &["simulate", "layers", "--quick"],
            &["bench", file, "db", "--for", "1ms"],
            &["completions", "bash"],
            &["man"],
        ] {
            for more in [&[][..], &["--json"]] {
                let (code, err) = to_a_reader_of(lines, &[arguments, more].concat());
                assert_eq!((code, err.as_str()), (0, ""), "{arguments:?} {more:?}");
            }
        }
        // What is wrong is said to a program that has gone, and yet it is wrong.
        let (code, err) = to_a_reader_of(lines, &["check", "nowhere.toml", "--lfy", "--json"]);
        assert_eq!((code, err.as_str()), (2, ""));
    }
}
