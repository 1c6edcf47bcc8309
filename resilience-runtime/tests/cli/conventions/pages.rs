//! `resilience completions`, `resilience man` and the help: what they are made of, and that nothing is left out.

use std::fs;
use std::process::{Command, Stdio};

use crate::resilience::resilience;

/// The commands, as the help lists them.
pub(crate) fn commands() -> Vec<String> {
    let help = resilience(&["--help"]).out;
    let listed = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("a list");
    let name = |line: &str| {
        line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split(' ').next().map(str::to_owned)
    };
    listed.lines().filter_map(name).filter(|name| name != "help").collect()
}

#[test]
fn every_command_is_completed_in_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let said = resilience(&["completions", shell]);
        for command in commands() {
            assert!(said.out.contains(&command), "{shell} lacks {command}");
        }
        assert_eq!(said.code, 0);
    }
    let said = resilience(&["completions", "tcsh"]);
    assert_eq!(said.code, 2, "{said:?}");
}

/// Whether a program reads a file without a complaint; nothing where there is no such program.
fn complaints(program: &str, arguments: &[&str], content: &str) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("content");
    fs::write(&file, content).expect("writable");
    let ended = Command::new(program).args(arguments).arg(&file).stdin(Stdio::null()).output().ok()?;
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    if !ended.status.success() && said.is_empty() {
        return Some(format!("{program} ended with {}", ended.status));
    }
    Some(said)
}

#[test]
fn each_shell_that_is_here_can_read_its_completions() {
    let mut read = 0;
    for (shell, arguments) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        let script = resilience(&["completions", shell]).out;
        let Some(said) = complaints(shell, &[arguments], &script) else { continue };
        assert_eq!(said, "", "{shell}");
        let broken = complaints(shell, &[arguments], &format!("{script}\nif (\n"));
        assert_ne!(broken.as_deref(), Some(""), "{shell} would notice");
        read += 1;
    }
    assert!(cfg!(not(unix)) || read > 0, "there is no shell here");
}

/// What bash offers for a line that ends where the cursor is.
#[cfg(unix)]
fn offered(words: &[&str]) -> Option<Vec<String>> {
    let script = resilience(&["completions", "bash"]).out;
    let at = words.len() - 1;
    let line = format!(
        "{script}\nCOMP_WORDS=({}); COMP_CWORD={at}; _resilience resilience {:?} {:?}; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" "),
        words[at],
        words[at - 1],
    );
    let ended = Command::new("bash").args(["--norc", "-c", &line]).stdin(Stdio::null()).output().ok()?;
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{words:?}");
    Some(String::from_utf8(ended.stdout).expect("text").lines().map(str::to_owned).collect())
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_and_their_arguments() {
    for (words, expected) in [
        (&["resilience", "sch"][..], &["schema", "schedule"][..]),
        (&["resilience", "check", "--den"], &["--deny-warnings"]),
        (&["resilience", "load", "--base"], &["--baseline"]),
        (&["resilience", "chaos", "--js"], &["--json"]),
        (&["resilience", "check", "--color", "al"], &["always"]),
    ] {
        let Some(offered) = offered(words) else { return };
        assert_eq!(offered, expected, "{words:?}");
    }
}

/// Shown by the program that `man` uses, where it is.
#[test]
fn man_pages_are_shown_without_a_warning() {
    let whole = resilience(&["man"]).out;
    let own = commands().into_iter().map(|command| resilience(&["man", &command]).out);
    for page in own.chain([whole]) {
        let macros = ["TH", "SH", "SS", "TP", "PP", "RS", "RE", "br", "ie", "el", "ft", "IP"];
        for line in page.lines().filter(|line| line.starts_with(['.', '\''])) {
            let name = line[1..].split_whitespace().next().unwrap_or_default();
            assert!(macros.contains(&name), "{line} is no macro of a man page");
        }
        if let Some(said) = complaints("groff", &["-man", "-ww", "-Tutf8", "-z", "-k"], &page) {
            assert_eq!(said, "", "{}", page.lines().take(5).collect::<String>());
        }
    }
}

#[test]
fn the_man_page_has_every_command_and_the_exit_codes() {
    let page = resilience(&["man"]).out;
    for command in commands() {
        assert!(page.contains(&format!("resilience\\-{command}")), "no {command} in {page}");
        let own = resilience(&["man", &command]);
        assert!(own.out.contains(&format!("resilience\\-{command}")), "{}", own.out);
        assert_eq!(own.code, 0);
    }
    assert!(page.contains("Exit codes:") && page.contains("not valid"), "{page}");
    assert_eq!(resilience(&["man", "fly"]).code, 2);
}

#[test]
fn each_help_says_what_the_command_is_for() {
    assert!(resilience(&["--help"]).out.contains("Exit codes:"));
    for command in commands() {
        let said = resilience(&[&command, "--help"]);
        let first = said.out.lines().next().expect("a line");
        assert!(first.len() > 10, "{}", said.out);
        // Not among those of the command, wherever the alphabet of their order has them.
        let (own, of_all) = said.out.split_once("\nOptions of every command:\n").expect("they stand apart");
        assert!(of_all.contains("--json") && of_all.contains("--color"), "{}", said.out);
        assert!(!own.contains("--json\n"), "{}", said.out);
        assert_eq!(said.code, 0);
    }
}
