//! Writes the report of a load test as text. In: a report and a width. Out: lines for people.

use std::fmt::{self, Write as _};
use std::time::Duration;

use resilience_settings::duration;
use resilience_settings::printable::Printable;

use super::json::PERCENTILES;
use super::outcome::Report;
use super::threshold_result::Verdict;
use crate::testing::load::threshold::Value;
use crate::testing::prose::wrapped;

/// Narrower terminals get the text of this width.
const NARROWEST: usize = 40;

/// Columns of a bar at most: longer ones are no easier to compare.
const LONGEST_BAR: usize = 60;

/// Eighths of a column.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

const GREEN: &str = "\u{1b}[32m";
const RED: &str = "\u{1b}[31m";
const YELLOW: &str = "\u{1b}[33m";
const BOLD: &str = "\u{1b}[1m";

/// The text as far as it is written.
struct Page {
    text: String,
    width: usize,
    is_coloured: bool,
}

impl Page {
    fn line(&mut self, line: fmt::Arguments<'_>) {
        // A `String` takes everything.
        let _ = writeln!(self.text, "{line}");
    }

    fn heading(&mut self, words: &str) {
        let words = self.in_colour(BOLD, words);
        self.line(format_args!("\n{words}"));
    }

    fn in_colour(&self, colour: &str, words: &str) -> String {
        if self.is_coloured { format!("{colour}{words}\u{1b}[0m") } else { words.to_owned() }
    }
}

impl Report {
    /// The report for people, in lines of at most that many columns where words can be cut, with colours or without.
    pub fn to_text(&self, columns: usize, is_coloured: bool) -> String {
        let mut page = Page { text: String::new(), width: columns.max(NARROWEST), is_coloured };
        let heading = format!("load: {}", self.schedule);
        let heading = page.in_colour(BOLD, &heading);
        page.line(format_args!("{heading}, seed {}", self.seed));
        self.calls(&mut page);
        self.times(&mut page);
        self.course(&mut page);
        self.errors(&mut page);
        self.reached(&mut page);
        self.compared(&mut page);
        self.in_one_line(&mut page);
        page.text
    }

    fn calls(&self, page: &mut Page) {
        page.heading("calls");
        let scheduled = self.scheduled();
        for (count, what) in [
            (scheduled, "scheduled"),
            (self.ok(), "ok"),
            (self.failed(), "failed"),
            (self.rejections(), "rejected by the library"),
            (self.panicked(), "panicked"),
            (self.not_started(), "not started"),
            (self.unfinished(), "unfinished"),
        ] {
            if count == 0 && !matches!(what, "ok" | "failed" | "scheduled") {
                continue;
            }
            let count_of = if what == "scheduled" {
                String::new()
            } else {
                #[expect(clippy::cast_precision_loss, reason = "at most ten million")]
                let share = Value::Share(count as f64 / scheduled as f64);
                format!("  {:>8}", share.to_string())
            };
            let note = match what {
                "not started" => match self.counted.limits.in_flight {
                    1 => "  1 was in flight".to_owned(),
                    limit => format!("  {limit} were in flight"),
                },
                "unfinished" => format!("  after {} more", duration::text(self.counted.limits.drain)),
                _ => String::new(),
            };
            let line = format!("  {what:<22} {count:>9}{count_of}{note}");
            page.line(format_args!("{}", line.trim_end()));
        }
        let lateness = [50.0, 99.0, 100.0].map(|percent| Value::Time(self.lateness(percent)).to_string());
        let [half, most, worst] = lateness;
        page.line(format_args!("  {:<22} {:>9}", "ended", Value::PerSecond(self.rate()).to_string()));
        page.line(format_args!("  {:<22} {:>9}", "in flight, at most", self.most_in_flight()));
        page.line(format_args!("  {:<22} {half:>9} p50  {most:>9} p99  {worst:>9} max", "began late by"));
    }

    fn times(&self, page: &mut Page) {
        page.heading("latency from the intended start");
        if self.is_saturated() {
            let words = page.in_colour(RED, "  none: the generator was late itself.");
            page.line(format_args!("{words}"));
            page.line(format_args!("  Lower the rate, give it more cores, or run it on another machine."));
            return;
        }
        let mut rows: Vec<_> =
            PERCENTILES.iter().map(|(name, percent)| (*name, self.percentile(*percent))).collect();
        rows.push(("max", self.max()));
        let longest = rows.iter().filter_map(|(_, time)| *time).max().unwrap_or_default();
        let columns = page.width.saturating_sub(24).min(LONGEST_BAR);
        for (name, time) in rows {
            match time {
                Some(time) => {
                    let bar = "█".repeat(part_of(time, longest, columns).max(1));
                    page.line(format_args!("  {name:<6} {:>9}  {bar}", Value::Time(time).to_string()));
                }
                None => page.line(format_args!("  {name:<6}   unknown  above all that was measured")),
            }
        }
        if let Some(mean) = self.mean() {
            page.line(format_args!("  {:<6} {:>9}", "mean", Value::Time(mean).to_string()));
        }
    }

