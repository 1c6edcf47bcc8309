//! Writes the outcome of a suite as text. In: the outcome of a suite. Out: a line for each expectation, and the whole report of a
//! stage in which one was missed.

use std::fmt::{self, Write as _};

use resilience_settings::printable::Printable;

use super::expectation::Met;
use super::outcome::{Stage, SuiteReport};

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
                let _ = write!(text, "  {word}  {what:widest$}  ");
                // A fault of a file takes several lines, with its excerpt.
                let mut lines = expectation.found().lines();
                let _ = writeln!(text, "{}", Printable(lines.next().unwrap_or_default()));
                for line in lines {
                    let _ = writeln!(text, "          {}", Printable(line));
                }
            }
            details(&mut text, stage, columns, is_coloured);
        }
        let [met, missed, unknown] = [Met::Yes, Met::No, Met::Unknown].map(|met| self.count(met));
        let words = match (missed, unknown) {
            (0, 0) => paint("32", &format!("passed: {met} expectations met")),
            _ => paint("31", &format!("failed: {missed} missed, {unknown} not measured, {met} met")),
        };
        let _ = writeln!(text, "\n{words}");
        text
    }
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
