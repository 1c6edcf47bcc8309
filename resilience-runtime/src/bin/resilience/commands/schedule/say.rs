//! Writes what `resilience schedule` says: a table and a drawing for people.

use super::play::{Played, Spread};
use crate::failure::Failure;
use crate::output::{Output, Tone};
use crate::reading::counted;
use crate::shown::time;
use crate::table::Table;

pub(super) fn say(played: &Played, output: &mut Output) -> Result<(), Failure> {
    let Some(total) = &played.total else {
        output.line("there are no retries, and so no delays")?;
        return Ok(());
    };
    let strategy = output.tint(Tone::Strong, played.strategy);
    let (played_calls, seed) = (counted(played.calls, "call"), played.seed);
    output.line(format_args!("{strategy}, {played_calls} without a success, seed {seed}"))?;
    let mut table = Table::default();
    let head = ["retry", "least", "median", "p90", "p99", "most", "mean"];
    table.row(head.iter().map(|name| (Tone::Faint, (*name).to_owned())).collect(), Vec::new());
    for spread in played.retries.iter().chain([total]) {
        let name = spread.retry.map_or_else(|| "all".to_owned(), |retry| retry.to_string());
        let times = [spread.least, spread.p50, spread.p90, spread.p99, spread.most, spread.mean];
        let cells = times.iter().map(|seconds| (Tone::Plain, time(*seconds)));
        table.row(std::iter::once((Tone::Strong, name)).chain(cells).collect(), Vec::new());
    }
    table.write(output)?;
    for note in played.notes() {
        let word = output.tint(Tone::Odd, "note");
        output.sentence(&format!("{word}: {note}"), "note: ".len())?;
    }
    draw(&played.retries, output)?;
    if let Some(deadline) = played.deadline.filter(|deadline| *deadline < total.most) {
        let odd = output.tint(Tone::Odd, "warning");
        let (most, deadline) = (time(total.most), time(deadline));
        let delays = if played.is_whole() { "all delays together" } else { "these delays together" };
        let warning = format!("{odd}: {delays} may be {most}, and the deadline is {deadline}");
        output.sentence(&warning, "warning: ".len())?;
    }
    Ok(())
}

/// From the least to the most a line, from the median to p90 a thick one.
fn draw(retries: &[Spread], output: &mut Output) -> Result<(), Failure> {
    let longest = retries.iter().map(|spread| spread.most).fold(0.0, f64::max);
    if longest <= 0.0 {
        return Ok(());
    }
    let columns = output.columns().saturating_sub(12).clamp(20, 100);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of at most a hundred columns"
    )]
    let column =
        |seconds: f64| ((seconds / longest * (columns - 1) as f64).round() as usize).min(columns - 1);
    output.line("")?;
    for spread in retries {
        let mut line = vec![' '; columns];
        line[column(spread.least)..=column(spread.most)].fill('─');
        line[column(spread.p50)..=column(spread.p90)].fill('━');
        line[column(spread.p50)] = '┃';
        let line: String = line.into_iter().collect();
        let number = spread.retry.unwrap_or_default();
        let line = output.tint(Tone::Good, line.trim_end());
        output.line(format_args!("  {number:>3}  {line}"))?;
    }
    let width = columns.saturating_sub(1);
    let scale = output.tint(Tone::Faint, format!("0{:>width$}", time(longest)));
    output.line(format_args!("       {scale}"))?;
    let legend = output.tint(Tone::Faint, "─ least to most   ┃ median   ━ to p90");
    output.line(format_args!("       {legend}"))?;
    Ok(())
}
