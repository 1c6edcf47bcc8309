//! Why a command could not do what it was asked for: the sentence that people read, the remedy, and the exit code.

use std::io;

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

    /// Says what to do about it.
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Tells people on the standard error, and lets the command go on.
    pub(crate) fn tell(&self, output: &mut Output) -> io::Result<()> {
        output.complain("error", Tone::Bad, &self.message, self.help.as_deref())
    }

    /// Tells people on the standard error, and with `--json` programs on the standard output.
    pub(crate) fn report(self, output: &mut Output) -> Exit {
        if self.is_hangup {
            return Exit::Fine;
        }
        let told = if output.is_json() {
            let report = Report { error: &self.message, help: self.help.as_deref() };
            output.json(&report).and_then(|()| output.flush())
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
