//! Ticks. In: the last tick and a new snapshot. Out: the new tick, with the rows as text and when each last changed.
//! The text is made once and shared by all clients.

use std::collections::HashMap;
use std::sync::Arc;

use hyper::body::Bytes;

use super::row::row;
use crate::monitor::snapshot::{DashboardData, EventSnapshot};

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

#[derive(Clone, Debug)]
pub(super) struct Row {
    name: Arc<str>,
    /// Values whose changes are sent first.
    alarm: (u8, &'static str),
    pub(super) json: Bytes,
    /// The tick that it last changed with.
    pub(super) changed: u64,
    /// The tick in which its health or its breaker last changed.
    pub(super) alarmed: u64,
}

impl Tick {
    /// The last event that is known.
    pub(super) fn last_event(&self) -> u64 {
        self.events.last().map_or(0, |event| event.id)
    }

    pub(super) fn next(&self, data: DashboardData, events: &[EventSnapshot]) -> Self {
        let number = self.number + 1;
        let mut fresh = Vec::with_capacity(data.services.len());
        for service in data.services {
            let row = row(service);
            let alarm = (row.health.score, row.breaker.state);
            let json = text(&row);
            fresh.push(Row { name: row.name.into(), alarm, json, changed: number, alarmed: number });
        }
        let (generation, rows) = match self.updated(&fresh, number) {
            Some(rows) => (self.generation, rows),
            None => (number, fresh),
        };
        let mut sent = self.events.clone();
        sent.extend(events.iter().map(|event| EventText { id: event.id, json: text(event) }));
        sent.drain(..sent.len().saturating_sub(EVENTS));
        let process = text(&data.process);
        Self { number, generation, taken_at_ms: data.taken_at_ms, process, rows, events: sent }
    }

    /// The rows with their changes; `None` if one is gone.
    fn updated(&self, fresh: &[Row], number: u64) -> Option<Vec<Row>> {
        let mut new: HashMap<&str, &Row> = fresh.iter().map(|row| (&*row.name, row)).collect();
        let mut rows = Vec::with_capacity(fresh.len());
        for old in &self.rows {
            let new = new.remove(&*old.name)?;
            let mut row = old.clone();
            if new.json != old.json {
                row.changed = number;
                row.json = new.json.clone();
            }
            if new.alarm != old.alarm {
                row.alarmed = number;
                row.alarm = new.alarm;
            }
            rows.push(row);
        }
        rows.extend(fresh.iter().filter(|row| new.contains_key(&*row.name)).cloned());
        Some(rows)
    }
}

/// Cannot fail: these types have maps with text keys only.
fn text(value: &impl serde::Serialize) -> Bytes {
    serde_json::to_vec(value).unwrap_or_else(|_| b"null".to_vec()).into()
}
