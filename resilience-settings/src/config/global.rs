//! The keys of `[global]`, settings of the whole process: a new one begins here. In: what is written. Out: checked settings.

mod values;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::config::shedding::{self, Known};
use crate::policy::{Mode, Shape, SheddingSettings, Value};

/// Settings of the whole process.
#[expect(clippy::struct_excessive_bools, reason = "the file has as many switches, and each stands alone")]
#[derive(Clone, Debug, PartialEq)]
pub struct GlobalSettings {
    pub enable_global_metrics: bool,
    pub metrics_export_interval: Duration,
    /// Attempts in flight beyond the first of their call.
    pub max_concurrent_retries: u32,
    pub circuit_breaker_enabled: bool,
    pub retry_budget_enabled: bool,
    /// What holds for every service of which nobody says otherwise.
    pub mode: Mode,
    pub prometheus_enabled: bool,
    pub prometheus_port: u16,
    pub prometheus_address: IpAddr,
    pub tracing_spans: bool,
    pub shedding: SheddingSettings,
    /// Which keys the file has, those of load shedding included, and where.
    pub written: Vec<(&'static str, u32)>,
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
            mode: Mode::Enforce,
            prometheus_enabled: false,
            prometheus_port: 8000,
            prometheus_address: Ipv4Addr::LOCALHOST.into(),
            // Two spans for a call cost more than the call.
            tracing_spans: false,
            shedding: SheddingSettings::default(),
            written: Vec::new(),
        }
    }
}

pub const BREAKER_SWITCH: &str = "circuit_breaker_enabled_globally";
pub const BUDGET_SWITCH: &str = "retry_budget_enabled_globally";

/// The one key that services have by this name, too.
pub const MODE: &str = "mode";

/// The name of the table of load shedding.
pub const SHEDDING: &str = "shedding";

pub const KEYS: &[Known] = &[
    ("enable_global_metrics", Shape::Switch),
    ("metrics_export_interval", Shape::SPAN),
    // Zero is a value: it stops all retries of the process.
    ("max_concurrent_retries_global", Shape::COUNT_FROM_ZERO),
    (BREAKER_SWITCH, Shape::Switch),
    (BUDGET_SWITCH, Shape::Switch),
    (MODE, Shape::Mode),
    ("prometheus_enabled", Shape::Switch),
    ("prometheus_port", Shape::whole(1, u16::MAX as u32)),
    ("prometheus_address", Shape::Address),
    ("tracing_spans", Shape::Switch),
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
    pub fn written_shedding(&self) -> Option<SheddingSettings> {
        let is_written = self.written.iter().any(|(name, _)| *name == SHEDDING);
        is_written.then(|| self.shedding.clone())
    }

    /// Where the server of dashboard and metrics is to listen, if it is asked for.
    pub fn server_address(&self) -> Option<SocketAddr> {
        self.prometheus_enabled.then(|| SocketAddr::new(self.prometheus_address, self.prometheus_port))
    }

    /// The line of a key in the file.
    pub fn line_of(&self, key: &str) -> Option<u32> {
        self.written.iter().find(|(name, _)| *name == key).map(|(_, line)| *line)
    }

    pub fn set(&mut self, name: &str, value: &Value) {
        match (name, value) {
            ("enable_global_metrics", Value::Switch(on)) => self.enable_global_metrics = *on,
            ("metrics_export_interval", Value::Duration(time)) => self.metrics_export_interval = *time,
            ("max_concurrent_retries_global", Value::Count(count)) => {
                self.max_concurrent_retries = u32::try_from(*count).unwrap_or(u32::MAX);
            }
            (BREAKER_SWITCH, Value::Switch(on)) => self.circuit_breaker_enabled = *on,
            (BUDGET_SWITCH, Value::Switch(on)) => self.retry_budget_enabled = *on,
            (MODE, Value::Mode(mode)) => self.mode = *mode,
            ("prometheus_enabled", Value::Switch(on)) => self.prometheus_enabled = *on,
            ("prometheus_port", Value::Count(port)) => {
                self.prometheus_port = u16::try_from(*port).unwrap_or(u16::MAX);
            }
            ("prometheus_address", Value::Address(address)) => self.prometheus_address = **address,
            ("tracing_spans", Value::Switch(on)) => self.tracing_spans = *on,
            (SHEDDING, Value::Switch(_)) => self.shedding.enabled = true,
            // The shape has been checked against the table above.
            _ => {}
        }
    }
}
