//! Everything that is logged goes in, and the spans of the library; lines of text come out, as a subscriber that trusts texts would
//! write them.

use std::fmt::{Debug, Write as _};
use std::num::NonZeroU64;
use std::sync::{Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Keeps all that this library says, and its spans.
pub(crate) struct Lines;

const OURS: Id = Id::from_non_zero_u64(NonZeroU64::MIN);
const OTHERS: Id = Id::from_non_zero_u64(NonZeroU64::MAX);

struct Fields(String);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        // As subscribers do that trust texts.
        let _ = write!(self.0, " {field}={value}");
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        // Other crates tell of their own what they like.
        if !attributes.metadata().target().starts_with("resilience") {
            return OTHERS;
        }
        let mut fields = Fields(format!("span {}", attributes.metadata().name()));
        attributes.record(&mut fields);
        keep(fields.0);
        OURS
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        if *id == OTHERS {
            return;
        }
        let mut fields = Fields("span".to_owned());
        values.record(&mut fields);
        keep(fields.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        if event.metadata().target().starts_with("resilience") {
            let mut fields = Fields(event.metadata().target().to_owned());
            event.record(&mut fields);
            keep(fields.0);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// All lines so far.
pub(crate) fn lines() -> String {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
}

fn keep(line: String) {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).push(line);
}
