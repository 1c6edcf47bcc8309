//! A path goes in, its content comes out whenever it differs from the last one seen. One thread of our own; the guard that
//! `watch` returns ends it.
//!
//! The system is asked for the stamp of the file again and again. Events of the file system would be heard sooner, but
//! network volumes, some container mounts and an exhausted event quota send none, so that the comparison is needed anyway;
//! it is quick enough for the promise alone. The path is followed anew each time, through whatever links it has become.
//! What counts is always the content, so that touching a file, or writing it in two steps, is no change or one.
//!
//! What is called, and what hears our log, is code of others. Whatever it does, the thread goes on until the guard goes.

use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{JoinHandle, current};
use std::time::{Duration, Instant};

use super::sight::{Eye, Look, Sight};
use crate::wakers::shielded;

/// A change is promised to be seen within 1 s: what the settling below takes at most leaves 450 ms for reading.
const POLL: Duration = Duration::from_millis(250);

/// A writer that pauses for longer has finished, or left a fault that the reader reports.
const QUIET: Duration = Duration::from_millis(50);

/// A file that never comes to rest is read all the same, after so many quiet spans.
const MOST_WAITS: u32 = 6;

/// Longer than any load takes.
const LONGEST_CALL: Duration = Duration::from_secs(3);

/// What ends the watching: being sent, or losing its sender.
#[derive(Debug)]
struct Stop;

/// Keeps a file watched; dropping it ends the watching.
#[derive(Debug)]
pub(crate) struct Watch {
    signals: Sender<Stop>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.signals.send(Stop);
        if let Some(thread) = self.thread.take()
            // Dropped by the callback itself: the thread ends when the callback returns.
            && thread.thread().id() != current().id()
        {
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
/// between is missed. While the file is missing
/// nothing is called: editors and mounts take files away for a moment when they replace them.
pub(crate) fn watch(
    path: &Path,
    changed: impl FnMut(io::Result<Vec<u8>>) + Send + 'static,
) -> io::Result<Watch> {
    let mut eye = Eye::new(std::path::absolute(path)?);
    let seen = eye.look(Instant::now()).sight;
    let (signals, inbox) = channel();
    let started = std::thread::Builder::new().name("resilience-config".to_owned()).spawn(move || {
        Guard { eye, seen }.run(&inbox, changed);
    });
    let thread = started.map_err(|error| {
        io::Error::new(error.kind(), format!("the thread `resilience-config` cannot be started: {error}"))
    })?;
    Ok(Watch { signals, thread: Some(thread) })
}

/// What the thread owns.
struct Guard {
    eye: Eye,
    /// What the last content was that anybody was told of.
    seen: Sight,
}

impl Guard {
    fn run(&mut self, inbox: &Receiver<Stop>, mut changed: impl FnMut(io::Result<Vec<u8>>)) {
        while rests(inbox, POLL) {
            let look = self.eye.look_again(Instant::now()).filter(|look| look.sight != self.seen);
            let Some(look) = look else { continue };
            let Some(look) = self.settled(look, inbox) else { return };
            if look.sight != self.seen && look.sight != Sight::Nothing {
                self.seen = look.sight;
                shielded(|| changed(look.content));
            }
        }
    }

    /// What is there once it has been the same for a quiet span; `None` when the watch was dropped.
    fn settled(&mut self, mut look: Look, inbox: &Receiver<Stop>) -> Option<Look> {
        for _ in 0..MOST_WAITS {
            if !rests(inbox, QUIET) {
                return None;
            }
            let again = self.eye.look(Instant::now());
            let is_same = again.sight == look.sight;
            look = again;
            if is_same {
                break;
            }
        }
        Some(look)
    }
}

/// Lets a span go by; `false` when the watch was dropped.
fn rests(inbox: &Receiver<Stop>, span: Duration) -> bool {
    matches!(inbox.recv_timeout(span), Err(RecvTimeoutError::Timeout))
}

#[cfg(test)]
mod tests;
