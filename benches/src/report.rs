//! Figures go in, lines of tab-separated values come out: metric, group, case, value, unit, note.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::Case;
use crate::flags::Flags;

/// Writes the lines of one program.
#[derive(Debug)]
pub struct Report<W> {
    out: W,
    flags: Flags,
}

impl Report<io::Stdout> {
    /// To the standard output.
    pub fn to_stdout(flags: &Flags) -> Self {
        Self { out: io::stdout(), flags: flags.clone() }
    }
}

impl<W: Write> Report<W> {
    /// One figure of a case. `more` is added to what is configured.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn line(&mut self, metric: &str, case: &Case, value: f64, unit: &str, more: &str) -> io::Result<()> {
        let (name, configured) = self.flags.label(case);
        let separator = if more.is_empty() { "" } else { "; " };
        writeln!(
            self.out,
            "{metric}\t{}\t{name}\t{value:.3}\t{unit}\t{configured}{separator}{more}",
            case.group
        )
    }
}

/// How a program ends: what went wrong goes to the standard error.
pub fn exit(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases;

    #[test]
    fn a_line_has_six_columns() {
        let flags = Flags { filters: Vec::new(), rounds: 1, millis: 1, calls: 1, statistics: true };
        let mut report = Report { out: Vec::new(), flags };
        for case in cases::all() {
            report.line("wall_min", &case, 1.5, "ns/call", "more").unwrap();
        }
        let text = String::from_utf8(report.out).unwrap();
        assert!(text.lines().count() > 50);
        for line in text.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(
                (columns.len(), columns[0], columns[3], columns[4]),
                (6, "wall_min", "1.500", "ns/call")
            );
        }
    }
}
