//! A clock that runs, one that is paused, and one that is paused too late.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::sleep;

use crate::testing::load;
use crate::testing::load::{Schedule, Verdict};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_runs_gives_real_latencies_from_a_thread_that_keeps_time() {
    let began = std::time::Instant::now();
    let report = load(|| async {
        sleep(20 * MS).await;
        Ok::<_, Infallible>(())
    })
    .schedule(Schedule::poisson(100.0, SECOND))
    .run()
    .await
    .unwrap();
    assert!(began.elapsed() > 900 * MS, "it takes the time of its schedule");
    assert_eq!((report.ok(), report.unfinished()), (report.scheduled(), 0), "{report}");
    // A busy machine may be late, and says so; it never shows less than the body takes.
    match report.percentile(1.0) {
        Some(fastest) => assert!(fastest >= 20 * MS, "{fastest:?}"),
        None => assert!(report.is_saturated()),
    }
}

#[tokio::test]
async fn a_generator_that_is_kept_from_its_work_says_so_and_has_no_percentiles() {
    let report = load(|| async {
        // The mistake that is looked for: it blocks the only thread of the runtime.
        std::thread::sleep(50 * MS);
        Ok::<_, Infallible>(())
    })
    .schedule(Schedule::constant(50.0, SECOND / 2))
    .threshold("p99 < 10 s")
    .threshold("success > 50 %")
    .run()
    .await
    .unwrap();
    assert_eq!(report.ok(), 25);
    assert!(report.is_saturated() && report.lateness(99.0) > 400 * MS, "{report}");
    assert_eq!((report.verdict(), report.verdict().exit_code()), (Verdict::Saturated, 3));
    assert_eq!((report.percentile(50.0), report.max(), report.mean()), (None, None, None));
    assert!(report.thresholds().iter().all(|judged| judged.is_met().is_none()));
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!((&json["latency"], &json["saturated"]), (&serde_json::Value::Null, &true.into()));
    assert!(json["over_time"]["steps"].as_array().unwrap().iter().all(|step| step["p99"].is_null()));
    let (text, svg) = (report.to_string(), report.to_svg());
    assert!(text.contains("none: the generator was late itself") && !text.contains("p90"), "{text}");
    assert!(
        svg.contains("no latencies: the generator was late itself") && !svg.contains("line p99"),
        "{svg}"
    );
}

#[tokio::test]
async fn a_clock_that_is_paused_meanwhile_is_refused() {
    let load = load(|| async {
        tokio::time::pause();
        Ok::<_, Infallible>(())
    })
    .schedule(Schedule::replay([Duration::ZERO, SECOND / 4]));
    // Only once it can be paused.
    let error = load.run().await.unwrap_err();
    assert!(error.is_clock() && error.to_string().contains("pause it before the load"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn on_a_paused_clock_a_seed_gives_the_same_report_to_the_last_digit() {
    let run = |seed| {
        load(|| async {
            sleep(7 * MS).await;
            Ok::<_, Infallible>(())
        })
        .schedule(Schedule::poisson(200.0, 10 * SECOND))
        .seed(seed)
        .run()
    };
    let (one, same, other) = (run(3).await.unwrap(), run(3).await.unwrap(), run(4).await.unwrap());
    assert_eq!(one.to_json(), same.to_json());
    assert_ne!(one.scheduled(), other.scheduled());
    assert_eq!(one.lateness(100.0), Duration::ZERO);
    assert_eq!(one.to_text(80, true), same.to_text(80, true));
}
