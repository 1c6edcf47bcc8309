//! Thresholds, and comparison with an earlier run.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use crate::testing::load;
use crate::testing::load::{
    Baseline, Change, LoadError, Report, Schedule, Threshold, ThresholdResult, Verdict,
};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

/// A body that takes so long, with a schedule of this rate.
async fn run(takes: Duration, rate: f64, baseline: Option<(&Report, f64)>) -> Result<Report, LoadError> {
    let mut load = load(move || async move {
        sleep(takes).await;
        Ok::<_, Infallible>(())
    })
    .schedule(Schedule::constant(rate, SECOND));
    if let Some((earlier, percent)) = baseline {
        load = load.baseline(Baseline::from_json(&earlier.to_json()).unwrap(), percent);
    }
    load.run().await
}

#[tokio::test(start_paused = true)]
async fn each_metric_is_held_against_its_threshold() {
    let mut load = load(|| async {
        sleep(30 * MS).await;
        Ok::<_, Infallible>(())
    })
    .schedule(Schedule::constant(100.0, SECOND));
    let texts = [
        ("p50 < 31 ms", true),
        ("p50 < 30 ms", false),
        ("p99.9 <= 31 ms", true),
        ("max > 29 ms", true),
        ("mean < 29 ms", false),
        ("success >= 100 %", true),
        ("rate > 90", true),
        ("rate > 110", false),
    ];
    for (text, _) in texts {
        load = load.threshold(text);
    }
    let report = load.threshold(Threshold::percentile_below(99.0, 40 * MS)).run().await.unwrap();
    for (judged, (text, met)) in report.thresholds().iter().zip(texts) {
        assert_eq!((judged.threshold().to_string().as_str(), judged.is_met()), (text, Some(met)), "{report}");
    }
    assert_eq!(report.thresholds().last().and_then(ThresholdResult::is_met), Some(true));
    assert_eq!((report.verdict(), report.verdict().exit_code()), (Verdict::Failed, 1));
}

#[tokio::test(start_paused = true)]
async fn a_threshold_that_is_none_ends_the_load_before_it_begins() {
    let load = load(|| async { panic!("nothing may be called") as Result<(), Infallible> });
    let error = load.threshold("p99 < 80").threshold("p98 <").run().await.unwrap_err();
    assert!(error.is_threshold(), "{error}");
    assert_eq!(error.to_string(), "a time needs a unit\n    p99 < 80\n          ^^ write `80 ms` or `80 s`");
}

#[tokio::test(start_paused = true)]
async fn an_earlier_run_is_compared_with() {
    let earlier = run(20 * MS, 100.0, None).await.unwrap();
    let same = run(20 * MS, 100.0, Some((&earlier, 10.0))).await.unwrap();
    let comparison = same.comparison().unwrap();
    assert!(!comparison.is_worse() && same.has_passed(), "{same}");
    let metrics: Vec<_> = comparison.changes().iter().map(Change::metric).collect();
    assert_eq!(metrics, ["p50", "p95", "p99", "mean", "success"]);

    let slower = run(23 * MS, 100.0, Some((&earlier, 10.0))).await.unwrap();
    assert_eq!(slower.verdict(), Verdict::Failed, "{slower}");
    let by = slower.comparison().unwrap().changes()[0].percent().unwrap();
    assert!((by - 15.0).abs() < 1.0, "{by}");
    assert!(run(23 * MS, 100.0, Some((&earlier, 20.0))).await.unwrap().has_passed());
    assert!(run(5 * MS, 100.0, Some((&earlier, 0.0))).await.unwrap().has_passed(), "faster is no fault");
}

