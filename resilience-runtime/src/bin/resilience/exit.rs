//! Data: the exit codes that scripts go by; each command decides how it ends. In: how a command ended. Out: the exit code that
//! scripts go by.

use std::process::ExitCode;

/// What the exit code says. Of several ends, the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All is as it should be.
    Fine = 0,
    /// Something was found, or a threshold was missed.
    Findings = 1,
    /// The arguments are wrong, or what they name cannot be read or written.
    Unusable = 2,
    /// What was measured is not valid.
    Invalid = 3,
}

/// For the help and the man page.
pub(crate) const CODES: &str = "\
Exit codes:
  0  all is as it should be
  1  faults or findings, or a threshold was missed
  2  wrong arguments, or what they name cannot be read, written or reached
  3  the measurement is not valid, and says nothing";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
