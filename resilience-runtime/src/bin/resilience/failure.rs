//! Data: why a command could not do what it was asked for: the sentence that people read, the remedy, and the exit code.
//!
//! Programs that ask for JSON find exactly one value on the standard output, or lines of them: the result, or this.

use std::io;

use clap::error::ErrorKind;
use serde::Serialize;

use crate::exit::Exit;
use crate::output::{Output, Tone};

/// Ends a command before it has a result.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    help: Option<String>,
    /// Nobody reads on, as with `resilience explain … | head`: no failure to those who look.
    is_hangup: bool,
}

/// The same for programs.
#[derive(Serialize)]
struct Report<'f> {
    error: &'f str,
    help: Option<&'f str>,
}

impl Failure {
    /// Arguments that make no sense, or what they name cannot be read, reached or found.
    pub(crate) fn unusable(message: impl Into<String>) -> Self {
        Self { exit: Exit::Unusable, message: message.into(), help: None, is_hangup: false }
    }

    /// Arguments that are none of a command. The rest of what people would be shown is the remedy.
    pub(crate) fn usage(error: &clap::Error) -> Self {
        if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            return Self::unusable("arguments are missing").with_help("`--help` lists them");
        }
        let text = error.render().to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        let mut parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
        let failure = Self::unusable(parts.next().unwrap_or("the arguments make no sense"));
        let help: Vec<&str> = parts.filter(|part| !part.starts_with("For more information")).collect();
        if help.is_empty() { failure } else { failure.with_help(help.join("\n")) }
    }

    /// Says what to do about it.
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Tells people on the standard error, and lets the command go on.
    pub(crate) fn tell(&self, output: &mut Output) -> io::Result<()> {
        output.complain("error", Tone::Bad, &self.message, self.help.as_deref())
    }

    /// Tells people on the standard error, and with `--json` programs on the standard output, in one line. Where a result is
    /// there already, it is told beside it, on the standard error: one value can be read, a second one behind it cannot.
    pub(crate) fn report(self, output: &mut Output) -> Exit {
        if self.is_hangup {
            return Exit::Fine;
        }
        let told = if output.is_json() {
            let report = Report { error: &self.message, help: self.help.as_deref() };
            output.error(&report)
        } else {
            self.tell(output)
        };
        // There is nobody left to tell.
        let _ = told;
        self.exit
    }
}

/// Of writing to the standard output.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let is_hangup = error.kind() == io::ErrorKind::BrokenPipe;
        let message = format!("cannot write to the standard output: {error}");
        Self { is_hangup, ..Self::unusable(message) }
    }
}
