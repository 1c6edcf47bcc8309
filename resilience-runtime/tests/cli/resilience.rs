//! Starts the program and keeps what it said.

use std::io::Write;
use std::process::{Command, Stdio};

/// What the program said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
}

impl Said {
    /// Its standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs it with a text on its standard input, and the variables of the environment that colours go by.
pub(crate) fn resilience_in(environment: &[(&str, &str)], input: &str, arguments: &[&str]) -> Said {
    let mut program = Command::new(env!("CARGO_BIN_EXE_resilience"));
    program.args(arguments).env_remove("NO_COLOR").env_remove("TERM").envs(environment.iter().copied());
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program.spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("piped");
    // A program that does not read is none that fails.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let ended = child.wait_with_output().expect("it ends");
    Said {
        out: String::from_utf8(ended.stdout).expect("text"),
        err: String::from_utf8(ended.stderr).expect("text"),
        code: ended.status.code().expect("it was not killed"),
    }
}

pub(crate) fn resilience(arguments: &[&str]) -> Said {
    resilience_in(&[], "", arguments)
}
