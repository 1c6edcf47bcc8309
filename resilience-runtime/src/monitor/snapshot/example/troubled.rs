//! The service in trouble: its breaker is open, its retries are refused, and every field is filled in.

use super::labels::{NOW, STATES, attempts, buckets, counts, sources};
use crate::ending::Ending;
use crate::monitor::snapshot::{
    AttemptsSnapshot, BreakerChange, BreakerSnapshot, BudgetSnapshot, BulkheadSnapshot, CallCounts, Counts,
    ErrorPattern, FallbacksSnapshot, HealthReport, LatencySnapshot, PartitionSnapshot, PartitionsSnapshot,
    ServiceSnapshot, SiteSnapshot, SparkPoint, WaitingSnapshot, Window, Windows,
};
use crate::monitor::{IdempotencyResult, ObservedDecision};
use crate::rejection::RejectionKind;

pub(super) fn troubled() -> ServiceSnapshot {
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
        sample: None,
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
        idempotency: results_of_keys(),
        would: decisions(),
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
        injections: std::iter::empty().collect(),
        error_patterns: vec![
            ErrorPattern {
                what: "Overloaded".into(),
                status: Some(529),
                outcome: "retryable",
                count: 480,
                attempts: 1_800,
                last_at_ms: NOW - 900,
            },
            ErrorPattern {
                what: "reqwest::Error".into(),
                status: None,
                outcome: "timed_out",
                count: 60,
                attempts: 90,
                last_at_ms: NOW - 4_000,
            },
        ],
    }
}

fn results_of_keys() -> Counts {
    let all = IdempotencyResult::ALL.iter().map(|result| result.name());
    counts(all, &[("executed", 40), ("replayed", 3)])
}

/// Of the time when it was only observed.
fn decisions() -> Counts {
    let all = ObservedDecision::ALL.iter().map(|decision| decision.name());
    counts(all, &[("retry", 30), ("circuit_open", 8)])
}

fn open_breaker() -> BreakerSnapshot {
    BreakerSnapshot {
        on: true,
        state: "open",
        observed_state: None,
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
