//! What commands say fits the terminal, is broken between words where it does not, and has colours nowhere else.

use std::fs;

#[cfg(target_os = "linux")]
use super::terminal::{on_terminal, serve};
use crate::resilience::resilience_in;

const GOOD: &str = "[templates.patient]\nattempt_timeout = \"5s\"\ndeadline = \"30s\"\n\n\
    [services.payments]\ntemplate = \"patient\"\nmax_attempts = 4\nbreaker = { failure_rate = 0.4 }\n\n\
    [services.inventory]\nattempt_timeout = \"400ms\"\ncache = { ttl = \"5s\" }\n";

/// Messages that are longer than 80 columns, and a key with a remedy.
const BAD: &str = "[services.db]\nmax_attempts = 0\ndeadlin = \"5s\"\nbreaker = { failure_rate = 40 }\nservice_type = \"a b\"\n";

/// All commands but those that need a running process, and what is wrong with some.
const COMMANDS: &[&str] = &[
    "check good.toml",
    "check bad.toml",
    "explain good.toml payments",
    "explain good.toml nobody",
    "explain bad.toml db",
    "diff good.toml new.toml",
    "schedule good.toml payments",
    "simulate",
    "simulate layers --quick",
    "simulate herd --quick",
    "simulate nothing",
    "bench good.toml payments --for 1ms",
    "advise good.toml",
    "load http://127.0.0.1:1/",
    "top http://127.0.0.1:1",
    "init good.toml",
    "",
    "--help",
    "check --help",
    "load --help",
    "chaos --help",
    "advise --help",
    "simulate -h",
    "simulate layers --quik",
    "load http://127.0.0.1:1/ --rate fast",
    "load http://127.0.0.1:1/ --rate 50 --method",
    "schedule good.toml",
    "frobnicate --with-a-long-argument-that-no-command-takes and-another-one",
];

/// Arguments that the parser refuses, and which it tells of by itself.
#[cfg(target_os = "linux")]
const REFUSED: &[&str] = &[
    "simulate layers --quik",
    "load http://127.0.0.1:1/ --rate fast",
    "load http://127.0.0.1:1/ --rate 50 --method",
    "schedule good.toml",
    "check --color sometimes good.toml",
    "chaos",
];

const FILES: [&str; 3] = ["good.toml", "bad.toml", "new.toml"];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let new = GOOD.replace("max_attempts = 4", "max_attempts = 6").replace("400ms", "900ms");
    for (name, text) in FILES.into_iter().zip([GOOD, BAD, &new]) {
        fs::write(folder.path().join(name), text).expect("writable");
    }
    folder
}

/// The arguments with the files in their folder, whose name would otherwise decide what is broken where.
fn in_folder(folder: &tempfile::TempDir, command: &str) -> Vec<String> {
    let path = |word: &str| folder.path().join(word).to_str().expect("text").to_owned();
    command
        .split_whitespace()
        .map(|word| if FILES.contains(&word) { path(word) } else { word.to_owned() })
        .collect()
}

/// What is shown of a text with colours.
#[cfg(target_os = "linux")]
fn shown(text: &str) -> String {
    let mut is_command = false;
    text.chars()
        .filter(|sign| {
            let is_shown = !is_command && *sign != '\u{1b}';
            is_command = (is_command || *sign == '\u{1b}') && !sign.is_ascii_alphabetic();
            is_shown
        })
        .collect()
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_no_line_is_wider_than_it_and_sentences_break_between_words() {
    let folder = folder();
    let url = serve();
    let mut commands: Vec<String> = COMMANDS.iter().map(|command| (*command).to_owned()).collect();
    commands.push(format!("load {url} --rate 50 --for 300ms --threshold 'success > 0' 2> /dev/null"));
    commands.push(format!("top --once {url}"));
    commands.push(format!("load {url} --rate 50 --for 300ms --drain 1s 2> /dev/null"));
    let mut wrong = Vec::new();
    for columns in [80, 200] {
        for command in &commands {
            let line = format!("cd '{}'; exec \"$PROGRAM\" {command}", folder.path().display());
            let Some(sent) = on_terminal(columns, "xterm", &line) else { return };
            let text = shown(&sent.replace("\r\n", "\n"));
            assert!(!text.trim().is_empty(), "{command}");
            for line in text.lines().filter(|line| line.chars().count() > usize::from(columns)) {
                wrong.push(format!("{columns}: {command}: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_wrong_with_arguments_is_broken_between_words_at_any_width() {
    let folder = folder();
    for command in REFUSED {
        let line = format!("cd '{}'; exec \"$PROGRAM\" {command}", folder.path().display());
        let Some(wide) = on_terminal(400, "xterm", &line) else { return };
        let wide = shown(&wide.replace("\r\n", "\n"));
        let words: Vec<&str> = wide.split_whitespace().collect();
        for columns in [40, 60, 80, 100, 132] {
            let sent = on_terminal(columns, "xterm", &line).expect("as before");
            let text = shown(&sent.replace("\r\n", "\n"));
            assert_eq!(text.split_whitespace().collect::<Vec<_>>(), words, "{columns}: {command}");
            for line in text.lines().filter(|line| line.chars().count() > usize::from(columns)) {
                assert_eq!(line.split_whitespace().count(), 1, "{columns}: {command}: {line}");
            }
        }
    }
}

#[test]
fn a_pipe_and_a_terminal_that_wants_none_get_no_colours_and_sentences_in_one_line() {
    let folder = folder();
    for command in COMMANDS {
        let arguments = in_folder(&folder, command);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let all = [&[("TERM", "xterm")][..], &[("TERM", "dumb")], &[("NO_COLOR", "1")]];
        // What a scenario comes to takes seconds, and is written by what writes all the others.
        let all = if command.ends_with(" --quick") { &all[..1] } else { &all };
        for environment in all {
            let said = resilience_in(environment, "", &arguments);
            assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'), "{command}: {said:?}");
        }
    }
    let said = resilience_in(&[], "", &["check", &in_folder(&folder, "bad.toml")[0]]);
    let title = "error: `services.db.max_attempts` must be a whole number from 1 to 4294967295, or \"unlimited\", not `0`\n";
    assert!(said.out.contains(title), "who searches a file of it finds the sentence: {}", said.out);
}

#[cfg(target_os = "linux")]
#[test]
fn colours_are_on_terminals_that_take_them() {
    let folder = folder();
    let check = format!("cd '{}'; exec \"$PROGRAM\" check bad.toml", folder.path().display());
    let Some(coloured) = on_terminal(80, "xterm", &check) else { return };
    assert!(coloured.contains("\u{1b}["), "{coloured:?}");
    let plain = on_terminal(80, "dumb", &check).expect("as before");
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    let plain = on_terminal(80, "xterm", &format!("export NO_COLOR=1; {check}")).expect("as before");
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    assert_eq!(shown(&coloured), plain, "colours change nothing but colours");
    let title = "from 1 to 4294967295,\r\n       or \"unlimited\", not `0`\r\n";
    assert!(plain.contains(title), "{plain}");
}
