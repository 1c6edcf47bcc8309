//! Words why a text is no threshold: the place, what is wrong there, and what to write.

use std::error::Error;
use std::fmt;

use resilience_settings::printable::Printable;

/// A text that is no threshold. `Display` shows the text with its place marked, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThresholdError {
    pub(super) text: String,
    /// Characters before the place.
    pub(super) column: usize,
    /// Characters of the place.
    pub(super) width: usize,
    pub(super) message: String,
    pub(super) remedy: String,
}

impl ThresholdError {
    /// Where the fault begins, in characters from 1 on.
    pub fn column(&self) -> usize {
        self.column + 1
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to write instead.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

impl fmt::Display for ThresholdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, column, width, message, remedy } = self;
        writeln!(f, "{message}")?;
        writeln!(f, "    {}", Printable(text))?;
        write!(f, "    {:column$}{} {remedy}", "", "^".repeat((*width).max(1)))
    }
}

impl Error for ThresholdError {}
