//! Shows the settings of a service as text and as JSON, as the library explains them.

use std::fmt;

use resilience_runtime::config::{Effective, Source};
use resilience_runtime::policy::{Key, Shape, Value};
use serde::Serialize;

/// One setting, for programs.
#[derive(Debug, Serialize)]
pub(crate) struct Setting {
    key: String,
    value: String,
    source: Origin,
    /// Weaker values that do not count.
    hides: Vec<Hidden>,
    /// What other settings made of it.
    adjusted: Option<Adjusted>,
}

/// Where a value comes from.
#[derive(Debug, Serialize)]
pub(crate) struct Origin {
    /// In words.
    text: String,
    line: Option<u32>,
    is_written: bool,
}

#[derive(Debug, Serialize)]
struct Hidden {
    value: String,
    source: Origin,
}

#[derive(Debug, Serialize)]
struct Adjusted {
    from: String,
    reason: String,
}

impl Setting {
    pub(crate) fn of(entry: &Effective) -> Self {
        let key = entry.key();
        let hidden = |(source, value): &(Source, Value)| Hidden {
            value: shown(key, value),
            source: Origin::of(source),
        };
        Self {
            key: key.path(),
            value: shown(key, entry.value()),
            source: Origin::of(entry.source()),
            hides: entry.hides().iter().map(hidden).collect(),
            adjusted: entry.adjusted().map(|adjusted| Adjusted {
                from: shown(key, adjusted.original()),
                reason: adjusted.reason().to_owned(),
            }),
        }
    }
}

impl Origin {
    pub(crate) fn of(source: &Source) -> Self {
        let line = match source {
            Source::FileTemplate { line, .. }
            | Source::Inline { line, .. }
            | Source::File { line, .. }
            | Source::Override { line, .. }
            | Source::Global { line, .. } => Some(*line),
            _ => None,
        };
        Self { text: source.to_string(), line, is_written: source.is_written() }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What people are told beside a setting: what it hides, and what other settings made of it.
pub(crate) fn remarks(entry: &Effective) -> Vec<String> {
    let key = entry.key();
    // A template over the built-in value is how every service begins. What is built in and the same is no news, such as the kind
    // that its own template has; a line of a file that says the same can be deleted.
    let is_news = |source: &Source, value: &Value| source.is_written() || value != entry.value();
    let hidden: Vec<String> = entry
        .hides()
        .iter()
        .filter(|(source, value)| *source != Source::BuiltIn && is_news(source, value))
        .map(|(source, value)| format!("{} ({source})", shown(key, value)))
        .collect();
    let mut remarks = Vec::new();
    if let Some(adjusted) = entry.adjusted() {
        let was = if adjusted.original() == entry.value() {
            String::new()
        } else {
            format!("was {}: ", shown(key, adjusted.original()))
        };
        remarks.push(format!("{was}{}", adjusted.reason()));
    }
    if !hidden.is_empty() {
        remarks.push(format!("hides {}", hidden.join(", ")));
    }
    remarks
}

/// `breaker = true` is what a file says; whether it is on is what people ask.
pub(crate) fn shown(key: Key, value: &Value) -> String {
    match value {
        Value::Switch(true) if key.info().shape == Shape::Table => "on".to_owned(),
        value => value.to_string(),
    }
}
