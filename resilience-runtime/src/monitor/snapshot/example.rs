//! A snapshot with every field filled in, as a fleet under trouble has them: what pages and writers are tried on. Its
//! JSON lies beside it.

use super::{
    AttemptsSnapshot, BreakerChange, BreakerSnapshot, BudgetSnapshot, BulkheadSnapshot, CallCounts, Counts,
    DashboardData, ErrorPattern, FallbacksSnapshot, HealthReport, LatencySnapshot, PartitionSnapshot,
    PartitionsSnapshot, ProcessSnapshot, ServiceSnapshot, SiteSnapshot, SparkPoint, StoreSnapshot,
    WaitingSnapshot, Window, Windows,
};
use crate::ending::Ending;
use crate::monitor::AttemptOutcome;
use crate::rejection::RejectionKind;
use crate::source::Source;

const NOW: u64 = 1_764_312_000_000;
const STATES: [&str; 5] = ["closed", "open", "half_open", "forced_open", "forced_closed"];

/// Three services: one in trouble, with a name that wants escaping; one that does well; one that nobody has called.
pub fn example() -> DashboardData {
    DashboardData::new(NOW, process(), vec![troubled(), healthy(), idle()])
}

fn process() -> ProcessSnapshot {
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
        stores: vec![StoreSnapshot { store: "idempotency", up: false }],
    }
}

/// The labels with the counts that are given; the others have 0.
fn counts(labels: impl IntoIterator<Item = &'static str>, given: &[(&str, u64)]) -> Counts {
    let count = |label: &str| given.iter().find(|(known, _)| *known == label).map_or(0, |(_, count)| *count);
    labels.into_iter().map(|label| (label, count(label))).collect()
}

fn attempts(given: &[(&str, u64)]) -> Counts {
    counts(AttemptOutcome::ALL.iter().map(|outcome| outcome.name()), given)
}

fn sources(given: &[(&str, u64)]) -> Counts {
    counts(Source::ALL.iter().map(|source| source.name()), given)
}

fn buckets(first: usize, counts: &[u64]) -> [u64; 24] {
    let mut buckets = [0; 24];
    buckets[first..first + counts.len()].copy_from_slice(counts);
    buckets
}

fn troubled() -> ServiceSnapshot {
    ServiceSnapshot {
        name: "claude \"api\" <script>\n".into(),
        kind: "ai_service",
        service_type: Some("ai_claude".into()),
        template: "ai_service".into(),
        health: HealthReport {
            score: 20,
            reasons: vec![
                "breaker open".into(),
                "dependency: 46% of attempts fail".into(),
                "2 of 3 partitions open".into(),
            ],
        },
        calls: CallCounts {
            in_flight: 4,
            success: 9_000,
            degraded: 250,
            declined: 40,
            failure: 600,
            rejected: 310,
            cancelled: 12,
            panicked: 1,
        },
        attempts: many_attempts(),
        attempts_needed: [8_250, 500, 150, 60, 40],
        latency: LatencySnapshot {
            count: 9_891,
            total_us: 4_200_000_000,
            buckets: buckets(9, &[120, 900, 5_000, 3_000, 600, 200, 60, 11]),
        },
        waiting: WaitingSnapshot {
            queue_us: 90_000_000,
            rate_limit_us: 1_500_000,
            backoff_us: 610_000_000,
            idempotency_us: 0,
        },
        rejections: counts(
            RejectionKind::ALL.iter().map(|kind| kind.name()),
            &[("circuit_open", 300), ("bulkhead_full", 10)],
        ),
        unretried: counts(
            Ending::ALL.iter().map(|ending| ending.name()),
            &[
                ("attempts_exhausted", 500),
                ("circuit_open", 300),
                ("budget_exhausted", 150),
                ("not_retryable", 40),
            ],
        ),
        windows: Some(windows()),
        sparkline: (0..60).map(|at| SparkPoint { calls: 20 + at % 7, bad: at.saturating_sub(40) }).collect(),
        breaker: open_breaker(),
        budget: Some(BudgetSnapshot { tokens: 1.5, capacity: 10.0 }),
        bulkhead: Some(BulkheadSnapshot { in_flight: 4, limit: 8, queue_depth: 2, adaptive: true }),
        throttle_probability: Some(0.1),
        fallbacks: FallbacksSnapshot {
            success: sources(&[("cache", 200), ("fallback", 50)]),
            failure: sources(&[("redirect", 3)]),
            skipped: 7,
        },
        cache_hits: 50,
        partitions: partitions(),
        sites: vec![SiteSnapshot {
            function: "shop::assistant::answer".into(),
            file: "src/assistant.rs",
            line: 42,
            calls: CallCounts {
                success: 9_000,
                degraded: 250,
                declined: 40,
                failure: 600,
                ..CallCounts::default()
            },
            total_us: 4_200_000_000,
        }],
        error_patterns: vec![
            ErrorPattern {
                what: "Overloaded".into(),
                status: Some(529),
                outcome: "retryable",
                count: 1_800,
                last_at_ms: NOW - 900,
            },
            ErrorPattern {
                what: "reqwest::Error".into(),
                status: None,
                outcome: "timed_out",
                count: 90,
                last_at_ms: NOW - 4_000,
            },
        ],
    }
}

