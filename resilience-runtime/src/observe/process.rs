//! Fills in the snapshot of the process. In: a registry and the snapshots of its services. Out: what holds for all of them.

use crate::clock::micros;
use crate::monitor::snapshot::{ProcessSnapshot, ServiceSnapshot, StoreSnapshot};
use crate::monitor::unix_millis;
use crate::registry::{Glance, Registry, StoreState};

/// A snapshot of the process, with these services.
pub(super) fn process(
    registry: &'static Registry,
    settings: &Glance,
    services: &[ServiceSnapshot],
) -> ProcessSnapshot {
    let reloads = settings.reloads;
    let level = registry.shedding_level();
    let forced = services.iter().filter(|service| service.breaker.state.starts_with("forced")).count();
    ProcessSnapshot {
        version: env!("CARGO_PKG_VERSION"),
        pid: std::process::id(),
        uptime_us: micros(registry.uptime()),
        health: services.iter().map(|service| service.health.score).min().unwrap_or(100),
        reloads_applied: reloads.applied,
        reloads_refused: reloads.refused,
        last_reload_refused: reloads.is_last_refused,
        config_applied_at_ms: reloads.applied_at.map(unix_millis),
        findings: registry.findings_count(settings) as u64,
        shedding_level: level.name(),
        shedding: level as u8,
        overrides_active: (settings.updates() + forced) as u64,
        retries_in_flight: registry.concurrent_retries().into(),
        retries_in_flight_limit: registry.max_concurrent_retries().into(),
        events_dropped: registry.shared.history.missed(),
        stores: stores(registry),
        statistics_off_by: (!settings.counts_calls()).then_some("[global] enable_global_metrics = false"),
    }
}

fn stores(registry: &'static Registry) -> Vec<StoreSnapshot> {
    let shown = |state: &StoreState| StoreSnapshot {
        store: state.name,
        up: state.is_up(),
        warnings: state.warnings(),
    };
    registry.shared.stores().into_iter().map(shown).collect()
}
