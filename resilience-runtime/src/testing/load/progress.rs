//! Shows how far a load test is. In: counts of a run under way. Out: what a caller shows of it, or one line on a terminal.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use super::terminal::takes_commands;

/// How often it is told.
pub(super) const EVERY: Duration = Duration::from_millis(200);

/// How wide a terminal is that does not say it.
const COLUMNS: usize = 80;

/// How far a load is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Since the begin.
    pub elapsed: Duration,
    /// How long calls are started for.
    pub lasts: Duration,
    /// Calls in the schedule.
    pub scheduled: u64,
    /// Calls that have ended, in whatever way.
    pub ended: u64,
    /// Calls that returned `Ok`.
    pub ok: u64,
    /// Calls under way.
    pub in_flight: u64,
    /// Calls that the limit kept from starting.
    pub not_started: u64,
}

/// Who is told.
pub(super) type Told = Box<dyn FnMut(&Progress) + Send>;

impl fmt::Display for Progress {
    /// One line: `12.4s of 30s  2480 of 6000 ended  2470 ok  10 in flight`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.parts().into_iter().map(|(_, part)| part).collect();
        f.write_str(&parts.join("  "))
    }
}

impl Progress {
    /// The line in at most that many columns: what says least is left out first, and what is left is cut.
    pub fn to_text(&self, columns: usize) -> String {
        let mut parts = self.parts();
        let joined = |parts: &[(u8, String)]| {
            parts.iter().map(|(_, part)| part.as_str()).collect::<Vec<_>>().join("  ")
        };
        while parts.len() > 1 && joined(&parts).chars().count() > columns {
            let least = parts.iter().map(|(weight, _)| *weight).min();
            parts.retain(|(weight, _)| Some(*weight) != least);
        }
        joined(&parts).chars().take(columns).collect()
    }

    /// In their order, each with its weight.
    fn parts(&self) -> Vec<(u8, String)> {
        let Self { elapsed, lasts, scheduled, ended, ok, in_flight, not_started } = self;
        let (elapsed, lasts) = (elapsed.as_secs_f64(), lasts.as_secs_f64());
        let mut parts = vec![
            (2, format!("{elapsed:.1}s of {lasts:.1}s")),
            (4, format!("{ended} of {scheduled} ended")),
            (1, format!("{ok} ok")),
            (0, format!("{in_flight} in flight")),
        ];
        if *not_started > 0 {
            parts.push((3, format!("{not_started} not started")));
        }
        parts
    }
}

/// Shows it on the terminal of the standard error, in one line that is gone at the end; on nothing else, and not on a terminal
/// that knows no commands and would show them.
pub(super) fn on_terminal() -> Option<Told> {
    let stderr = io::stderr();
    (stderr.is_terminal() && takes_commands()).then(|| {
        let line = Line(stderr);
        // A line in the last column too would be broken by some terminals.
        Box::new(move |progress: &Progress| line.show(&progress.to_text(columns() - 1))) as Told
    })
}

/// How wide the terminal is now, which may change.
fn columns() -> usize {
    known_columns().unwrap_or(COLUMNS).max(2)
}

/// Only the program `resilience` has the means to ask; elsewhere the terminal cuts what is longer than its lines.
#[cfg(feature = "cli")]
fn known_columns() -> Option<usize> {
    terminal_size::terminal_size_of(io::stderr()).map(|(terminal_size::Width(columns), _)| columns.into())
}

#[cfg(not(feature = "cli"))]
const fn known_columns() -> Option<usize> {
    None
}

/// The line, which is cleared when it is dropped.
struct Line(io::Stderr);

impl Line {
    /// A terminal that cannot be written to is no reason to end a load.
    fn show(&self, text: &str) {
        let mut out = self.0.lock();
        // Where it is longer than a line after all, the terminal cuts it: a line that is broken leaves its begin behind.
        let _ = write!(out, "\r\u{1b}[2K\u{1b}[?7l{text}\u{1b}[?7h").and_then(|()| out.flush());
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.show("");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_fits_and_keeps_what_says_most() {
        let progress = Progress {
            elapsed: Duration::from_millis(123_400),
            lasts: Duration::from_mins(5),
            scheduled: 300_000,
            ended: 123_456,
            ok: 123_000,
            in_flight: 1_234,
            not_started: 5_678,
        };
        let whole = "123.4s of 300.0s  123456 of 300000 ended  123000 ok  1234 in flight  5678 not started";
        assert_eq!((progress.to_string().as_str(), progress.to_text(200).as_str()), (whole, whole));
        for (columns, line) in [
            (79, "123.4s of 300.0s  123456 of 300000 ended  123000 ok  5678 not started"),
            (60, "123.4s of 300.0s  123456 of 300000 ended  5678 not started"),
            (45, "123456 of 300000 ended  5678 not started"),
            (30, "123456 of 300000 ended"),
            (6, "123456"),
            (0, ""),
        ] {
            assert_eq!(progress.to_text(columns), line);
        }
    }
}
