//! The services without trouble: one that does well, and one that nobody has called.

use super::labels::{STATES, attempts, buckets, counts, sources};
use crate::ending::Ending;
use crate::monitor::snapshot::{
    AttemptsSnapshot, BreakerSnapshot, BudgetSnapshot, CallCounts, FallbacksSnapshot, HealthReport,
    LatencySnapshot, PartitionsSnapshot, ServiceSnapshot, Windows,
};
use crate::rejection::RejectionKind;

pub(super) fn healthy() -> ServiceSnapshot {
    ServiceSnapshot {
        name: "postgres_db".into(),
        kind: "database",
        service_type: None,
        template: "database".into(),
        health: HealthReport { score: 100, reasons: Vec::new() },
        calls: CallCounts { in_flight: 2, success: 120_000, declined: 15, ..CallCounts::default() },
        attempts: AttemptsSnapshot {
            original: attempts(&[("success", 119_990), ("retryable", 10), ("never", 15)]),
            retry: attempts(&[("success", 10)]),
            hedge: attempts(&[]),
        },
        attempts_needed: [119_990, 10, 0, 0, 0],
        latency: LatencySnapshot {
            count: 120_015,
            total_us: 240_000_000,
            buckets: buckets(2, &[4_000, 80_000, 30_000, 6_015]),
        },
        windows: Some(Windows::default()),
        breaker: BreakerSnapshot {
            on: true,
            transitions: counts(STATES, &[]),
            time_in_state_us: counts(STATES, &[("closed", 3_600_000_000)]),
            ..idle().breaker
        },
        budget: Some(BudgetSnapshot { tokens: 10.0, capacity: 10.0 }),
        ..idle()
    }
}

pub(super) fn idle() -> ServiceSnapshot {
    ServiceSnapshot {
        name: "redis_cache".into(),
        kind: "cache",
        template: "my_cache".into(),
        attempts: AttemptsSnapshot { original: attempts(&[]), retry: attempts(&[]), hedge: attempts(&[]) },
        rejections: counts(RejectionKind::ALL.iter().map(|kind| kind.name()), &[]),
        unretried: counts(Ending::ALL.iter().map(|ending| ending.name()), &[]),
        breaker: BreakerSnapshot {
            on: false,
            state: "closed",
            transitions: counts(STATES, &[]),
            time_in_state_us: counts(STATES, &[("closed", 60_000_000)]),
            ..BreakerSnapshot::default()
        },
        fallbacks: FallbacksSnapshot { success: sources(&[]), failure: sources(&[]), skipped: 0 },
        partitions: PartitionsSnapshot { by_state: counts(STATES, &[]), ..PartitionsSnapshot::default() },
        ..ServiceSnapshot::default()
    }
}
