//! Writes the outcome of a suite as text. In: the outcome of a suite. Out: a line for each expectation, and the whole report of a
//! stage in which one was missed.

use std::fmt::{self, Write as _};

use resilience_settings::printable::Printable;

use super::expectation::Met;
use super::outcome::{Stage, SuiteReport};
use crate::testing::prose::{counted, wrapped};

/// How far lines are set in that do not fit beside what was expected.
const BELOW: usize = 10;

/// So many lines may stand beside what was expected.
const FEW: usize = 3;

/// Columns in which a sentence can be read.
const LEAST_ROOM: usize = 24;

impl SuiteReport {
    /// The report for people, in so many columns, with colours or without.
    pub fn to_text(&self, columns: usize, is_coloured: bool) -> String {
        let mut text = String::new();
        let paint = |colour: &str, words: &str| {
            if is_coloured { format!("\u{1b}[{colour}m{words}\u{1b}[0m") } else { words.to_owned() }
        };
        let _ = writeln!(text, "{}", paint("1", &format!("suite: {}", Printable(&self.name))));
        for stage in &self.stages {
            let heading = format!("{}: {}", stage.kind().name(), Printable(stage.name()));
            let _ = writeln!(text, "\n{}  {:.1} s", paint("1", &heading), stage.lasted().as_secs_f64());
            let all = stage.expectations();
            let widest = all.iter().map(|one| one.what().chars().count()).max().unwrap_or(0).min(columns / 2);
            for expectation in all {
                let word = match expectation.met() {
                    Met::Yes => paint("32", "ok    "),
                    Met::No => paint("31", "MISSED"),
                    Met::Unknown => paint("33", "?     "),
                };
                let what = Printable(expectation.what()).to_string();
                let head = format!("  {word}  {what:widest$}  ");
                // Beside a name that takes most of a line there is room for a word or two.
                let beside = ("  MISSED    ".len() + widest.max(what.chars().count())).min(columns);
                found(&mut text, &head, beside, expectation.found(), columns);
            }
            details(&mut text, stage, columns, is_coloured);
        }
        let [met, missed, unknown] = [Met::Yes, Met::No, Met::Unknown].map(|met| self.count(met));
        let words = match (missed, unknown) {
            (0, 0) => paint("32", &format!("passed: {} met", counted(met, "expectation"))),
            (0, unknown) => paint("33", &format!("not measured: {unknown}, and {met} met")),
            (missed, 0) => paint("31", &format!("failed: {missed} missed, {met} met")),
            (missed, unknown) => {
                paint("31", &format!("failed: {missed} missed, {unknown} not measured, {met} met"))
            }
        };
        let _ = writeln!(text, "\n{words}");
        text
    }
}

/// What came, beside what was expected where it fits there, else below. A fault of a file takes several lines, with its excerpt.
fn found(text: &mut String, head: &str, beside: usize, found: &str, columns: usize) {
    let mut lines = found.lines().map(|line| Printable(line).to_string());
    let first = lines.next().unwrap_or_default();
    let room = columns.saturating_sub(beside);
    // A long list in a narrow column is nothing that anybody reads.
    let fits = first.chars().count() <= room || room >= LEAST_ROOM && wrapped(&first, room).len() <= FEW;
    let mut parts = wrapped(&first, if fits { room } else { columns.saturating_sub(BELOW) }).into_iter();
    if fits {
        let _ = writeln!(text, "{head}{}", parts.next().unwrap_or_default());
    } else {
        let _ = writeln!(text, "{}", head.trim_end());
    }
    let indent = if fits { beside } else { BELOW };
    for part in parts {
        let _ = writeln!(text, "{:indent$}{part}", "");
    }
    for line in lines {
        // An excerpt has the columns of the file.
        let parts =
            if is_excerpt(&line) { vec![line] } else { wrapped(&line, columns.saturating_sub(BELOW)) };
        for part in parts {
            let _ = writeln!(text, "{}", format!("{:BELOW$}{part}", "").trim_end());
        }
    }
}

/// Whether a line shows a place of a file: its name, its text, what points into it.
fn is_excerpt(line: &str) -> bool {
    let line = line.trim_start_matches(|sign: char| sign == ' ' || sign.is_ascii_digit());
    line.starts_with('|') || line.starts_with("-->")
}

/// What was measured where something was missed: the reason is in there.
fn details(text: &mut String, stage: &Stage, columns: usize, is_coloured: bool) {
    let Some(report) = stage.report().filter(|_| !stage.has_passed()) else { return };
    text.push('\n');
    for line in report.to_text(columns.saturating_sub(4), is_coloured).lines() {
        let _ = writeln!(text, "{}", format!("    {line}").trim_end());
    }
}

impl fmt::Display for SuiteReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(80, false))
    }
}
