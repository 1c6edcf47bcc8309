//! Writes rows of texts as lines with columns one below the other. Below a row stand remarks, broken where the line ends.

use std::io;

use crate::output::{Output, Tone};
use crate::shown::printable;

/// How far rows and remarks are set in.
const INDENT: usize = 2;
const REMARK: usize = 6;

/// Between two columns.
const GAP: usize = 2;

/// Rows with as many cells each.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    cells: Vec<(Tone, String)>,
    remarks: Vec<String>,
}

impl Table {
    /// Takes a row. Its texts may come from a file of somebody else's.
    pub(crate) fn row(&mut self, mut cells: Vec<(Tone, String)>, mut remarks: Vec<String>) {
        while cells.last().is_some_and(|(_, text)| text.is_empty()) {
            cells.pop();
        }
        for text in cells.iter_mut().map(|(_, text)| text).chain(&mut remarks) {
            *text = printable(text);
        }
        self.rows.push(Row { cells, remarks });
    }

    /// Writes all rows.
    pub(crate) fn write(&self, output: &mut Output) -> io::Result<()> {
        let columns = self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.cells.get(column));
            cells.map(|(_, text)| text.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let broken_at = output.columns();
        for row in &self.rows {
            let last = row.cells.len().saturating_sub(1);
            let before: usize = widths.iter().take(last).map(|width| width + GAP).sum();
            let of_last = row.cells.last().map_or(0, |(_, text)| text.chars().count());
            // What does not fit stands below, as the remarks do.
            let is_wide = last > 1 && INDENT + before + of_last > broken_at;
            let (cells, below) = row.cells.split_at(if is_wide { last } else { row.cells.len() });
            let last = cells.len().saturating_sub(1);
            let cells = cells.iter().zip(&widths).enumerate().map(|(at, ((tone, text), width))| {
                // Nothing behind the last one, not even spaces.
                let width = if at == last { 0 } else { *width };
                output.tint(*tone, format!("{text:width$}")).to_string()
            });
            let line = cells.collect::<Vec<_>>().join(&" ".repeat(GAP));
            output.line(format_args!("{:INDENT$}{line}", ""))?;
            let below = below.iter().map(|(_, text)| text).chain(&row.remarks);
            for line in below.flat_map(|remark| broken(remark, broken_at)) {
                let line = output.tint(Tone::Faint, line);
                output.line(format_args!("{:REMARK$}{line}", ""))?;
            }
        }
        Ok(())
    }
}

/// The lines of a text that is set in as remarks are.
pub(crate) fn broken(text: &str, columns: usize) -> Vec<String> {
    wrapped(text, columns.saturating_sub(REMARK).max(20))
}

/// The lines of a text, each of at most that many columns. A word that is longer than a line stands alone.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_broken_between_words() {
        let text = "hides 3 (built-in template http_api), and more that is too long";
        assert_eq!(broken(text, 46), ["hides 3 (built-in template http_api),", "and more that is too long"]);
        assert_eq!(
            broken("a-word-that-is-longer-than-a-line b", 10),
            ["a-word-that-is-longer-than-a-line", "b"]
        );
    }
    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("incomprehensible", 5), ["incomprehensible"]);
        assert!(wrapped("", 5).is_empty());
    }
}
