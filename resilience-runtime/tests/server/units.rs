//! The units of what the API tells: a time is in microseconds and ends in `_us`, a moment is in milliseconds of Unix time and ends
//! in `_ms`, and what is neither is known here by its name.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use resilience_runtime::export::server::ServerBuilder;
use resilience_runtime::{Resilient, ServiceKind, registry};
use serde_json::Value;

use crate::client::get;
use crate::stream::Reader;

/// Numbers that are no times. A new field belongs here only if it is none; else its unit is missing from its name.
const COUNTS: &[&str] = &[
    // What holds for the process.
    "version",
    "pid",
    "health",
    "reloads_applied",
    "reloads_refused",
    "findings",
    "shedding",
    "overrides_active",
    "retries_in_flight",
    "retries_in_flight_limit",
    "events_dropped",
    "events_missed",
    "total",
    "generation",
    "more",
    "id",
    // Counts by a word: below them stand the words.
    "calls",
    "original",
    "retry",
    "hedge",
    "rejections",
    "unretried",
    "transitions",
    "by_state",
    "success",
    "failure",
    "idempotency",
    "would",
    "injections",
    "attempts_needed",
    "buckets",
    "curve",
    "bad",
    // Services, windows, samples.
    "score",
    "count",
    "calls_per_second",
    "success_rate",
    "attempts",
    "attempts_failed",
    "attempt_success_rate",
    "retry_rate",
    "retries_refused",
    "waiting_share",
    "failure_rate",
    "throttle_probability",
    "cache_hits",
    "skipped",
    "failed",
    "succeeded",
    "timed_out",
    "attempts_per_second",
    "peak_attempts_per_second",
    "in_flight_mean",
    "in_flight_peak",
    "retry_share_p95",
    "breaker_openings",
    "in_flight",
    "limit",
    "queue_depth",
    "tokens",
    "capacity",
    "results",
    "failures",
    "line",
    "status",
];

/// Calls with each number, and each thing that is not there, with the names that lead to it.
fn numbers(value: &Value, path: &mut Vec<String>, each: &mut dyn FnMut(&[String], Option<f64>)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                path.push(name.clone());
                numbers(value, path, each);
                path.pop();
            }
        }
        Value::Array(items) => items.iter().for_each(|item| numbers(item, path, each)),
        Value::Number(number) => each(path, number.as_f64()),
        Value::Null => each(path, None),
        Value::Bool(_) | Value::String(_) => {}
    }
}

/// Fields that may be absent, and are no numbers when they are there.
const TEXTS: &[&str] = &[
    "service_type",
    "statistics_off_by",
    "service",
    "from",
    "to",
    "windows",
    "budget",
    "bulkhead",
    "sample",
    "written",
    "remark",
];

fn now_ms() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs_f64() * 1e3
}

/// What is named otherwise than its unit wants it. `now` in milliseconds, if the data are of now.
fn faults(data: &Value, now: Option<f64>) -> Vec<String> {
    let mut faults = Vec::new();
    numbers(data, &mut Vec::new(), &mut |path, value| {
        let ends = |end: &str| path.iter().any(|name| name.ends_with(end));
        let is_known = path.iter().any(|name| COUNTS.contains(&name.as_str()));
        let is_text = value.is_none() && path.last().is_some_and(|name| TEXTS.contains(&name.as_str()));
        let is_fault = match value {
            // No process is a hundred days old here, and no moment is not of today.
            Some(value) if ends("_us") => !(0.0..8.64e12).contains(&value),
            Some(value) if ends("_ms") => now.is_some_and(|now| (now - value).abs() > 8.64e7),
            _ => !(is_known || is_text || ends("_us") || ends("_ms")),
        };
        if is_fault {
            faults.push(format!("{}: {value:?}", path.join(".")));
        }
    });
    faults
}

#[test]
fn a_time_without_its_unit_is_found() {
    let data = serde_json::json!({"breaker": {"open_for": 5}, "uptime_us": 3, "at_ms": 1e12, "latency": null, "health": 3});
    assert_eq!(faults(&data, Some(now_ms())).len(), 3, "{:?}", faults(&data, Some(now_ms())));
}

#[test]
fn every_time_of_the_api_says_its_unit() {
    let server = ServerBuilder::new().start().expect("a free port");
    let settings = "[services.timed]\nbulkhead.max_concurrent = 4\nmax_attempts = 2\nbase_delay = '1ms'\nthrottle = true";
    registry().load_config(settings, "test.toml").expect("valid");
    let handle = Resilient::service("timed").kind(ServiceKind::HttpApi).build();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let before = get(server.address(), "/api/dashboard").json();
    assert_eq!(faults(&before, Some(now_ms())), [""; 0]);
    let call = async |is_fine: bool| {
        let body = async || {
            tokio::time::sleep(Duration::from_millis(30)).await;
            if is_fine { Ok(()) } else { Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)) }
        };
        let _ = handle.call(body).await;
    };
    runtime.block_on(async {
        call(true).await;
        call(false).await;
    });
    registry().service("timed").expect("named").force_open();
    let one = get(server.address(), "/api/services/timed").json();
    let took = one["service"]["latency"]["total_us"].as_f64().expect("a number");
    assert!((60e3..60e6).contains(&took), "three attempts of 30 ms are {took} µs");
    assert!(one["service"]["windows"]["one_minute"]["p50_us"].is_number(), "it was sampled: {one}");
    for path in ["/api/dashboard", "/api/services/timed"] {
        assert_eq!(faults(&get(server.address(), path).json(), Some(now_ms())), [""; 0], "{path}");
    }
    let mut reader = Reader::new(server.address(), None);
    for _ in 0..3 {
        let event = reader.next().expect("an event");
        assert_eq!(faults(&event.data, Some(now_ms())), [""; 0], "{}", event.kind);
    }
    registry().service("timed").expect("named").reset_breaker();
    // Every field of it is filled in.
    let whole = include_str!("../../src/monitor/snapshot/example.json");
    assert_eq!(faults(&serde_json::from_str(whole).expect("JSON"), None), [""; 0]);
}
