//! Writes the result of a scenario as text and CSV. In: rows of figures, lines to plot, a sentence. Out: text, CSV, and figures by
//! name for tests.

use std::fmt;
use std::time::Duration;

use super::chart::Chart;

/// What a scenario came to.
///
/// `Display` is the table and the verdict for people; [`number`](Self::number) is one figure for a test.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a simulation does nothing but report"]
pub struct Report {
    pub(super) scenario: &'static str,
    pub(super) seed: u64,
    pub(super) unit: Duration,
    pub(super) columns: &'static [&'static str],
    pub(super) rows: Vec<Vec<Cell>>,
    pub(super) charts: Vec<Chart>,
    pub(super) verdict: String,
    pub(super) limits: &'static str,
    pub(super) ignored: Vec<String>,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Cell {
    /// What the row is about.
    Text(String),
    /// A figure.
    Number(f64),
    /// A figure that there is not: it never came to be within the time that was simulated.
    Never,
}

impl Report {
    /// The name of the scenario.
    pub fn scenario(&self) -> &'static str {
        self.scenario
    }

    /// The seed of all chance in it: the same seed gives the same report.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The attempt timeout, of which all times of the scenario are multiples.
    pub fn unit(&self) -> Duration {
        self.unit
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[&'static str] {
        self.columns
    }

    /// The rows, with a cell for each column.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// What there is to plot.
    pub fn charts(&self) -> &[Chart] {
        &self.charts
    }

    /// One sentence or two: what came out.
    pub fn verdict(&self) -> &str {
        &self.verdict
    }

    /// What the verdict does not say.
    pub fn limits(&self) -> &str {
        self.limits
    }

    /// The keys of a user's file that had no effect, each with the reason.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// The figure in that column of the first row whose cells begin with these; `None` if there is no such row or column,
    /// or if it [never](Cell::Never) came to be. Numbers are written as the report shows them: `"0.95"`.
    ///
    /// ```
    /// use resilience_runtime::testing::simulate;
    ///
    /// let report = simulate::scenario("retries").expect("it is one").seed(7).quick().run();
    /// let load = report.number(&["plain retries", "1"], "requests per call").expect("it was simulated");
    /// assert!(load > 3.9, "four attempts for each call, when all fail");
    /// ```
    pub fn number(&self, row: &[&str], column: &str) -> Option<f64> {
        let column = self.columns.iter().position(|name| *name == column)?;
        let is_it = |cells: &&Vec<Cell>| {
            cells.len() >= row.len() && cells.iter().zip(row).all(|(cell, is)| cell.to_string() == *is)
        };
        match self.rows.iter().find(is_it)?.get(column)? {
            Cell::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Says in the verdict of which policies runs were cut off, if any were; told of each run, whose policy it was.
    pub(super) fn tell_cut<'a>(&mut self, runs: impl Iterator<Item = (&'a str, bool)>) {
        let mut cut: Vec<&str> = runs.filter_map(|(policy, is_cut)| is_cut.then_some(policy)).collect();
        cut.dedup();
        for policy in cut {
            self.verdict.extend([
                " `",
                policy,
                "` asks for more than is played, as hardly anything bounds its retries: its runs were cut off, so the server \
                 was asked for at least as much, and what was not answered by then counts as failed.",
            ]);
        }
    }

    /// Says in the verdict that calls of this policy were made as if there were none: their answers are waited for without end,
    /// and success is then not what it is with a timeout.
    pub(super) fn tell_observed(&mut self, policy: &str) {
        self.verdict.extend([
            " `",
            policy,
            "` only observes: in its calls nothing acts, so they wait for the server however long, and count as well whenever it \
             answers; `mode = \"enforce\"` shows what it would do.",
        ]);
    }

    /// The rows as CSV, with a line for the names of the columns.
    pub fn csv(&self) -> String {
        let mut text = line(self.columns.iter().map(ToString::to_string));
        for row in &self.rows {
            text += &line(row.iter().map(|cell| match cell {
                Cell::Never => String::new(),
                cell => cell.to_string(),
            }));
        }
        text
    }
}

/// A line of CSV (RFC 4180, but ended as lines of text are here).
fn line(fields: impl Iterator<Item = String>) -> String {
    let quoted = fields.map(|field| {
        let is_plain = !field.contains([',', '"', '\n', '\r']);
        if is_plain { field } else { format!("\"{}\"", field.replace('"', "\"\"")) }
    });
    quoted.collect::<Vec<_>>().join(",") + "\n"
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.pad(text),
            // As few digits as tell four of them: `0.95`, `12.34`, `5210`.
            Self::Number(number) => {
                let digits = match number.abs() {
                    size if size >= 1_000.0 => 0,
                    size if size >= 100.0 => 1,
                    size if size >= 10.0 => 2,
                    _ => 4,
                };
                let text = format!("{number:.digits$}");
                f.pad(if digits > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text })
            }
            Self::Never => f.pad("never"),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<Option<f64>> for Cell {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Never, Self::Number)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<Vec<String>> =
            self.rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        let width = |column: usize, name: &str| {
            let cells = shown.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain([name.chars().count()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> =
            self.columns.iter().enumerate().map(|(column, name)| width(column, name)).collect();
        writeln!(f, "{}, seed {}, times in units of {:?}", self.scenario, self.seed, self.unit)?;
        let names: Vec<String> = self.columns.iter().map(ToString::to_string).collect();
        for row in std::iter::once(&names).chain(&shown) {
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let is_text = self.rows.iter().any(|row| matches!(row.get(column), Some(Cell::Text(_))));
                let gap = if column == 0 { "" } else { "  " };
                if is_text { write!(f, "{gap}{cell:width$}")? } else { write!(f, "{gap}{cell:>width$}")? }
            }
            writeln!(f)?;
        }
        writeln!(f, "{}", self.verdict)?;
        writeln!(f, "Limits: {}", self.limits)?;
        for ignored in &self.ignored {
            writeln!(f, "Without effect here: {ignored}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report {
            scenario: "a",
            seed: 1,
            unit: Duration::from_secs(1),
            columns: &["policy", "load", "recovery"],
            rows: vec![
                vec!["a, \"b\"".into(), 0.95.into(), None.into()],
                vec!["c".into(), 0.8.into(), 1_234.56.into()],
            ],
            charts: Vec::new(),
            verdict: "So it is.".to_owned(),
            limits: "none.",
            ignored: vec!["cache: needs a key".to_owned()],
        }
    }

    #[test]
    fn a_figure_is_found_by_its_row_and_column() {
        let report = report();
        assert_eq!(report.number(&["c", "0.8"], "recovery"), Some(1_234.56));
        assert_eq!(report.number(&["c", "0.95"], "recovery"), None);
        assert_eq!(report.number(&["a, \"b\""], "recovery"), None, "it never came to be");
        assert_eq!(report.number(&["c"], "nothing"), None);
    }

    #[test]
    fn csv_quotes_what_would_break_it_and_leaves_out_what_never_was() {
        assert_eq!(report().csv(), "policy,load,recovery\n\"a, \"\"b\"\"\",0.95,\nc,0.8,1235\n");
    }

    #[test]
    fn people_see_a_table_and_a_verdict() {
        let expected = "a, seed 1, times in units of 1s\n\
             policy  load  recovery\n\
             a, \"b\"  0.95     never\n\
             c        0.8      1235\n\
             So it is.\nLimits: none.\nWithout effect here: cache: needs a key\n";
        assert_eq!(report().to_string(), expected);
    }
}
