//! Decides whether a terminal takes commands such as colours, by `TERM`. In: `TERM`. Out: not where that is `dumb`. For the
//! progress of a load, and for programs that draw on a terminal themselves.

use std::env;
use std::ffi::OsStr;

/// Whether the terminal of the process takes commands, such as those for colours: not where the environment variable `TERM` is
/// `dumb`. One that takes none shows what it does not know, or worse. Whether there is a terminal at all is another question:
/// [`IsTerminal`](std::io::IsTerminal).
pub fn takes_commands() -> bool {
    does(env::var_os("TERM").as_deref())
}

/// A terminal that says nothing of itself takes them: nearly all do.
fn does(term: Option<&OsStr>) -> bool {
    term != Some(OsStr::new("dumb"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_a_dumb_terminal_take_commands() {
        for (term, takes) in [(None, true), (Some(""), true), (Some("xterm"), true), (Some("dumb"), false)] {
            assert_eq!(does(term.map(OsStr::new)), takes, "{term:?}");
        }
    }
}
