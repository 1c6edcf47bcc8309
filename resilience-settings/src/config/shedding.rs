//! The keys of `[global.shedding]`, settings of load shedding: a new one begins here. A table that is written switches shedding on,
//! unless it says otherwise.

use crate::policy::{Ratio, Shape, SheddingSettings, Value};

/// A name with what it takes.
pub type Known = (&'static str, Shape);

pub const KEYS: &[Known] = &[
    ("enabled", Shape::Switch),
    ("cpu", Shape::POSITIVE_SHARE),
    ("memory", Shape::POSITIVE_SHARE),
    ("scheduler_lag", Shape::SPAN),
    ("queue_time", Shape::SPAN),
    ("max_in_flight", Shape::COUNT_OR_OFF),
    ("recover_after", Shape::DELAY),
];

/// What a table says that has no keys; a key that is left out keeps its default.
pub fn written() -> SheddingSettings {
    SheddingSettings { enabled: true, ..SheddingSettings::default() }
}

/// Takes one key.
pub fn set(settings: &mut SheddingSettings, name: &str, value: &Value) {
    match (name, value) {
        ("enabled", Value::Switch(on)) => settings.enabled = *on,
        ("cpu", Value::Number(share)) => settings.cpu = Ratio::saturating(*share),
        ("memory", Value::Number(share)) => settings.memory = Ratio::saturating(*share),
        ("scheduler_lag", Value::Duration(time)) => settings.scheduler_lag = *time,
        ("queue_time", Value::Duration(time)) => settings.queue_time = *time,
        ("max_in_flight", Value::Count(count)) => {
            settings.max_in_flight = Some(u32::try_from(*count).unwrap_or(u32::MAX));
        }
        ("max_in_flight", Value::Off) => settings.max_in_flight = None,
        ("recover_after", Value::Duration(time)) => settings.recover_after = *time,
        // The shape has been checked against the table above.
        _ => {}
    }
}

#[cfg(all(test, feature = "file"))]
mod tests;
