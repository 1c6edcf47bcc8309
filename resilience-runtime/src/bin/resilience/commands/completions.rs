//! `resilience completions`: a shell goes in, the script that completes the arguments in it comes out.

use std::borrow::Cow;

use clap::Command;
use clap_complete::{Shell, generate};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Write the script that completes arguments in a shell.
///
/// For example: `resilience completions bash > ~/.local/share/bash-completion/completions/resilience`
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

/// For programs.
#[derive(Debug, Serialize)]
struct Written<'s> {
    shell: String,
    script: Cow<'s, str>,
}

impl Completions {
    pub(crate) fn run(self, program: &mut Command, output: &mut Output) -> Result<Exit, Failure> {
        // Not written at once: the generators panic where writing fails, and a reader may have gone.
        let mut script = Vec::new();
        generate(self.shell, program, "resilience", &mut script);
        if output.is_json() {
            let (shell, script) = (self.shell.to_string(), String::from_utf8_lossy(&script));
            output.json(&Written { shell, script })?;
        } else {
            output.file(&script)?;
        }
        Ok(Exit::Fine)
    }
}