fn open_breaker() -> BreakerSnapshot {
    BreakerSnapshot {
        on: true,
        state: "open",
        retry_after_us: Some(3_200_000),
        failure_rate: Some(0.62),
        transitions: counts(STATES, &[("closed", 1), ("open", 2), ("half_open", 1)]),
        time_in_state_us: counts(
            STATES,
            &[("closed", 3_590_000_000), ("open", 9_000_000), ("half_open", 1_000_000)],
        ),
        timeline: vec![
            BreakerChange { at_ms: NOW - 700_000, from: "closed", to: "open" },
            BreakerChange { at_ms: NOW - 695_000, from: "open", to: "half_open" },
            BreakerChange { at_ms: NOW - 694_000, from: "half_open", to: "closed" },
            BreakerChange { at_ms: NOW - 1_800, from: "closed", to: "open" },
        ],
    }
}

fn many_attempts() -> AttemptsSnapshot {
    AttemptsSnapshot {
        original: attempts(&[
            ("success", 8_200),
            ("retryable", 1_400),
            ("never", 38),
            ("local", 2),
            ("panicked", 1),
        ]),
        retry: attempts(&[("success", 700), ("retryable", 500), ("throttled", 20), ("timed_out", 90)]),
        hedge: attempts(&[("success", 100), ("abandoned", 60)]),
    }
}

fn windows() -> Windows {
    let window = |length_us: u64, scale: u64| Window {
        length_us,
        calls: CallCounts {
            in_flight: 4,
            success: 100 * scale,
            failure: 30 * scale,
            ..CallCounts::default()
        },
        calls_per_second: 13.0,
        success_rate: Some(0.77),
        attempts: 160 * scale,
        attempts_failed: 74 * scale,
        attempt_success_rate: Some(0.54),
        retry_rate: Some(0.25),
        retries_refused: 5 * scale,
        waiting_share: 0.08,
        mean_us: Some(420_000),
        p50_us: Some(380_000),
        p95_us: Some(1_600_000),
        p99_us: Some(4_100_000),
    };
    Windows {
        since_us: 140_000_000,
        ten_seconds: window(10_000_000, 1),
        one_minute: window(60_000_000, 6),
        five_minutes: window(140_000_000, 14),
    }
}

fn partitions() -> PartitionsSnapshot {
    let partition = |label: &str, breaker, failures| PartitionSnapshot {
        label: label.into(),
        breaker,
        retry_after_us: (breaker == "open").then_some(2_000_000),
        results: 20,
        failures,
        budget: Some(BudgetSnapshot { tokens: 0.5, capacity: 10.0 }),
        bulkhead: Some(BulkheadSnapshot { in_flight: 1, limit: 8, queue_depth: 0, adaptive: true }),
    };
    PartitionsSnapshot {
        total: 3,
        by_state: counts(STATES, &[("closed", 1), ("open", 2)]),
        shown: vec![
            partition("tenant-1", "open", 18),
            partition("tenant-2", "open", 16),
            partition("tenant-3", "closed", 0),
        ],
    }
}

fn healthy() -> ServiceSnapshot {
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

fn idle() -> ServiceSnapshot {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_exclude_one_another_and_buckets_add_up() {
        for service in example().services {
            assert_eq!(service.latency.buckets.iter().sum::<u64>(), service.latency.count);
            assert_eq!(
                service.calls.outcomes().map(|(_, count)| count).iter().sum::<u64>(),
                service.calls.ended()
            );
            assert_eq!(
                service.latency.cumulative().last().map(|(_, count)| count),
                Some(service.latency.count)
            );
        }
    }

    /// The page is built against the file; with `BLESS` set it is written anew.
    #[cfg(feature = "serde")]
    #[test]
    fn its_json_is_that_of_the_file() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/monitor/snapshot/example.json");
        let json = serde_json::to_string_pretty(&example()).expect("plain data") + "\n";
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, &json).expect("the file can be written");
        }
        assert!(
            json == std::fs::read_to_string(path).expect("the file"),
            "run it with BLESS=1 and read the difference"
        );
    }
}
