//! Makes the short row of a service that is sent live, for the table of the page. In: the snapshot of a service. Out: what the page
//! shows of it in its table and at its head, such that it does not change while nothing happens: what differs is sent to everybody.
//!
//! Names are those of the snapshot. Numbers have as many digits as are shown, and the curve is two lists: a row of five
//! hundred is read once a second by each client.

use serde::Serialize;

use crate::monitor::snapshot::{
    BreakerSnapshot, BudgetSnapshot, BulkheadSnapshot, CallCounts, Counts, HealthReport, ServiceSnapshot,
    SparkPoint, Window, Windows,
};

const SECOND: u64 = 1_000_000;

/// A window is complete after five minutes; its further growth is no news.
const COMPLETE: u64 = 300 * SECOND;

#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    pub(super) name: &'a str,
    kind: &'a str,
    service_type: Option<&'a str>,
    template: &'a str,
    pub(super) health: &'a HealthReport,
    calls: &'a CallCounts,
    windows: Option<RowWindows>,
    /// The points of the sparkline, one list for each of their fields.
    curve: Curve,
    pub(super) breaker: RowBreaker,
    budget: Option<BudgetSnapshot>,
    bulkhead: Option<BulkheadSnapshot>,
    throttle_probability: Option<f64>,
    partitions: RowPartitions<'a>,
}

#[derive(Debug, Serialize)]
struct RowWindows {
    since_us: u64,
    ten_seconds: RowWindow,
    one_minute: RowWindow,
    five_minutes: RowWindow,
}

#[derive(Debug, Serialize)]
struct RowWindow {
    length_us: u64,
    calls_per_second: f64,
    success_rate: Option<f64>,
    attempt_success_rate: Option<f64>,
    retry_rate: Option<f64>,
    retries_refused: u64,
    p50_us: Option<u64>,
    p95_us: Option<u64>,
    p99_us: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Curve {
    calls: Vec<u32>,
    bad: Vec<u32>,
}

#[derive(Debug, Serialize)]
pub(super) struct RowBreaker {
    on: bool,
    pub(super) state: &'static str,
    retry_after_us: Option<u64>,
    failure_rate: Option<f64>,
}

#[derive(Debug, Serialize)]
struct RowPartitions<'a> {
    total: u64,
    by_state: &'a Counts,
}

impl<'a> Row<'a> {
    pub(super) fn of(service: &'a ServiceSnapshot) -> Self {
        let list = |of: fn(&SparkPoint) -> u32| service.sparkline.iter().map(of).collect();
        Self {
            name: &service.name,
            kind: service.kind,
            service_type: service.service_type.as_deref(),
            template: &service.template,
            health: &service.health,
            calls: &service.calls,
            windows: service.windows.as_ref().map(windows),
            curve: Curve { calls: list(|point| point.calls), bad: list(|point| point.bad) },
            breaker: breaker(&service.breaker),
            budget: service.budget.as_ref().map(|BudgetSnapshot { tokens, capacity }| BudgetSnapshot {
                tokens: four_digits(*tokens),
                capacity: four_digits(*capacity),
            }),
            bulkhead: service.bulkhead,
            throttle_probability: service.throttle_probability.map(share),
            partitions: RowPartitions {
                total: service.partitions.total,
                by_state: &service.partitions.by_state,
            },
        }
    }
}

fn windows(windows: &Windows) -> RowWindows {
    RowWindows {
        since_us: seconds(windows.since_us.min(COMPLETE)),
        ten_seconds: window(&windows.ten_seconds),
        one_minute: window(&windows.one_minute),
        five_minutes: window(&windows.five_minutes),
    }
}

fn window(window: &Window) -> RowWindow {
    RowWindow {
        length_us: seconds(window.length_us),
        calls_per_second: four_digits(window.calls_per_second),
        success_rate: window.success_rate.map(share),
        attempt_success_rate: window.attempt_success_rate.map(share),
        retry_rate: window.retry_rate.map(four_digits),
        retries_refused: window.retries_refused,
        p50_us: window.p50_us,
        p95_us: window.p95_us,
        p99_us: window.p99_us,
    }
}

fn breaker(breaker: &BreakerSnapshot) -> RowBreaker {
    RowBreaker {
        on: breaker.on,
        state: breaker.state,
        retry_after_us: breaker.retry_after_us.map(seconds_up),
        failure_rate: breaker.failure_rate.map(share),
    }
}

fn seconds(micros: u64) -> u64 {
    (micros.saturating_add(SECOND / 2) / SECOND).saturating_mul(SECOND)
}

fn seconds_up(micros: u64) -> u64 {
    micros.div_ceil(SECOND).saturating_mul(SECOND)
}

/// A share to the thousandth of a percent; less than all stays less than all, and more than nothing more than nothing.
fn share(share: f64) -> f64 {
    const STEP: f64 = 1e5;
    let rounded = (share * STEP).round() / STEP;
    if share > 0.0 && share < 1.0 { rounded.clamp(1.0 / STEP, 1.0 - 1.0 / STEP) } else { rounded }
}

fn four_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let step = 10_f64.powf(3.0 - value.abs().log10().floor());
    (value * step).round() / step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::snapshot::example;

    fn text(service: &ServiceSnapshot) -> String {
        serde_json::to_string(&Row::of(service)).expect("JSON")
    }

    #[test]
    fn a_row_stays_the_same_while_only_time_passes() {
        for mut before in example().services {
            let mut after = before.clone();
            after.breaker.time_in_state_us = [("closed", 5), ("open", 7)].into_iter().collect();
            if let Some(windows) = &mut after.windows {
                windows.since_us += COMPLETE;
                windows.ten_seconds.length_us += 1_000;
            }
            if let Some(windows) = &mut before.windows {
                windows.since_us = windows.since_us.max(COMPLETE);
            }
            assert_eq!(text(&before), text(&after));
        }
        let mut called = example().services.remove(1);
        let before = text(&called);
        called.calls.success += 1;
        assert_ne!(text(&called), before);
    }

    #[test]
    fn what_is_not_all_is_never_shown_as_all() {
        for (exact, shown) in
            [(0.0, 0.0), (1e-9, 0.00001), (0.123_456_7, 0.12346), (0.999_999_9, 0.99999), (1.0, 1.0)]
        {
            assert!((share(exact) - shown).abs() < 1e-12, "{exact}: {}", share(exact));
        }
        for (exact, shown) in [(0.0, 0.0), (1234.56, 1235.0), (0.000_123_456, 0.000_123_5), (9.9999, 10.0)] {
            assert!((four_digits(exact) - shown).abs() < 1e-12, "{exact}: {}", four_digits(exact));
        }
    }
}
