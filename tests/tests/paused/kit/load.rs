//! Load on annotated functions: what came out of them is counted, whatever their error types say.

use std::io;
use std::time::Duration;

use resilience_runtime::testing::load::{Baseline, LoadError, Report, Schedule, Threshold, Verdict};
use resilience_runtime::{RejectionKind, comprehensive_retry, registry, testing};
use serde_json::Value;
use tokio::time::sleep;

const SECOND: Duration = Duration::from_secs(1);

/// An error type that cannot be asked for a rejection.
#[comprehensive_retry(
    service = "load_full",
    max_attempts = 1,
    bulkhead(max_concurrent = 2, max_queue = 0),
    breaker = false
)]
async fn two_at_once() -> Result<u32, String> {
    sleep(Duration::from_millis(100)).await;
    Ok(1)
}

#[comprehensive_retry(service = "load_slow", max_attempts = 1, attempt_timeout = "50ms", breaker = false)]
async fn too_slow() -> Result<u32, String> {
    sleep(SECOND).await;
    Ok(1)
}

#[comprehensive_retry(service = "load_fails", max_attempts = 2, base_delay = "10ms", breaker = false)]
async fn fails() -> Result<u32, io::Error> {
    Err(io::ErrorKind::ConnectionReset.into())
}

/// The inner call is rejected, and the outer one has an answer of its own.
#[comprehensive_retry(service = "load_outer", max_attempts = 1, breaker = false)]
async fn goes_on() -> Result<u32, String> {
    Ok(two_at_once().await.unwrap_or(0))
}

fn even() -> Schedule {
    Schedule::constant(100.0, SECOND)
}

fn kinds(report: &Report) -> Vec<(RejectionKind, u64)> {
    report.rejected().collect()
}

#[tokio::test(start_paused = true)]
async fn rejections_are_told_from_errors_of_the_dependency_by_their_kind() {
    testing::isolated(async {
        let full = testing::load(two_at_once).schedule(even()).run().await.unwrap();
        // Two run at once for 100 ms each: 20 per second of 100.
        assert_eq!((full.ok(), full.failed()), (20, 0), "{full}");
        assert_eq!(kinds(&full), [(RejectionKind::BulkheadFull, 80)]);

        let slow = testing::load(too_slow).schedule(even()).run().await.unwrap();
        assert_eq!((slow.ok(), slow.failed()), (0, 0), "{slow}");
        assert_eq!(kinds(&slow), [(RejectionKind::AttemptTimeout, 100)]);

        let fails = testing::load(fails).schedule(even()).classes(|error| error.kind().to_string());
        let fails = fails.run().await.unwrap();
        assert_eq!((fails.failed(), fails.rejections()), (100, 0), "{fails}");
        assert_eq!(fails.classes().collect::<Vec<_>>(), [("connection reset", 100)]);

        let on = testing::load(goes_on).schedule(even()).run().await.unwrap();
        assert_eq!((on.ok(), on.rejections()), (100, 0), "{on}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn calls_have_the_registry_and_the_settings_of_whoever_generates_them() {
    testing::isolated(async {
        let settings = "[services.load_full]\nbulkhead = { max_concurrent = 100 }\n[overrides.load_full]\nbulkhead = { max_concurrent = 100 }";
        registry().load_config(settings, "load.toml").unwrap();
        let report = testing::load(two_at_once).schedule(even()).run().await.unwrap();
        assert_eq!((report.ok(), report.rejections()), (100, 0), "{report}");
        assert_eq!(registry().service("load_full").unwrap().stats().ended(), 100);
    })
    .await;
}

/// A call that takes so long, and an earlier run that may be compared with it.
async fn against(baseline: &str, percent: f64) -> Result<Report, LoadError> {
    let load = testing::load(|| async {
        sleep(Duration::from_millis(20)).await;
        Ok::<_, io::Error>(())
    });
    load.schedule(even()).baseline(Baseline::from_json(baseline)?, percent).run().await
}

#[tokio::test(start_paused = true)]
async fn however_much_is_allowed_a_load_ends_with_a_report() {
    let earlier =
        testing::load(|| async { Ok::<_, io::Error>(()) }).schedule(even()).run().await.expect("it runs");
    for (percent, verdict) in [(f64::MAX, Verdict::Passed), (1e30, Verdict::Passed), (0.0, Verdict::Failed)] {
        assert_eq!(
            against(&earlier.to_json(), percent).await.expect("it runs").verdict(),
            verdict,
            "{percent}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_earlier_run_that_lacks_what_is_compared_is_refused() {
    let earlier =
        testing::load(|| async { Ok::<_, io::Error>(()) }).schedule(even()).run().await.expect("it runs");
    let earlier: Value = serde_json::from_str(&earlier.to_json()).expect("JSON");
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = earlier.clone();
        change(&mut changed);
        changed.to_string()
    };
    for (message, text) in [
        ("the baseline has no latency", with(&|json| json["latency"] = Value::Null)),
        ("the baseline has no latency", with(&|json| json["latency"] = "20 ms".into())),
        ("the baseline has no `p50`", with(&|json| json["latency"] = serde_json::json!({}))),
        (
            "`p99` of the baseline is `-1`, which is no time in seconds",
            with(&|json| json["latency"]["p99"] = (-1).into()),
        ),
        (
            "`mean` of the baseline is `\"1 s\"`, which is no time",
            with(&|json| json["latency"]["mean"] = "1 s".into()),
        ),
        (
            "`success` of the baseline is `7`, which is no part of one",
            with(&|json| json["success"] = 7.into()),
        ),
        (
            "`success` of the baseline is `-0.5`, which is no part of one",
            with(&|json| json["success"] = (-0.5).into()),
        ),
    ] {
        let error = Baseline::from_json(&text).expect_err(message);
        assert!(error.is_baseline() && error.to_string().starts_with(message), "{error}");
    }
    // Beyond all that was measured: that is known.
    assert!(Baseline::from_json(&with(&|json| json["latency"]["p99.9"] = Value::Null)).is_ok());
}

#[test]
fn a_threshold_in_types_is_held_to_what_a_text_is() {
    type Make = fn() -> Threshold;
    let make: [(&str, Make); 9] = [
        ("no `success` keeps this: `success > 1`", || Threshold::success_above(1.0)),
        ("more than all calls: `success > 99`", || Threshold::success_above(99.0)),
        ("no part of all calls: `success > -0.1`", || Threshold::success_above(-0.1)),
        ("no part of all calls: `success > NaN`", || Threshold::success_above(f64::NAN)),
        ("no number of calls per second: `rate > NaN`", || Threshold::rate_above(f64::NAN)),
        ("no number of calls per second: `rate > -1`", || Threshold::rate_above(-1.0)),
        ("no `max` keeps this: `max < 0`", || Threshold::max_below(Duration::ZERO)),
        ("no `mean` keeps this: `mean < 0`", || Threshold::mean_below(Duration::ZERO)),
        ("no `p99` keeps this: `p99 < 0`", || Threshold::percentile_below(99.0, Duration::ZERO)),
    ];
    for (message, make) in make {
        let panic = std::panic::catch_unwind(make).expect_err(message);
        let said = panic.downcast_ref::<String>().expect("a text");
        assert!(said.starts_with(message), "{said}");
    }
    assert_eq!(Threshold::success_above(0.0).to_string(), "success > 0 %");
}
