//! Reads the snapshot of a service as JSON, for a line in the table of `resilience top`.

use serde_json::Value;

use crate::shown::printable;

/// One service.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    /// Its name, such that a terminal can show it.
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) health: u8,
    pub(super) reasons: Vec<String>,
    pub(super) breaker: String,
    /// The rest of the break, in microseconds.
    pub(super) retry_after: Option<u64>,
    pub(super) rate: Option<f64>,
    pub(super) success: Option<f64>,
    /// As the dependency answers.
    pub(super) attempt_success: Option<f64>,
    pub(super) retries: Option<f64>,
    pub(super) p50: Option<u64>,
    pub(super) p95: Option<u64>,
    pub(super) p99: Option<u64>,
    pub(super) in_flight: u64,
    /// What it has and the most it can have.
    pub(super) budget: Option<(f64, f64)>,
    /// How many hold a permit, how many may, how many wait.
    pub(super) bulkhead: Option<(u64, u64, u64)>,
    pub(super) calls: u64,
    pub(super) rejected: u64,
    pub(super) template: String,
}

impl Row {
    /// `None` of what is no service.
    pub(super) fn of(service: &Value) -> Option<Self> {
        let minute = &service["windows"]["one_minute"];
        let text = |value: &Value| printable(value.as_str().unwrap_or_default());
        let breaker = &service["breaker"];
        let reasons = service["health"]["reasons"].as_array();
        let counts = &service["calls"];
        let ended = ["success", "degraded", "declined", "failure", "rejected", "cancelled", "panicked"];
        Some(Self {
            name: printable(service["name"].as_str()?),
            kind: text(&service["kind"]),
            health: service["health"]["score"]
                .as_u64()
                .and_then(|score| u8::try_from(score).ok())
                .unwrap_or(0),
            reasons: reasons.into_iter().flatten().map(text).collect(),
            breaker: if breaker["on"] == Value::Bool(true) {
                text(&breaker["state"])
            } else {
                "off".to_owned()
            },
            retry_after: breaker["retry_after_us"].as_u64(),
            rate: minute["calls_per_second"].as_f64(),
            success: minute["success_rate"].as_f64(),
            attempt_success: minute["attempt_success_rate"].as_f64(),
            retries: minute["retry_rate"].as_f64(),
            p50: minute["p50_us"].as_u64(),
            p95: minute["p95_us"].as_u64(),
            p99: minute["p99_us"].as_u64(),
            in_flight: counts["in_flight"].as_u64().unwrap_or(0),
            budget: pair(&service["budget"], "tokens", "capacity"),
            bulkhead: triple(&service["bulkhead"]),
            calls: ended.iter().filter_map(|outcome| counts[outcome].as_u64()).sum(),
            rejected: counts["rejected"].as_u64().unwrap_or(0),
            template: text(&service["template"]),
        })
    }
}

fn pair(of: &Value, one: &str, other: &str) -> Option<(f64, f64)> {
    Some((of[one].as_f64()?, of[other].as_f64()?))
}

fn triple(of: &Value) -> Option<(u64, u64, u64)> {
    Some((of["in_flight"].as_u64()?, of["limit"].as_u64()?, of["queue_depth"].as_u64()?))
}
