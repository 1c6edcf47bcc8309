//! Rules of chaos and fault scripts at their edges: their names, and what is left when they end.

mod names;

use resilience_runtime::monitor;
use resilience_runtime::monitor::snapshot::ServiceSnapshot;

fn snapshot(name: &str) -> ServiceSnapshot {
    let data = monitor().dashboard_data();
    data.services.into_iter().find(|service| service.name == name).expect("the service is known")
}
