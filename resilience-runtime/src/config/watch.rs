//! A path goes in, its content comes out whenever it differs from the last one seen. One thread of our own; the guard that
//! `watch` returns ends it.
//!
//! Events of the system make it quick, a slow comparison makes it sure: network volumes, some container mounts and an
//! exhausted event quota send no events at all. What counts is always the content, so that touching a file, or writing it
//! in two steps, is no change or one.
//!
//! What is called, and what hears our log, is code of others. Whatever it does, the thread goes on until the guard goes.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{JoinHandle, current};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use super::hops::{Hop, hops};
use super::sight::{Eye, Look, Sight};
use crate::wakers::shielded;

/// With the settling below it, a change that sends no event is seen within 1 s.
const POLL: Duration = Duration::from_millis(500);

/// A writer that pauses for longer has finished, or left a fault that the reader reports.
const QUIET: Duration = Duration::from_millis(50);

/// A file that never comes to rest is read all the same, after so many quiet spans.
const MOST_WAITS: u32 = 6;

/// Longer than any load takes.
const LONGEST_CALL: Duration = Duration::from_secs(3);

enum Signal {
    Touched,
    Stop,
}

/// Keeps a file watched; dropping it ends the watching.
#[derive(Debug)]
pub(crate) struct Watch {
    signals: Sender<Signal>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.signals.send(Signal::Stop);
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
    start(path, Events::Heard, changed)
}

/// Whether the events of the system are listened to; without them only the comparison is left.
#[derive(Clone, Copy, PartialEq)]
enum Events {
    Heard,
    #[cfg(test)]
    Deaf,
}

fn start(
    path: &Path,
    events: Events,
    changed: impl FnMut(io::Result<Vec<u8>>) + Send + 'static,
) -> io::Result<Watch> {
    let mut eye = Eye::new(std::path::absolute(path)?);
    let seen = eye.look(Instant::now()).sight;
    let (signals, inbox) = channel();
    let touched = signals.clone();
    let started = std::thread::Builder::new().name("resilience-config".to_owned()).spawn(move || {
        let watcher = (events == Events::Heard).then(|| listen(touched)).flatten();
        Guard { eye, seen, watcher, hops: HashSet::new() }.run(&inbox, changed);
    });
    let thread = started.map_err(|error| {
        io::Error::new(error.kind(), format!("the thread `resilience-config` cannot be started: {error}"))
    })?;
    Ok(Watch { signals, thread: Some(thread) })
}

/// The events of the system, when it has any to give.
fn listen(touched: Sender<Signal>) -> Option<RecommendedWatcher> {
    notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.map_or(true, |event| is_change(event.kind)) {
            // Nobody hears it when the watch has just ended.
            let _ = touched.send(Signal::Touched);
        }
    })
    .inspect_err(|error| {
        shielded(|| tracing::debug!(%error, "no file events, the configuration is polled"));
    })
    .ok()
}

/// Reading is an event too, and ours would wake us for ever.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}

/// What the thread owns.
struct Guard {
    eye: Eye,
    /// What the last content was that anybody was told of.
    seen: Sight,
    watcher: Option<RecommendedWatcher>,
    hops: HashSet<Hop>,
}

impl Guard {
    fn run(&mut self, inbox: &Receiver<Signal>, mut changed: impl FnMut(io::Result<Vec<u8>>)) {
        self.arm();
        loop {
            match inbox.recv_timeout(POLL) {
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                // Events come in swarms. Looking after the swarm, never before, misses none of them.
                Ok(Signal::Touched) if !rest(inbox) => return,
                Ok(Signal::Touched) | Err(RecvTimeoutError::Timeout) => {}
            }
            let look = self.eye.look_again(Instant::now()).filter(|look| look.sight != self.seen);
            let Some(look) = look else {
                self.arm();
                continue;
            };
            let Some(look) = self.settled(look, inbox) else { return };
            if look.sight == self.seen {
                self.arm();
                continue;
            }
            // The folder may be another one under the same name, and its watch is gone with it.
            self.arm_anew();
            if look.sight != Sight::Nothing {
                self.seen = look.sight;
                shielded(|| changed(look.content));
            }
        }
    }

    /// What is there once it has been the same for a quiet span; `None` when the watch was dropped.
    fn settled(&mut self, mut look: Look, inbox: &Receiver<Signal>) -> Option<Look> {
        for _ in 0..MOST_WAITS {
            if !rest(inbox) {
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

    /// Watches the folder of each hop, unless they are watched already.
    fn arm(&mut self) {
        let now: HashSet<Hop> = hops(self.eye.path()).into_iter().collect();
        if now != self.hops {
            self.arm_anew();
        }
    }

    fn arm_anew(&mut self) {
        let now: HashSet<Hop> = hops(self.eye.path()).into_iter().collect();
        let Some(watcher) = &mut self.watcher else { return };
        for hop in self.hops.drain() {
            // It may be gone, which is why it is let go.
            let _ = watcher.unwatch(&hop.folder);
        }
        for hop in &now {
            if let Err(error) = watcher.watch(&hop.folder, RecursiveMode::NonRecursive) {
                shielded(|| {
                    let folder = hop.folder.display();
                    tracing::debug!(%error, %folder, "no file events here, the configuration is polled");
                });
            }
        }
        self.hops = now;
    }
}

/// Lets a quiet span go by, and the events in it; `false` when the watch was dropped.
fn rest(inbox: &Receiver<Signal>) -> bool {
    let end = Instant::now() + QUIET;
    loop {
        match inbox.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(Signal::Touched) => {}
            Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
            Err(RecvTimeoutError::Timeout) => return true,
        }
    }
}

#[cfg(test)]
mod tests;