    fn course(&self, page: &mut Page) {
        let steps = &self.counted.recorder.steps;
        if self.is_saturated() || steps.len() < 2 || self.counted.recorder.latency.is_empty() {
            return;
        }
        let times: Vec<_> = steps
            .iter()
            .map(|step| {
                (!step.latency.is_empty()).then(|| Duration::from_nanos(step.latency.value_at_quantile(0.99)))
            })
            .collect();
        let longest = times.iter().flatten().max().copied().unwrap_or_default();
        let room = page.width.saturating_sub(2).max(1);
        // Steps side by side share a column where there are more of them: of each, the longest counts.
        let line: String = times
            .chunks(times.len().div_ceil(room))
            .map(|chunk| match chunk.iter().flatten().max() {
                Some(time) => BLOCKS[part_of(*time, longest, BLOCKS.len() - 1)],
                None => ' ',
            })
            .collect();
        page.heading(&format!(
            "p99 over time, each step {}, up to {}",
            Value::Time(self.counted.recorder.step),
            Value::Time(longest)
        ));
        page.line(format_args!("  {line}"));
    }

    fn errors(&self, page: &mut Page) {
        if self.rejections() > 0 {
            page.heading("rejected");
            for (kind, count) in self.rejected() {
                page.line(format_args!("  {count:>9}  {}", kind.name()));
            }
        }
        if self.classes().next().is_some() {
            page.heading("errors");
            let room = page.width.saturating_sub(13);
            for (class, count) in self.classes() {
                // Two that begin alike would be one if they were cut.
                let class = Printable(class).to_string();
                let mut lines = wrapped(&class, room).into_iter();
                page.line(format_args!("  {count:>9}  {}", lines.next().unwrap_or_default()));
                for rest in lines {
                    page.line(format_args!("{:13}{rest}", ""));
                }
            }
        }
    }

    fn reached(&self, page: &mut Page) {
        if self.judged.is_empty() {
            return;
        }
        page.heading("thresholds");
        let widest =
            self.judged.iter().map(|one| one.threshold().to_string().chars().count()).max().unwrap_or(0);
        for judged in &self.judged {
            let word = match judged.is_met() {
                Some(true) => page.in_colour(GREEN, "ok    "),
                Some(false) => page.in_colour(RED, "MISSED"),
                None => page.in_colour(YELLOW, "?     "),
            };
            page.line(format_args!("  {word}  {:widest$}  {judged}", judged.threshold()));
        }
    }

    fn compared(&self, page: &mut Page) {
        let Some(comparison) = &self.comparison else { return };
        let (percent, points) = (comparison.percent(), comparison.points());
        page.heading(&format!("against the earlier run, {percent} % allowed, {points} points of success"));
        for change in comparison.changes() {
            let word = if change.is_worse() {
                page.in_colour(RED, "WORSE ")
            } else {
                page.in_colour(GREEN, "ok    ")
            };
            let now = change.now.map_or_else(|| "unknown".to_owned(), |now| now.to_string());
            let by = match (change.points(), change.percent()) {
                (Some(points), _) => format!("{points:+.2} points"),
                (None, Some(percent)) => format!("{percent:+.1} %"),
                (None, None) => String::new(),
            };
            let before = change.before.to_string();
            page.line(format_args!("  {word}  {:<8} {before:>9} -> {now:>9}  {by}", change.metric()));
        }
    }

    fn in_one_line(&self, page: &mut Page) {
        let words = match self.verdict() {
            Verdict::Passed if !self.is_judged() => "measured, and held to no threshold".to_owned(),
            Verdict::Passed => page.in_colour(GREEN, "passed"),
            Verdict::Failed => page.in_colour(RED, "failed"),
            Verdict::Saturated => page.in_colour(RED, "saturated: nothing was measured"),
        };
        page.line(format_args!("\n{words}"));
    }
}

/// How much of `most` a part of `whole` is.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "columns of a terminal"
)]
fn part_of(part: Duration, whole: Duration, most: usize) -> usize {
    if whole.is_zero() {
        return 0;
    }
    ((part.as_secs_f64() / whole.as_secs_f64() * most as f64).round() as usize).min(most)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(80, false))
    }
}
