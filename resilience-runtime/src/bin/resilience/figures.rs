//! Writes named columns of figures in lines that fit their width, digits below digits. Where they would not fit, names stand over
//! several lines, and then what is in the first column, which says what a row is about.

use std::io;

use crate::output::{Output, Tone};
use crate::table::wrapped;

/// How far lines are set in, and what is between two columns.
const INDENT: usize = 2;
const GAP: usize = 2;

/// The first column becomes no narrower than this.
const NARROWEST: usize = 12;

/// A table of figures.
#[derive(Debug)]
pub(crate) struct Figures {
    names: Vec<String>,
    rows: Vec<Vec<(Tone, String)>>,
}

/// A column: how wide it is, and whether its texts end below each other, as numbers do.
#[derive(Clone, Copy, Debug)]
struct Column {
    width: usize,
    is_right: bool,
}

impl Figures {
    pub(crate) fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { names: names.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// A row, with a cell for each column.
    pub(crate) fn row(&mut self, cells: Vec<(Tone, String)>) {
        self.rows.push(cells);
    }

    /// Writes all of it.
    pub(crate) fn write(&self, output: &mut Output) -> io::Result<()> {
        for line in self.lines(output.columns()) {
            let line: String = line.iter().map(|(tone, text)| output.tint(*tone, text).to_string()).collect();
            output.line(line)?;
        }
        Ok(())
    }

    /// Its lines as pieces, each of at most that many columns if that can be done.
    fn lines(&self, columns: usize) -> Vec<Vec<(Tone, String)>> {
        let widths = self.widths(columns);
        let at = widths.iter().enumerate();
        let columns: Vec<Column> = at
            .map(|(at, width)| Column { width: *width, is_right: at > 0 && self.has_numbers(at) })
            .collect();
        let mut lines = Vec::new();
        let names: Vec<Vec<String>> =
            self.names.iter().zip(&widths).map(|(name, width)| wrapped(name, *width)).collect();
        let height = names.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            // The last line of each name is next to the figures.
            let part = |name: &Vec<String>| {
                let above = height - name.len();
                at.checked_sub(above).and_then(|at| name.get(at)).cloned().unwrap_or_default()
            };
            lines.push(line(&columns, names.iter().map(|name| (Tone::Faint, part(name)))));
        }
        for row in &self.rows {
            let (tone, about) = row.first().cloned().unwrap_or((Tone::Plain, String::new()));
            let mut about = chopped(&about, widths.first().copied().unwrap_or(0)).into_iter();
            let first = (tone, about.next().unwrap_or_default());
            lines.push(line(&columns, [first].into_iter().chain(row.iter().skip(1).cloned())));
            lines.extend(about.map(|rest| line(&columns, [(tone, rest)].into_iter())));
        }
        lines
    }

    /// Whether numbers stand in a column; one that is not there is a word.
    fn has_numbers(&self, at: usize) -> bool {
        let cells = || self.rows.iter().filter_map(|row| row.get(at)).map(|(_, text)| text);
        cells().any(|text| text.parse::<f64>().is_ok())
    }

    fn widths(&self, columns: usize) -> Vec<usize> {
        let length = |text: &str| text.chars().count();
        let cells: Vec<usize> = (0..self.names.len())
            .map(|at| self.rows.iter().filter_map(|row| row.get(at)).map(|(_, text)| length(text)).max())
            .map(Option::unwrap_or_default)
            .collect();
        let word = |name: &String| name.split(' ').map(length).max().unwrap_or(0);
        let least: Vec<usize> =
            self.names.iter().zip(&cells).map(|(name, cells)| word(name).max(*cells)).collect();
        let mut widths: Vec<usize> =
            self.names.iter().zip(&cells).map(|(name, cells)| length(name).max(*cells)).collect();
        let room = columns.saturating_sub(INDENT + GAP * widths.len().saturating_sub(1));
        // Of the names, the one that has most to give.
        while widths.iter().sum::<usize>() > room
            && let Some(at) = (0..widths.len())
                .filter(|at| widths[*at] > least[*at])
                .max_by_key(|at| widths[*at] - least[*at])
        {
            widths[at] -= 1;
        }
        let others: usize = widths.iter().skip(1).sum();
        if let Some(first) = widths.first_mut()
            && *first + others > room
        {
            *first = (*first).min(room.saturating_sub(others).max(NARROWEST));
        }
        widths
    }
}

/// A line without spaces behind its last text.
fn line(columns: &[Column], cells: impl Iterator<Item = (Tone, String)>) -> Vec<(Tone, String)> {
    let mut pieces = vec![(Tone::Plain, " ".repeat(INDENT))];
    let mut owed = 0;
    for (at, (tone, text)) in cells.enumerate() {
        let Column { width, is_right } =
            columns.get(at).copied().unwrap_or(Column { width: 0, is_right: false });
        let missing = width.saturating_sub(text.chars().count());
        let (before, behind) = if is_right { (missing, 0) } else { (0, missing) };
        if text.is_empty() {
            owed += width;
        } else {
            pieces.push((Tone::Plain, " ".repeat(owed + before)));
            pieces.push((tone, text));
            owed = behind;
        }
        owed += GAP;
    }
    pieces
}

/// The lines of a text; words that are longer than one are broken.
fn chopped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let pieces = wrapped(text, width).into_iter().flat_map(|line| {
        let letters: Vec<char> = line.chars().collect();
        letters.chunks(width).map(|piece| piece.iter().collect()).collect::<Vec<String>>()
    });
    pieces.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(figures: &Figures, columns: usize) -> Vec<String> {
        let lines = figures.lines(columns);
        lines.iter().map(|line| line.iter().map(|(_, text)| text.as_str()).collect()).collect()
    }

    fn figures(names: &[&str], rows: &[&[&str]]) -> Figures {
        let mut figures = Figures::new(names.iter().copied());
        for row in rows {
            figures.row(row.iter().map(|cell| (Tone::Plain, (*cell).to_owned())).collect());
        }
        figures
    }

    #[test]
    fn names_and_the_first_column_break_where_lines_would_be_too_long() {
        let table =
            figures(&["policy", "calls of a task", "low"], &[&["bulkhead with priorities", "3", "0.0026"]]);
        assert_eq!(
            shown(&table, 80),
            [
                "  policy                    calls of a task     low",
                "  bulkhead with priorities                3  0.0026"
            ]
        );
        assert_eq!(
            shown(&table, 46),
            [
                "                            calls of a",
                "  policy                          task     low",
                "  bulkhead with priorities           3  0.0026"
            ]
        );
        assert_eq!(
            shown(&table, 32),
            [
                "                   calls",
                "                    of a",
                "  policy            task     low",
                "  bulkhead with        3  0.0026",
                "  priorities"
            ]
        );
    }

    #[test]
    fn no_line_is_longer_than_a_terminal_whatever_the_file_is_called() {
        let about = "db of /srv/some/where/that/is/deep/enough/to/be/far/too/long/for/a/line/resilience.toml";
        let numbers = ["1234.5"; 7];
        let row: Vec<&str> = [about].into_iter().chain(numbers).collect();
        let names = ["policy", "load", "calls of a task", "goodput", "critical", "high", "normal", "low"];
        for line in shown(&figures(&names, &[&row]), 80) {
            assert!(line.chars().count() <= 80, "{line}");
            assert_eq!(line.trim_end(), line);
        }
    }
}
