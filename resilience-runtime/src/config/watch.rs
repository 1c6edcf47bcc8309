//! Decides that a followed file has changed, and when that is told. In: a path. Out: its content, whenever it differs from the last
//! one seen. One thread of our own; the guard that `watch` returns ends it.
//!
//! The system is asked for the stamp of the file again and again. Events of the file system would be heard sooner, but
//! network volumes, some container mounts and an exhausted event quota send none, so that the comparison is needed anyway;
//! it is quick enough for the promise alone. The path is followed anew each time, through whatever links it has become.
//! What counts is always the content, so that touching a file, or writing it in two steps, is no change or one.
//!
//! What is called, and what hears our log, is code of others. Whatever it does, the thread goes on until the guard goes.

use std::io;
use std::path::Path;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

mod sight;
mod stamp;

use self::sight::{Eye, Look, Sight};
use crate::thread::{Rest, Stoppable};
use crate::wakers::shielded;

/// A change is promised to be seen within 1 s: what the settling below takes at most leaves 450 ms for reading.
const POLL: Duration = Duration::from_millis(250);

/// A writer that pauses for longer has finished, or left a fault that the reader reports.
const QUIET: Duration = Duration::from_millis(50);

/// A file that never comes to rest is read all the same, after so many quiet spans.
const MOST_WAITS: u32 = 6;

/// For so long an editor may take a file away, or leave it empty, while it writes it anew.
const GRACE: Duration = Duration::from_secs(2);

/// Longer than any load takes.
const LONGEST_CALL: Duration = Duration::from_secs(3);

/// Keeps a file watched; dropping it ends the watching.
#[derive(Debug)]
pub(crate) struct Watch(Stoppable);

impl Drop for Watch {
    fn drop(&mut self) {
        // Nothing to wait for if it is dropped by the callback itself: the thread ends when the callback returns.
        if let Some(thread) = self.0.end() {
            wait_for(thread);
        }
    }
}

/// Waits until the thread has ended, unless what it calls takes longer than any load: that may be waiting for this very
/// thread. It ends by itself then.
fn wait_for(thread: JoinHandle<()>) {
    let start = Instant::now();
    while !thread.is_finished() {
        if start.elapsed() > LONGEST_CALL {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = thread.join();
}

/// Calls `changed` after each change of the content, on a thread of its own: with the content, or with the reason why what
/// is there now cannot be read and will not be.
///
/// The content at the time of this call is the first one seen: watch first and load then, or a change in
/// between is missed. A file that is missing, cannot be opened, or has become empty is told as such once it has been so
/// for [`GRACE`], and when it is back, whatever is in it then.
pub(crate) fn watch(
    path: &Path,
    changed: impl FnMut(io::Result<Vec<u8>>) + Send + 'static,
) -> io::Result<Watch> {
    let mut eye = Eye::new(std::path::absolute(path)?);
    let first = eye.look(Instant::now());
    let (seen, was_blank) = (first.sight, first.is_blank());
    let run = move |rest: &Rest| {
        Guard { eye, seen, was_blank, away_since: None }.run(rest, changed);
    };
    Stoppable::start("resilience-config", Box::new(run)).map(Watch)
}

/// What the thread owns.
struct Guard {
    eye: Eye,
    /// What the last content was that anybody was told of.
    seen: Sight,
    /// Whether it had no text in it.
    was_blank: bool,
    /// Since when the file has been away without anybody having been told.
    away_since: Option<Instant>,
}

impl Guard {
    fn run(&mut self, rest: &Rest, mut changed: impl FnMut(io::Result<Vec<u8>>)) {
        while rest.lasts(POLL) {
            let Some(look) = self.changed_look() else {
                self.away_since = None;
                continue;
            };
            let Some(look) = self.settled(look, rest) else { return };
            if look.sight == self.seen {
                self.away_since = None;
                continue;
            }
            if self.is_worth_telling(&look) {
                self.seen = look.sight;
                if look.content.is_ok() {
                    self.was_blank = look.is_blank();
                }
                shielded(|| changed(look.content));
            }
        }
    }

    /// What there is, unless it is what was last told.
    fn changed_look(&mut self) -> Option<Look> {
        let now = Instant::now();
        // Nobody has been told of a file that is away, so that it rests is no reason not to look.
        let look = match self.away_since {
            Some(_) => Some(self.eye.look(now)),
            None => self.eye.look_again(now),
        };
        look.map(|look| self.judged(look)).filter(|look| look.sight != self.seen)
    }

    /// What was seen; a file without text is one like any other where there was none before.
    fn judged(&self, look: Look) -> Look {
        if self.was_blank { look } else { look.emptied() }
    }

    /// Whether it is no more the moment in which somebody writes the file anew.
    fn is_worth_telling(&mut self, look: &Look) -> bool {
        if !matches!(look.sight, Sight::Nothing | Sight::Empty) {
            self.away_since = None;
            return true;
        }
        let now = Instant::now();
        now.duration_since(*self.away_since.get_or_insert(now)) >= GRACE
    }

    /// What is there once it has been the same for a quiet span; `None` when the watch was dropped.
    fn settled(&mut self, mut look: Look, rest: &Rest) -> Option<Look> {
        for _ in 0..MOST_WAITS {
            if !rest.lasts(QUIET) {
                return None;
            }
            let again = self.eye.look(Instant::now());
            let again = self.judged(again);
            let is_same = again.sight == look.sight;
            look = again;
            if is_same {
                break;
            }
        }
        Some(look)
    }
}

#[cfg(test)]
mod tests;
