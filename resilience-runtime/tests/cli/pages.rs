//! `resilience completions`, `resilience man` and the help: what they are made of, and that nothing is left out.

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
        assert!(first.len() > 10 && said.out.contains("--json"), "{}", said.out);
        assert_eq!(said.code, 0);
    }
}
