//! The view goes in, the same table as lines without a terminal comes out.

use std::io;

use super::numbers::{percent, rate, time};
use super::view::View;
use crate::output::{Output, Tone};

/// Writes the table once.
pub(super) fn write(view: &View, output: &mut Output) -> io::Result<()> {
    let rows = view.shown();
    let longest = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let name = longest.clamp(7, 40);
    let title = format!(
        "{:name$}  {:>6}  {:>13}  {:>7}  {:>6}  {:>7}  {:>7}",
        "SERVICE", "HEALTH", "BREAKER", "CALLS/S", "OK", "P99", "RETRIES"
    );
    output.line(output.tint(Tone::Strong, title))?;
    for row in rows {
        let line = format!(
            "{:name$}  {:>6}  {:>13}  {:>7}  {:>6}  {:>7}  {:>7}  {}",
            row.name,
            row.health,
            row.breaker,
            rate(row.rate),
            percent(row.success),
            time(row.p99),
            percent(row.retries),
            row.reasons.join(", ")
        );
        let tone = match row.health {
            90.. => Tone::Good,
            60.. => Tone::Odd,
            _ => Tone::Bad,
        };
        output.line(output.tint(tone, line.trim_end()))?;
    }
    Ok(())
}
