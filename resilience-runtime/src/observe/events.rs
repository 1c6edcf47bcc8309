//! Reads events for subscribers, each with a place of its own.

use crate::monitor::snapshot::{CallEventBatch, EventBatch};
use crate::registry::Registry;

/// Reads the events of a registry, each once. Made by [`Monitor::subscribe`](super::Monitor::subscribe).
///
/// It holds nobody up: events that it does not read in time are forgotten, the oldest first, and it is told how many.
///
/// ```
/// let mut events = resilience_runtime::monitor().subscribe();
/// let batch = events.read();
/// println!("{} events, and {} before them that came too fast", batch.events.len(), batch.missed);
/// for event in events.read_calls().events {
///     println!("{} of {}: {}, {:?}", event.kind, event.service, event.reason, event.what);
/// }
/// ```
#[derive(Debug)]
pub struct EventReader {
    registry: &'static Registry,
    last: u64,
    calls_seen: u64,
}

impl EventReader {
    /// One that has seen all up to now.
    pub(super) fn new(registry: &'static Registry) -> Self {
        let history = &registry.shared.history;
        Self { registry, last: history.last(), calls_seen: history.calls.join() }
    }

    /// The rare things that have happened since it last read.
    pub fn read(&mut self) -> EventBatch {
        let history = &self.registry.shared.history;
        let batch = history.after(self.last);
        history.note_missed(batch.missed);
        if let Some(event) = batch.events.last() {
            self.last = event.id;
        }
        batch
    }

    /// What has happened to single calls since it last read this: retries, failed calls and fallbacks that were used. Of each
    /// service 100 are told in a second, with how many were left out, and nothing of calls that succeed at once. The last
    /// 1,024 are kept.
    pub fn read_calls(&mut self) -> CallEventBatch {
        let history = &self.registry.shared.history;
        let batch = history.calls.after(&mut self.calls_seen);
        history.note_missed(batch.missed);
        batch
    }
}

impl Drop for EventReader {
    fn drop(&mut self) {
        self.registry.shared.history.calls.leave();
    }
}
