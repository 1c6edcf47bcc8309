//! Readers of rare events. In: the history of a registry. Out: to each reader, each event once.

use crate::monitor::snapshot::EventBatch;
use crate::registry::Registry;

/// Reads the rare events of a registry, each once. Made by [`Monitor::subscribe`](super::Monitor::subscribe).
///
/// It holds nobody up: events that it does not read in time are forgotten, the oldest first, and it is told how many.
///
/// ```
/// let mut events = resilience_runtime::monitor().subscribe();
/// let batch = events.read();
/// println!("{} events, and {} before them that came too fast", batch.events.len(), batch.missed);
/// ```
#[derive(Debug)]
pub struct EventReader {
    registry: &'static Registry,
    last: u64,
}

impl EventReader {
    /// A reader that has seen all events up to this number.
    pub(super) fn after(registry: &'static Registry, last: u64) -> Self {
        Self { registry, last }
    }

    /// The events since the last read.
    pub fn read(&mut self) -> EventBatch {
        let history = &self.registry.shared.history;
        let batch = history.after(self.last);
        history.note_missed(batch.missed);
        if let Some(event) = batch.events.last() {
            self.last = event.id;
        }
        batch
    }
}
