//! Rules of chaos and fault scripts at their edges: names, types, schedules, layers, and what is left when they end.

mod disarmed;
mod edges;
mod hangs;
mod layers;
mod makers;
mod names;
mod types;

use resilience_runtime::config::FindingKind;
use resilience_runtime::monitor;
use resilience_runtime::monitor::snapshot::ServiceSnapshot;
use resilience_runtime::registry;

fn snapshot(name: &str) -> ServiceSnapshot {
    let data = monitor().dashboard_data();
    data.services.into_iter().find(|service| service.name == name).expect("the service is known")
}

/// What is told of rules that inject nothing.
fn idle() -> Vec<String> {
    let findings = registry().findings().into_iter().filter(|one| one.kind() == FindingKind::IdleRule);
    findings.map(|one| one.to_string()).collect()
}
