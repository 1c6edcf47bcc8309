//! The process of the example: its last reload was refused, and some load is shed.

use super::labels::NOW;
use crate::monitor::snapshot::{ProcessSnapshot, StoreSnapshot};

pub(super) fn process() -> ProcessSnapshot {
    ProcessSnapshot {
        version: "0.1.0",
        pid: 4711,
        uptime_us: 3_600_000_000,
        health: 20,
        reloads_applied: 2,
        reloads_refused: 1,
        last_reload_refused: true,
        config_applied_at_ms: Some(NOW - 1_800_000),
        findings: 1,
        shedding_level: "low",
        shedding: 1,
        overrides_active: 1,
        retries_in_flight: 3,
        retries_in_flight_limit: 100,
        events_dropped: 12,
        stores: vec![StoreSnapshot { store: "redis", up: false, warnings: Vec::new() }],
        statistics_off_by: None,
    }
}
