//! One measured figure as a line of text: metric, group, case, value, unit and note, with tabs between them.
//!
//! Stands apart because it is all that the programs which measure and the one which reports have in common.

use std::fmt;
use std::str::FromStr;

/// One measured figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What was measured, such as `instructions`.
    pub metric: String,
    /// Which cases may be compared with one another.
    pub group: String,
    /// Who was measured.
    pub case: String,
    /// The figure.
    pub value: f64,
    /// What it counts, such as `ns`.
    pub unit: String,
    /// What a reader has to know; may be empty.
    pub note: String,
}

/// A line that is not a [`Row`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not six fields with tabs between them, the fourth of them a number: `{0}`")]
pub struct NotARow(String);

impl Row {
    /// A figure without a note.
    pub fn new(metric: &str, group: &str, case: &str, value: f64, unit: &str) -> Self {
        let [metric, group, case, unit] = [metric, group, case, unit].map(on_one_line);
        Self { metric, group, case, value, unit, note: String::new() }
    }

    /// Adds what a reader has to know.
    #[must_use]
    pub fn note(mut self, note: impl AsRef<str>) -> Self {
        self.note = on_one_line(note.as_ref());
        self
    }

    /// Writes the line to the standard output.
    #[expect(clippy::print_stdout, reason = "the output of the programs that measure")]
    pub fn print(&self) {
        println!("{self}");
    }
}

/// A tab or a line break would shift the fields behind it.
fn on_one_line(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { metric, group, case, value, unit, note } = self;
        write!(f, "{metric}\t{group}\t{case}\t{value}\t{unit}\t{note}")
    }
}

impl FromStr for Row {
    type Err = NotARow;

    fn from_str(line: &str) -> Result<Self, NotARow> {
        let fault = || NotARow(line.to_owned());
        let fields: Vec<&str> = line.split('\t').collect();
        let (&[metric, group, case, value, unit], rest) =
            fields.split_first_chunk::<5>().ok_or_else(fault)?;
        let value = value.parse().map_err(|_| fault())?;
        match rest {
            [] => Ok(Self::new(metric, group, case, value, unit)),
            [note] => Ok(Self::new(metric, group, case, value, unit).note(note)),
            _ => Err(fault()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_survives_the_way_through_a_line() {
        let row = Row::new("wall", "a group", "ours", 12.5, "ns").note("two\tfields\nin one");
        assert_eq!(row.to_string(), "wall\ta group\tours\t12.5\tns\ttwo fields in one");
        assert_eq!(row.to_string().parse(), Ok(row));
        let bare = Row::new("wall", "a group", "ours", 12.5, "ns");
        assert_eq!(bare.to_string().parse(), Ok(bare.clone()));
        assert_eq!("wall\ta group\tours\t12.5\tns".parse(), Ok(bare), "the last tab may be missing");
    }

    #[test]
    fn other_lines_are_refused() {
        for line in ["", "warning: unused", "a\tb\tc\tmany\tns\t", "a\tb\tc\t1\tns\tnote\tmore"] {
            assert!(line.parse::<Row>().is_err(), "{line:?}");
        }
    }
}
