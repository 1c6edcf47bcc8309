//! Makes the next tick of the live stream out of a new snapshot. In: the last tick and a new snapshot. Out: the new tick, with the
//! fields of each row and when they last changed. The text of a row is made once and shared by all clients that have seen as much
//! of it.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use hyper::body::Bytes;

use super::fields::Field;
use super::row::Row as Fresh;
use crate::monitor::snapshot::{DashboardData, EventSnapshot, ServiceSnapshot};

/// How many events are kept for clients that reconnect: as many as the history has.
const EVENTS: usize = 512;

/// The state that clients see for one second.
#[derive(Debug, Default)]
pub(super) struct Tick {
    /// The number of ticks before. A position in the stream.
    pub(super) number: u64,
    /// Grows when a service is gone: then rows have other indices.
    pub(super) generation: u64,
    pub(super) taken_at_ms: u64,
    pub(super) process: Bytes,
    /// In the order in which they were first seen, so that each keeps its index.
    pub(super) rows: Vec<Row>,
    /// The last events, oldest first.
    pub(super) events: Vec<EventText>,
}

/// A rare event as text.
#[derive(Clone, Debug)]
pub(super) struct EventText {
    pub(super) id: u64,
    pub(super) json: Bytes,
}

/// So many ticks back, a client is sent what has changed, and before that the whole row: most have seen the tick before,
/// and those that the limit keeps back a few more.
const PARTS: usize = 8;

#[derive(Debug)]
pub(super) struct Row {
    name: Arc<str>,
    /// Values whose changes are sent first.
    alarm: (u8, &'static str),
    fields: Field,
    /// The tick in which its health or its breaker last changed.
    pub(super) alarmed: u64,
    whole: OnceLock<Bytes>,
    /// What changed after the tick before, the one before that, and so on.
    parts: [OnceLock<Bytes>; PARTS],
}

impl Row {
    /// The row at this tick; `old` is that of the tick before.
    fn new(service: &ServiceSnapshot, old: Option<&Self>, tick: u64) -> Self {
        let row = Fresh::of(service);
        let alarm = (row.health.score, row.breaker.state);
        let value = serde_json::to_value(&row).unwrap_or_default();
        Self {
            name: old.map_or_else(|| row.name.into(), |old| Arc::clone(&old.name)),
            alarm,
            fields: Field::new(value, old.map(|old| &old.fields), tick),
            alarmed: old.filter(|old| old.alarm == alarm).map_or(tick, |old| old.alarmed),
            whole: OnceLock::new(),
            parts: [const { OnceLock::new() }; PARTS],
        }
    }

    /// The tick that it last changed with.
    pub(super) fn changed(&self) -> u64 {
        self.fields.changed()
    }

    /// What a client has to know at the tick `now` that has seen the row as it was at the tick `seen`; 0 for never.
    pub(super) fn text(&self, seen: u64, now: u64) -> &Bytes {
        let ago = usize::try_from(now.saturating_sub(seen).saturating_sub(1)).unwrap_or(PARTS);
        let (text, seen) = match self.parts.get(ago) {
            Some(part) if seen > 0 => (part, seen),
            _ => (&self.whole, 0),
        };
        text.get_or_init(|| {
            let mut text = String::new();
            self.fields.write_after(seen, "name", &mut text);
            text.into()
        })
    }
}

impl Tick {
    /// The last event that is known.
    pub(super) fn last_event(&self) -> u64 {
        self.events.last().map_or(0, |event| event.id)
    }

    pub(super) fn next(&self, data: &DashboardData, events: &[EventSnapshot]) -> Self {
        let number = self.number + 1;
        let (generation, rows) = match self.updated(&data.services, number) {
            Some(rows) => (self.generation, rows),
            None => (number, data.services.iter().map(|of| Row::new(of, None, number)).collect()),
        };
        let mut sent = self.events.clone();
        sent.extend(events.iter().map(|event| EventText { id: event.id, json: text(event) }));
        sent.drain(..sent.len().saturating_sub(EVENTS));
        let process = text(&data.process);
        Self { number, generation, taken_at_ms: data.taken_at_ms, process, rows, events: sent }
    }

    /// The rows with their changes; `None` if one is gone.
    fn updated(&self, services: &[ServiceSnapshot], number: u64) -> Option<Vec<Row>> {
        let mut new: HashMap<&str, &ServiceSnapshot> =
            services.iter().map(|service| (&*service.name, service)).collect();
        let mut rows = Vec::with_capacity(services.len());
        for old in &self.rows {
            let service = new.remove(&*old.name)?;
            rows.push(Row::new(service, Some(old), number));
        }
        let added = services.iter().filter(|service| new.contains_key(&*service.name));
        rows.extend(added.map(|service| Row::new(service, None, number)));
        Some(rows)
    }
}

/// Cannot fail: these types have maps with text keys only.
fn text(value: &impl serde::Serialize) -> Bytes {
    serde_json::to_vec(value).unwrap_or_else(|_| b"null".to_vec()).into()
}
