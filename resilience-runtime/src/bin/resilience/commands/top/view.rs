//! Decides which rows the table of `resilience top` shows and in which order, of snapshots and keys. Pure: it draws nothing.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::Value;

use super::row::Row;
use crate::shown::sentence;

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Sort {
    /// The least healthy first.
    #[default]
    Health,
    /// The busiest first.
    Rate,
    /// The least successful first.
    Success,
    /// The slowest first.
    P99,
    /// By name.
    Name,
}

impl Sort {
    const ALL: [Self; 5] = [Self::Health, Self::Rate, Self::Success, Self::P99, Self::Name];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Rate => "rate",
            Self::Success => "success",
            Self::P99 => "p99",
            Self::Name => "name",
        }
    }

    pub(super) fn next(self) -> Self {
        let place = Self::ALL.iter().position(|sort| *sort == self).unwrap_or(0);
        Self::ALL[(place + 1) % Self::ALL.len()]
    }

    fn compare(self, one: &Row, other: &Row) -> Ordering {
        // What is not known is last.
        let least = |value: Option<f64>| value.unwrap_or(f64::INFINITY);
        let most = |value: Option<f64>| value.unwrap_or(f64::NEG_INFINITY);
        let order = match self {
            Self::Health => one.health.cmp(&other.health).then(most(other.rate).total_cmp(&most(one.rate))),
            Self::Rate => most(other.rate).total_cmp(&most(one.rate)),
            Self::Success => least(one.success).total_cmp(&least(other.success)),
            Self::P99 => other.p99.cmp(&one.p99),
            Self::Name => Ordering::Equal,
        };
        order.then_with(|| one.name.cmp(&other.name))
    }
}

/// What is shown below the table, or instead of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mode {
    #[default]
    Table,
    /// One service with all that is known.
    Detail,
    /// A filter is being written.
    Filter,
}

/// The state of the table.
#[derive(Debug, Default)]
pub(super) struct View {
    /// Each service as it is known, and what is shown of it.
    rows: BTreeMap<String, (Value, Row)>,
    /// How many services there are in all; rows of many come over several seconds.
    pub(super) total: u64,
    pub(super) process: Value,
    pub(super) sort: Sort,
    pub(super) filter: String,
    /// The name of the chosen service.
    pub(super) chosen: Option<String>,
    pub(super) mode: Mode,
    /// The last rare events, oldest first.
    pub(super) events: Vec<String>,
    /// What is wrong with the connection.
    pub(super) trouble: Option<String>,
}

/// So many rare events are shown.
const EVENTS: usize = 5;

impl View {
    pub(super) fn new(sort: Sort, filter: String) -> Self {
        Self { sort, filter, ..Self::default() }
    }

    /// Takes over a message of the stream, or the whole dashboard.
    pub(super) fn take(&mut self, snapshot: &Value) {
        self.trouble = None;
        // The whole dashboard has no such word.
        if snapshot["full"].as_bool().unwrap_or(true) {
            self.rows.clear();
        }
        for news in snapshot["services"].as_array().into_iter().flatten() {
            let Some(name) = news["name"].as_str() else { continue };
            let (known, shown) = self.rows.entry(name.to_owned()).or_default();
            merge(known, news);
            *shown = Row::of(known).unwrap_or_default();
        }
        self.total = snapshot["total"].as_u64().unwrap_or(self.rows.len() as u64);
        self.process = snapshot["process"].clone();
    }

    /// Takes over a rare event.
    pub(super) fn hear(&mut self, event: &Value) {
        self.events.push(sentence(event));
        let more = self.events.len().saturating_sub(EVENTS);
        self.events.drain(..more);
    }

    /// The rows that pass the filter, in their order.
    pub(super) fn shown(&self) -> Vec<&Row> {
        let wanted = self.filter.to_lowercase();
        let passes = |row: &&Row| {
            wanted.is_empty()
                || [&row.name, &row.kind, &row.breaker]
                    .iter()
                    .any(|text| text.to_lowercase().contains(&wanted))
        };
        let mut rows: Vec<&Row> = self.rows.values().map(|(_, row)| row).filter(passes).collect();
        rows.sort_by(|one, other| self.sort.compare(one, other));
        rows
    }

    /// The place of the chosen service among those shown; the first unless one is chosen that is shown.
    pub(super) fn place(&self, shown: &[&Row]) -> usize {
        let chosen = self.chosen.as_deref();
        shown.iter().position(|row| Some(row.name.as_str()) == chosen).unwrap_or(0)
    }

    /// The chosen service.
    pub(super) fn row(&self) -> Option<&Row> {
        let shown = self.shown();
        shown.get(self.place(&shown)).copied()
    }

    /// Chooses another, so many rows further down.
    pub(super) fn step(&mut self, by: isize) {
        let shown = self.shown();
        let last = shown.len().saturating_sub(1);
        let place = self.place(&shown).saturating_add_signed(by).min(last);
        let chosen = shown.get(place).map(|row| row.name.clone());
        self.chosen = chosen;
    }
}

/// Puts what is new over what is known: a row of the stream has the fields that changed, also within objects.
fn merge(known: &mut Value, news: &Value) {
    match (known, news) {
        (Value::Object(known), Value::Object(news)) => {
            for (key, value) in news {
                merge(known.entry(key).or_insert(Value::Null), value);
            }
        }
        (known, news) => known.clone_from(news),
    }
}
