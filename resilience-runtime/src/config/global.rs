//! The keys of the `[global]` table go in, checked settings of the whole process come out.

use std::time::Duration;

#[cfg(feature = "config")]
use super::document::Document;
#[cfg(feature = "config")]
use super::fault::Fault;
#[cfg(feature = "config")]
use super::read::read;
use super::shedding;
#[cfg(feature = "config")]
use super::toml::{Item, Name};
use crate::policy::{Shape, SheddingSettings, Value};

/// Settings of the whole process.
#[expect(clippy::struct_excessive_bools, reason = "the file has as many switches, and each stands alone")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GlobalSettings {
    pub(crate) enable_global_metrics: bool,
    pub(crate) metrics_export_interval: Duration,
    /// Attempts in flight beyond the first of their call.
    pub(crate) max_concurrent_retries: u32,
    pub(crate) circuit_breaker_enabled: bool,
    pub(crate) retry_budget_enabled: bool,
    pub(crate) prometheus_enabled: bool,
    pub(crate) prometheus_port: u16,
    pub(crate) shedding: SheddingSettings,
    /// Which keys the file has, those of load shedding included, and where.
    pub(super) written: Vec<(&'static str, u32)>,
}

impl Default for GlobalSettings {
    /// Everything on, except the port: opening one has to be asked for.
    fn default() -> Self {
        Self {
            enable_global_metrics: true,
            // The default of OpenTelemetry's periodic reader.
            metrics_export_interval: Duration::from_mins(1),
            max_concurrent_retries: 100,
            circuit_breaker_enabled: true,
            retry_budget_enabled: true,
            prometheus_enabled: false,
            prometheus_port: 8000,
            shedding: SheddingSettings::default(),
            written: Vec::new(),
        }
    }
}

pub(super) const BREAKER_SWITCH: &str = "circuit_breaker_enabled_globally";
pub(super) const BUDGET_SWITCH: &str = "retry_budget_enabled_globally";

/// The name of the table of load shedding.
pub(super) const SHEDDING: &str = "shedding";

/// Names with what they take.
pub(super) type Known = (&'static str, Shape);

pub(super) const KEYS: &[Known] = &[
    ("enable_global_metrics", Shape::Switch),
    ("metrics_export_interval", Shape::SPAN),
    // Zero is a value: it stops all retries of the process.
    ("max_concurrent_retries_global", Shape::COUNT_FROM_ZERO),
    (BREAKER_SWITCH, Shape::Switch),
    (BUDGET_SWITCH, Shape::Switch),
    ("prometheus_enabled", Shape::Switch),
    ("prometheus_port", Shape::whole(1, u16::MAX as u32)),
    (SHEDDING, Shape::Table),
];

/// The dotted paths of all keys within `[global]`, in the order of the documentation.
///
/// ```
/// let keys = resilience_runtime::config::global_keys();
/// assert!(keys.iter().any(|key| key == "shedding.cpu"));
/// ```
pub fn global_keys() -> Vec<String> {
    let own = KEYS.iter().map(|(name, _)| (*name).to_owned());
    let of_shedding = shedding::KEYS.iter().map(|(name, _)| format!("{SHEDDING}.{name}"));
    own.chain(of_shedding).collect()
}

impl GlobalSettings {
    /// The settings of load shedding, where the file has them.
    pub(crate) fn written_shedding(&self) -> Option<SheddingSettings> {
        let is_written = self.written.iter().any(|(name, _)| *name == SHEDDING);
        is_written.then(|| self.shedding.clone())
    }

    /// The line of a key in the file.
    pub(super) fn line_of(&self, key: &str) -> Option<u32> {
        self.written.iter().find(|(name, _)| *name == key).map(|(_, line)| *line)
    }

    fn set(&mut self, name: &str, value: &Value) {
        match (name, value) {
            ("enable_global_metrics", Value::Switch(on)) => self.enable_global_metrics = *on,
            ("metrics_export_interval", Value::Duration(time)) => self.metrics_export_interval = *time,
            ("max_concurrent_retries_global", Value::Count(count)) => {
                self.max_concurrent_retries = u32::try_from(*count).unwrap_or(u32::MAX);
            }
            (BREAKER_SWITCH, Value::Switch(on)) => self.circuit_breaker_enabled = *on,
            (BUDGET_SWITCH, Value::Switch(on)) => self.retry_budget_enabled = *on,
            ("prometheus_enabled", Value::Switch(on)) => self.prometheus_enabled = *on,
            ("prometheus_port", Value::Count(port)) => {
                self.prometheus_port = u16::try_from(*port).unwrap_or(u16::MAX);
            }
            (SHEDDING, Value::Switch(_)) => self.shedding.enabled = true,
            // The shape has been checked against the table above.
            _ => {}
        }
    }
}

#[cfg(feature = "config")]
impl GlobalSettings {
    /// Takes a key that there is.
    pub(super) fn take(&mut self, document: &mut Document<'_>, name: &Name<'_>, item: &Item<'_>) {
        let line = document.line(name.span.start);
        if self.line_of(&name.text).is_some() {
            document.report_twice(name.span.clone());
        } else if let Some((name, value)) = read_known(document, "global", KEYS, name, item) {
            self.set(name, &value);
            self.written.push((name, line));
        }
    }

    /// The table of load shedding begins, or is continued.
    pub(super) fn begin_shedding(&mut self, line: u32) {
        if self.line_of(SHEDDING).is_none() {
            self.shedding = shedding::written();
            self.written.push((SHEDDING, line));
        }
    }

    /// Takes a key of load shedding that there is.
    pub(super) fn take_shedding(&mut self, document: &mut Document<'_>, name: &Name<'_>, item: &Item<'_>) {
        let line = document.line(name.span.start);
        // No key of load shedding has the name of one above it.
        if self.line_of(&name.text).is_some() {
            document.report_twice(name.span.clone());
        } else if let Some((name, value)) =
            read_known(document, "global.shedding", shedding::KEYS, name, item)
        {
            shedding::set(&mut self.shedding, name, &value);
            self.written.push((name, line));
        }
    }
}

/// Reads one key of a table with fixed names; reports what is wrong with its value.
#[cfg(feature = "config")]
fn read_known(
    document: &mut Document<'_>,
    parent: &str,
    keys: &[Known],
    name: &Name<'_>,
    item: &Item<'_>,
) -> Option<(&'static str, Value)> {
    let (known, shape) = keys.iter().find(|(known, _)| *known == name.text)?;
    match read(*shape, &item.value) {
        Ok(read) => Some((known, read)),
        Err(refusal) => {
            document.report_at(item.span.start, |document| {
                let written = document.written(item.span.clone());
                let path = format!("{parent}.{known}");
                let message = format!("`{path}` must be {}, not `{written}`", refusal.accepted());
                let mut fault = Fault::new(path, item.span.clone(), message).label("not accepted");
                fault.help = refusal.help();
                fault
            });
            None
        }
    }
}
