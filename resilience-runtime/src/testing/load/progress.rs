//! How far a load is. In: counts of a run under way. Out: what a caller shows of it, or one line on a terminal.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// How often it is told.
pub(super) const EVERY: Duration = Duration::from_millis(200);

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
        let Self { elapsed, lasts, scheduled, ended, ok, in_flight, not_started } = self;
        let (elapsed, lasts) = (elapsed.as_secs_f64(), lasts.as_secs_f64());
        write!(
            f,
            "{elapsed:.1}s of {lasts:.1}s  {ended} of {scheduled} ended  {ok} ok  {in_flight} in flight"
        )?;
        if *not_started > 0 {
            write!(f, "  {not_started} not started")?;
        }
        Ok(())
    }
}

/// Shows it on the terminal of the standard error, in one line that is gone at the end; on nothing else.
pub(super) fn on_terminal() -> Option<Told> {
    let stderr = io::stderr();
    stderr.is_terminal().then(|| {
        let line = Line(stderr);
        Box::new(move |progress: &Progress| line.show(&progress.to_string())) as Told
    })
}

/// The line, which is cleared when it is dropped.
struct Line(io::Stderr);

impl Line {
    /// A terminal that cannot be written to is no reason to end a load.
    fn show(&self, text: &str) {
        let mut out = self.0.lock();
        let _ = write!(out, "\r\u{1b}[2K{text}").and_then(|()| out.flush());
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.show("");
    }
}
