//! The last tick and a new snapshot go in, the new tick comes out: the rows as text, each with when it changed. The text is
//! made here once, and shared by all clients.

use std::collections::HashMap;
use std::sync::Arc;

use hyper::body::Bytes;

use super::row::row;
use crate::monitor::snapshot::{DashboardData, EventSnapshot};

/// The most events that are kept for clients who come back: as many as the history has.
const EVENTS: usize = 512;

/// What clients see from one second to the next.
#[derive(Debug, Default)]
pub(super) struct Tick {
    /// How many there were before. A client's place in the stream.
    pub(super) number: u64,
    /// Grows when a service is gone: the places of rows are others then.
    pub(super) generation: u64,
    pub(super) taken_at_ms: u64,
    pub(super) process: Bytes,
    /// In the order in which they were first seen, so that each keeps its place.
    pub(super) rows: Vec<Row>,
    /// The last events, oldest first.
    pub(super) events: Vec<Told>,
}

/// A rare event as text.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) id: u64,
    pub(super) json: Bytes,
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    name: Arc<str>,
    /// What is to be seen at once when it changes.
    alarm: (u8, &'static str),
    pub(super) json: Bytes,
    /// The tick that it last changed with.
    pub(super) changed: u64,
    /// The tick that its health or its breaker last changed with.
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
        let mut told = self.events.clone();
        told.extend(events.iter().map(|event| Told { id: event.id, json: text(event) }));
        told.drain(..told.len().saturating_sub(EVENTS));
        let process = text(&data.process);
        Self { number, generation, taken_at_ms: data.taken_at_ms, process, rows, events: told }
    }

    /// The rows with what is new in them; `None` when one is gone.
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

/// Types of our own, without maps of anything but texts: they can always be written.
fn text(value: &impl serde::Serialize) -> Bytes {
    serde_json::to_vec(value).unwrap_or_else(|_| b"null".to_vec()).into()
}
