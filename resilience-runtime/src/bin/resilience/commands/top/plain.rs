//! Writes the table of `resilience top` as lines, without a screen.

use std::io;

use super::numbers::{percent, rate, time};
use super::view::View;
use crate::output::{Output, Tone};
use crate::table::broken;

/// Writes the table once.
pub(super) fn write(view: &View, output: &mut Output) -> io::Result<()> {
    for (tone, line) in lines(view, output.columns()) {
        output.line(output.tint(tone, line))?;
    }
    Ok(())
}

/// A line for each service. Reasons that do not fit behind it stand below, set in and broken between words.
pub(super) fn lines(view: &View, columns: usize) -> Vec<(Tone, String)> {
    let rows = view.shown();
    let longest = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let name = longest.clamp(7, 40);
    let title = format!(
        "{:name$}  {:>6}  {:>13}  {:>7}  {:>6}  {:>7}  {:>7}",
        "SERVICE", "HEALTH", "BREAKER", "CALLS/S", "OK", "P99", "RETRIES"
    );
    let mut lines = vec![(Tone::Strong, title)];
    for row in rows {
        let tone = match row.health {
            90.. => Tone::Good,
            60.. => Tone::Odd,
            _ => Tone::Bad,
        };
        let mut line = format!(
            "{:name$}  {:>6}  {:>13}  {:>7}  {:>6}  {:>7}  {:>7}",
            row.name,
            row.health,
            row.breaker,
            rate(row.rate),
            percent(row.success),
            time(row.p99),
            percent(row.retries),
        );
        let reasons = row.reasons.join(", ");
        let has_room = line.chars().count() + 2 + reasons.chars().count() <= columns;
        if has_room && !reasons.is_empty() {
            line.extend(["  ", &reasons]);
        }
        lines.push((tone, line));
        if !has_room {
            lines.extend(broken(&reasons, columns).into_iter().map(|line| (tone, format!("      {line}"))));
        }
    }
    lines
}
