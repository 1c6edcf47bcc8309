//! Keeps the last rare events, a number of them however old, for the list of events. In: events. Out: the last of them, for any
//! number of readers, each from its own position. Single calls never appear here: ten thousand failed calls a second must not
//! push out the one event that explains them.

mod call_events;
mod event_record;
#[cfg(feature = "testing")]
mod record;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use self::call_events::CallEvents;
use self::event_record::EventRecord;
use super::snapshot::{EventBatch, EventSnapshot};
use super::unix::unix_millis;
use crate::clock::{Tick, nanos};
use crate::events::{Event, Hears};
use crate::sync::lock;

#[cfg(feature = "testing")]
pub(crate) use self::record::{Entry, Record, What};

/// How many events are kept.
const KEPT: usize = 512;

/// The last rare events of a registry.
#[derive(Debug, Default)]
pub(crate) struct History {
    events: Mutex<Events>,
    missed: AtomicU64,
    /// What happens to single calls, for subscribers.
    pub(crate) calls: CallEvents,
    /// All that has happened, for assertions.
    #[cfg(feature = "testing")]
    pub(crate) record: Option<Record>,
}

#[derive(Debug, Default)]
struct Events {
    last: u64,
    kept: VecDeque<EventSnapshot>,
}

#[cfg(feature = "testing")]
impl History {
    /// One that also keeps a record of all that happens.
    pub(crate) fn recorded() -> Self {
        Self { record: Some(Record::new()), ..Self::default() }
    }

    /// Whether it does.
    #[inline]
    pub(crate) fn is_recorded(&self) -> bool {
        self.record.is_some()
    }
}

impl History {
    /// Adds an event.
    #[cold]
    fn add(&self, record: EventRecord) {
        let at_ms = unix_millis(SystemTime::now());
        let EventRecord { kind, service, from, to } = record;
        let mut events = self.lock();
        events.last += 1;
        let id = events.last;
        if events.kept.len() == KEPT {
            events.kept.pop_front();
        }
        events.kept.push_back(EventSnapshot { id, at_ms, kind, service, from, to });
    }

    /// The number of the last event; 0 before the first.
    pub(crate) fn last(&self) -> u64 {
        self.lock().last
    }

    /// The events after this number, and how many of them are no longer kept.
    pub(crate) fn after(&self, id: u64) -> EventBatch {
        let events = self.lock();
        let oldest = events.kept.front().map_or(events.last + 1, |event| event.id);
        let missed = oldest.saturating_sub(id.saturating_add(1));
        let new = events.kept.iter().skip_while(|event| event.id <= id).copied().collect();
        EventBatch { missed, events: new }
    }

    /// Counts events that a reader came too late for.
    pub(crate) fn note_missed(&self, count: u64) {
        self.missed.fetch_add(count, Ordering::Relaxed);
    }

    /// How many events readers came too late for.
    pub(crate) fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Events> {
        lock(&self.events)
    }
}

impl Hears for History {
    fn hear(&self, event: &Event<'_>, left_out: u64) {
        #[cfg(feature = "testing")]
        if let Some(record) = &self.record {
            record.hear(event);
        }
        match event {
            Event::Rare(rare) => {
                if let Some(told) = EventRecord::of(rare) {
                    self.add(told);
                }
            }
            Event::OfCall(function, what) => self.calls.hear(function, what, left_out),
            #[cfg(feature = "testing")]
            Event::Step(..) => {}
        }
    }
}

/// Lets one event through per interval, for kinds of events that can come in thousands.
#[derive(Debug, Default)]
pub(crate) struct MinInterval(AtomicU64);

impl MinInterval {
    /// Whether `every` has passed since it last said yes.
    pub(crate) fn is_due(&self, now: Tick, every: Duration) -> bool {
        let due = self.0.load(Ordering::Relaxed);
        // Of several threads at once, one succeeds.
        now.0 >= due
            && self
                .0
                .compare_exchange(
                    due,
                    now.0.saturating_add(nanos(every)),
                    Ordering::Relaxed,
                    Ordering::Relaxed,
                )
                .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_events_are_kept_and_numbered_without_gaps() {
        let history = History::default();
        assert_eq!((history.last(), history.after(0)), (0, EventBatch::default()));
        for _ in 0..KEPT {
            history.add(EventRecord::of_process("config_applied"));
        }
        let all = history.after(0);
        assert_eq!((all.missed, all.events.len(), all.events[0].id), (0, KEPT, 1));
        history.add(EventRecord::of_service("breaker", "svc").between("closed", "open"));
        let late = history.after(0);
        assert_eq!((late.missed, late.events.len(), late.events[0].id), (1, KEPT, 2));
        let new = history.after(KEPT as u64);
        assert_eq!((new.missed, new.events.len()), (0, 1));
        let event = new.events[0];
        assert_eq!((event.service, event.from, event.to), (Some("svc"), Some("closed"), Some("open")));
        assert_eq!(history.after(history.last()), EventBatch::default());
        assert_eq!(history.after(u64::MAX), EventBatch::default(), "of another process");
    }

    #[test]
    fn an_event_is_let_through_once_per_interval() {
        let interval = MinInterval::default();
        let due = (0..30).filter(|tenth| {
            interval.is_due(Tick(5_000_000_000 + tenth * 100_000_000), Duration::from_secs(1))
        });
        assert_eq!(due.collect::<Vec<_>>(), [0, 10, 20]);
    }
}