#[tokio::test(start_paused = true)]
async fn what_does_not_compare_is_refused_before_the_load() {
    let earlier = run(20 * MS, 100.0, None).await.unwrap();
    let error = run(20 * MS, 200.0, Some((&earlier, 10.0))).await.unwrap_err();
    assert!(error.is_baseline() && error.to_string().contains("use the same schedule"), "{error}");
    for percent in [-1.0, f64::NAN, f64::INFINITY] {
        let error = run(20 * MS, 100.0, Some((&earlier, percent))).await.unwrap_err();
        assert!(error.is_baseline(), "{error}");
    }
    for (text, message) in [
        ("", "the baseline is no JSON"),
        ("{}", "the baseline is no report of a load"),
        (r#"{"format":"resilience-load/1"}"#, "the baseline has no schedule"),
        (r#"{"format":"resilience-load/1","saturated":true}"#, "the generator of the baseline was late"),
        (
            r#"{"format":"resilience-load/1","schedule":"a","latency":{"p50":-1}}"#,
            "the baseline has no success",
        ),
        (
            r#"{"format":"resilience-load/1","schedule":"a","success":1,"latency":{"p50":1e300}}"#,
            "`p50` of the baseline is `1e+300`, which is no time in seconds",
        ),
    ] {
        let error = Baseline::from_json(text).unwrap_err();
        assert!(error.is_baseline() && error.to_string().starts_with(message), "{text}: {error}");
    }
}

/// A run of these starts, in milliseconds, against an earlier one.
async fn replayed(starts: &str, baseline: Option<&str>) -> Result<Report, LoadError> {
    let mut load = load(|| async { Ok::<_, Infallible>(()) }).schedule(Schedule::replay_text(starts)?);
    if let Some(json) = baseline {
        load = load.baseline(Baseline::from_json(json)?, 10.0);
    }
    load.run().await
}

#[tokio::test(start_paused = true)]
async fn recordings_are_told_apart_by_their_starts() {
    let earlier = replayed("0ms\n10ms\n900ms", None).await.unwrap().to_json();
    for same in ["0ms\n10ms\n900ms", "900ms # in another order\n10ms\n0ms", "5ms\n15ms\n905ms"] {
        assert!(replayed(same, Some(&earlier)).await.unwrap().comparison().is_some(), "{same}");
    }
    let error = replayed("0ms\n10ms\n901ms", Some(&earlier)).await.unwrap_err();
    assert!(error.is_baseline() && error.to_string().contains("replay the same recording"), "{error}");
    let untold = earlier.replace("\"starts\"", "\"begins\"");
    let error = replayed("0ms\n10ms\n900ms", Some(&untold)).await.unwrap_err();
    assert!(error.is_baseline() && error.to_string().contains("does not say which starts"), "{error}");
}

/// Of a thousand calls, so many fail.
async fn failing(calls: u64, baseline: Option<(&Report, f64)>) -> Report {
    let number = AtomicU64::new(0);
    let mut load = load(move || {
        let is_ok = number.fetch_add(1, Ordering::Relaxed) >= calls;
        async move { is_ok.then_some(()).ok_or("no") }
    })
    .schedule(Schedule::constant(1_000.0, SECOND));
    if let Some((earlier, points)) = baseline {
        // However much longer calls may take, no more of them may fail.
        load = load.baseline(Baseline::from_json(&earlier.to_json()).unwrap(), 1_000.0).allow_success(points);
    }
    load.run().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn success_has_a_tolerance_of_its_own_in_points() {
    let (whole, half) = (failing(0, None).await, failing(500, None).await);
    for (earlier, fails, points, is_worse) in [
        (&whole, 5, 0.5, false),
        (&whole, 6, 0.5, true),
        (&whole, 100, 0.5, true),
        (&whole, 100, 10.0, false),
        (&whole, 1, 0.0, true),
        (&half, 500, 0.0, false),
        (&half, 505, 0.5, false),
        (&half, 506, 0.5, true),
        (&half, 0, 0.0, false),
    ] {
        let report = failing(fails, Some((earlier, points))).await;
        assert_eq!(report.comparison().unwrap().is_worse(), is_worse, "{fails} {points}: {report}");
    }
    let report = failing(100, Some((&whole, 0.25))).await;
    let text = report.to_string();
    assert!(text.contains("1000 % allowed, 0.25 points of success\n"), "{text}");
    assert!(text.contains("  WORSE   success      100 % ->      90 %  -10.00 points\n"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!(json["baseline"]["allowed_points"], 0.25, "{json}");
}

/// What is allowed by itself: a tenth of the calls is an outage, whatever is allowed of times.
#[tokio::test(start_paused = true)]
async fn an_outage_is_no_change_that_is_allowed_by_itself() {
    let earlier = failing(0, None).await;
    let load = load(|| async { Err::<(), _>("no") }).schedule(Schedule::constant(1_000.0, SECOND));
    let report = load.baseline(Baseline::from_json(&earlier.to_json()).unwrap(), 100.0).run().await.unwrap();
    assert_eq!(report.verdict(), Verdict::Failed, "{report}");
    assert!((report.comparison().unwrap().points() - 0.5).abs() < f64::EPSILON);
}
