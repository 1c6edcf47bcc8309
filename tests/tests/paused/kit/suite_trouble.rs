//! Suites of functions that never end, panic or always fail: each stage ends, and says what it met.

use std::io::{Error, ErrorKind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use resilience_runtime::testing::load::Schedule;
use resilience_runtime::testing::suite::{Met, Stage, StageKind, Subject, SuiteReport, TestSuite};
use resilience_runtime::testing::{chaos, isolated, run_comprehensive_test_suite};
use tokio::time::timeout;

const SECOND: Duration = Duration::from_secs(1);

/// The report of a suite, which ends within a day.
async fn report<F>(subject: Subject<F>) -> SuiteReport
where
    F: Send + 'static,
{
    let suite = TestSuite::new("trouble").allow_findings().subject(subject);
    let run = isolated(run_comprehensive_test_suite(suite));
    timeout(24 * 3_600 * SECOND, run).await.expect("a suite ends")
}

/// What the stages of that kind expected, whether it was met, and what came.
fn found(report: &SuiteReport, kind: StageKind) -> Vec<(&str, Met, &str)> {
    let stages = report.stages().iter().filter(|stage| stage.kind() == kind);
    stages.flat_map(Stage::expectations).map(|one| (one.what(), one.met(), one.found())).collect()
}

fn even() -> Schedule {
    Schedule::constant(5.0, SECOND)
}

/// The first `well` calls end.
fn hangs_after(well: u64) -> impl Fn() -> futures::future::BoxFuture<'static, Result<(), Error>> {
    let calls = AtomicU64::new(0);
    move || {
        let is_well = calls.fetch_add(1, Ordering::Relaxed) < well;
        Box::pin(async move { if is_well { Ok(()) } else { std::future::pending().await } })
    }
}

#[tokio::test(start_paused = true)]
async fn a_benchmark_ends_with_the_first_call_that_never_does() {
    for (well, ok) in [(0, 0), (2, 1), (5, 4)] {
        let report =
            report(Subject::new("hangs", hangs_after(well)).benchmark(10, ["p50 < 1 s", "success > 99 %"]))
                .await;
        let measured = report.stages()[1].report().expect("calls were made");
        assert_eq!((measured.scheduled(), measured.ok()), (10, ok), "{report}");
        assert_eq!((measured.unfinished(), measured.not_started()), (1, 9 - ok), "{report}");
        assert!(report.stages()[1].lasted() < 31 * SECOND, "{report}");
        assert_eq!(report.count(Met::No), 2, "{report}");
        assert!(report.to_string().contains("after 30s more"), "{report}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_never_answers_after_the_trouble_is_not_well_again() {
    let subject = Subject::new("hangs", hangs_after(8)).chaos("none", || (), even(), ["success > 50 %"]);
    let report = report(subject).await;
    assert_eq!(
        found(&report, StageKind::Chaos)[1..],
        [("it is well again within 1m", Met::No, "3 successes in a row, then a call that did not end")],
        "{report}"
    );
    assert!(report.stages()[1].lasted() < 62 * SECOND, "{report}");
}

/// Panics when it is dropped.
struct Stays;

impl Drop for Stays {
    fn drop(&mut self) {
        panic!("the trouble stays");
    }
}

#[tokio::test(start_paused = true)]
async fn a_trouble_that_panics_is_missed_and_the_other_stages_run() {
    let subject = Subject::new("well", || async { Ok::<_, Error>(()) })
        .chaos("a rule without a fault", || chaos::rule("db").arm(), even(), ["success > 50 %"])
        .chaos("it stays", || Stays, even(), ["success > 50 %"])
        .benchmark(3, ["success >= 100 %"]);
    let report = report(subject).await;
    let found = found(&report, StageKind::Chaos);
    let (what, met, why) = found[0];
    assert_eq!((what, met), ("the trouble begins", Met::No), "{report}");
    assert!(why.starts_with("it panics: a rule for `db` does nothing"), "{report}");
    assert_eq!(found[1].0, "success > 50 %", "without the trouble nothing is to be borne: {report}");
    assert!(found.contains(&("the trouble ends", Met::No, "it panics: the trouble stays")), "{report}");
    assert_eq!(report.stages().len(), 4);
    assert!(report.stages()[3].has_passed(), "{report}");
}

#[tokio::test(start_paused = true)]
async fn a_function_that_only_fails_fast_has_not_passed() {
    let down = || async { Err::<(), _>(Error::from(ErrorKind::ConnectionReset)) };
    let subject = Subject::new("down", down)
        .load(even(), ["p99 < 80 ms"])
        .benchmark(10, ["p99 < 80 ms"])
        // Said to be expected.
        .load(even(), ["p99 < 80 ms", "success < 1 %"])
        // To be turned away fast may be all that is wanted meanwhile.
        .chaos("down", || (), even(), ["p99 < 80 ms"]);
    let report = report(subject).await;
    let nothing = ("some call succeeds", Met::No, "0 did");
    for (at, is_missed) in [(1, true), (2, true), (3, false), (4, false)] {
        let stage = &report.stages()[at];
        let has = stage.expectations().iter().any(|one| (one.what(), one.met(), one.found()) == nothing);
        assert_eq!(has, is_missed, "{at}: {report}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_no_time_went_by_there_is_no_rate() {
    let report =
        report(Subject::new("at once", || async { Ok::<_, Error>(()) }).benchmark(10, ["rate > 100"])).await;
    assert_eq!(found(&report, StageKind::Benchmark), [("rate > 100", Met::No, "0.0/s")], "{report}");
}
