//! Services that exist in snapshots alone, for tests of the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use resilience_runtime::export::server::{Server, ServerBuilder};
use resilience_runtime::monitor::snapshot::{DashboardData, ServiceSnapshot, SparkPoint, Windows};

/// A snapshot of so many services that have had so many calls.
pub(crate) fn snapshot(services: usize, calls: u64) -> DashboardData {
    let mut data = DashboardData::default();
    data.version = DashboardData::VERSION;
    data.process.health = 97;
    for at in 0..services {
        let mut service = ServiceSnapshot::default();
        service.name = format!("service-{at}");
        service.kind = "http_api";
        service.calls.success = calls;
        service.health.score = 97;
        service.breaker.state = "closed";
        service.windows = Some(Windows::default());
        service.sparkline = vec![SparkPoint::default(); 60];
        data.services.push(service);
    }
    data
}

/// A server of so many services, each of which has one more call at each look; and the number of looks.
pub(crate) fn busy(services: usize) -> (ServerBuilder, Arc<AtomicU64>) {
    let looks = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&looks);
    let source = move || snapshot(services, counted.fetch_add(1, Ordering::Relaxed));
    (ServerBuilder::new().source(source), looks)
}

pub(crate) fn start(services: usize) -> Server {
    busy(services).0.start().expect("a free port")
}
