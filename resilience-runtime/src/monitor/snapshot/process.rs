//! Plain data: what a snapshot shows of the process as a whole, or of one registry of a test.

/// The process that the services are called from.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ProcessSnapshot {
    /// The version of this crate.
    pub version: &'static str,
    /// The id that the system gave the process.
    pub pid: u32,
    /// How long the registry has existed.
    pub uptime_us: u64,
    /// The smallest health score of a service; 100 without services.
    pub health: u8,
    /// How many configurations were put in force by loads and reloads.
    pub reloads_applied: u64,
    /// How many loads and reloads were refused.
    pub reloads_refused: u64,
    /// Whether the last load or reload was refused: then an older configuration is in force than the file has.
    pub last_reload_refused: bool,
    /// When a configuration was last put in force; `null` before the first.
    pub config_applied_at_ms: Option<u64>,
    /// How many settings were accepted that cannot act where they stand.
    pub findings: u64,
    /// The level of load shedding: `nothing`, `low`, `normal`, `high`.
    pub shedding_level: &'static str,
    /// The same as a number, from 0 for `nothing` to 3 for `high`.
    pub shedding: u8,
    /// Run-time overrides and forced breakers that are in force.
    pub overrides_active: u64,
    /// Attempts beyond the first of their call that are in flight, over all services.
    pub retries_in_flight: u64,
    /// The most of them that `max_concurrent_retries_global` allows.
    pub retries_in_flight_limit: u64,
    /// Events that slow readers have missed.
    pub events_dropped: u64,
    /// The shared stores that are in use.
    pub stores: Vec<StoreSnapshot>,
    /// The setting that has calls not counted; `null` where they are. Without counters the windows of services are `null`,
    /// their counts stand still, and their health goes by what else is known, such as the breaker.
    pub statistics_off_by: Option<&'static str>,
}

/// A store that instances share.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct StoreSnapshot {
    /// Its name, as it gives it itself: `redis`.
    pub store: &'static str,
    /// Whether it answers.
    pub up: bool,
    /// What is amiss with it, so that it may lose what it was given, as far as it says.
    pub warnings: Vec<String>,
}
