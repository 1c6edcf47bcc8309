//! Whole suites on annotated functions: what passes, what is missed, and what the server for builds reads of it.

use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use resilience_runtime::testing::load::{Report, Schedule};
use resilience_runtime::testing::suite::{
    Expectation, Met, Stage, StageKind, Subject, SuiteReport, TestSuite,
};
use resilience_runtime::testing::{chaos, isolated, run_comprehensive_test_suite};
use resilience_runtime::{comprehensive_retry, registry};
use tokio::time::sleep;

const SECOND: Duration = Duration::from_secs(1);

/// What is wrong while it is not dropped.
struct Down(&'static AtomicBool);

impl Down {
    fn begin(flag: &'static AtomicBool) -> Self {
        flag.store(true, Ordering::Relaxed);
        Self(flag)
    }
}

impl Drop for Down {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Each test has a flag of its own.
async fn ask(is_down: &AtomicBool) -> Result<u32, std::io::Error> {
    sleep(Duration::from_millis(5)).await;
    if is_down.load(Ordering::Relaxed) { Err(ErrorKind::ConnectionReset.into()) } else { Ok(1) }
}

#[comprehensive_retry(
    service = "suite_db",
    max_attempts = 2,
    base_delay = "10ms",
    breaker(consecutive_failures = 5, open_for = "3s")
)]
async fn stock(is_down: &'static AtomicBool) -> Result<u32, std::io::Error> {
    ask(is_down).await
}

fn even(rate: f64) -> Schedule {
    Schedule::constant(rate, 2 * SECOND)
}

/// What was expected under this name.
#[track_caller]
fn of<'r>(report: &'r SuiteReport, kind: StageKind, what: &str) -> &'r Expectation {
    let stage = report.stages().iter().find(|stage| stage.kind() == kind);
    let found = stage.and_then(|stage| stage.expectations().iter().find(|one| one.what() == what));
    found.unwrap_or_else(|| panic!("no `{what}` in {report}"))
}

/// No terminal breaks a line of it within a word. An excerpt of a file has the columns of that, and a word may be longer than a line.
#[track_caller]
fn fits(report: &SuiteReport) {
    for columns in [40, 80, 200] {
        let text = report.to_text(columns, false);
        for line in text.lines().filter(|line| line.chars().count() > columns) {
            let is_excerpt = line.contains(" | ") || line.contains("-->") || line.contains('^');
            let is_one = line.split_whitespace().count() <= 1;
            // Of a load: what it measured has columns of its own, and does not become narrower than they are.
            let is_measured = columns < 80;
            assert!(is_excerpt || is_one || is_measured, "{columns}: {line}\n{text}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_suite_in_which_all_is_well_passes_and_says_what_it_saw() {
    static DOWN: AtomicBool = AtomicBool::new(false);
    let subject = Subject::new("stock", || stock(&DOWN))
        .load(even(50.0), ["p99 < 20 ms", "success >= 100 %"])
        .chaos("the database is down", || Down::begin(&DOWN), even(20.0), ["success < 10 %"])
        .benchmark(100, ["p50 < 6 ms", "max < 7 ms"]);
    let suite = TestSuite::new("stock").allow_findings().subject(subject);
    let report = isolated(run_comprehensive_test_suite(suite)).await;
    assert!(report.has_passed(), "{report}");
    let kinds: Vec<_> = report.stages().iter().map(Stage::kind).collect();
    let all = [StageKind::Configuration, StageKind::Load, StageKind::Chaos, StageKind::Benchmark];
    assert_eq!(
        (kinds, report.exit_code(), report.count(Met::Yes)),
        (all.to_vec(), 0, report.stages().iter().map(|stage| stage.expectations().len()).sum())
    );
    assert_eq!(report.stages()[1].report().map(Report::ok), Some(100));
    assert_eq!(report.stages()[3].report().map(Report::scheduled), Some(100));
    // The breaker has opened, so it takes a break until it is well again.
    let well = of(&report, StageKind::Chaos, "it is well again within 1m");
    assert!(well.found().starts_with("after ") && well.found() != "after 0.0 s", "{}", well.found());
    let text = report.to_string();
    for part in [
        "\nload: stock  2.0",
        "\n  ok      p99 < 20 ms",
        "\nchaos: stock: the database is down  ",
        "\npassed: ",
    ] {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
    assert!(!text.contains("latency from"), "no details of what is well: {text}");
    assert!(!DOWN.load(Ordering::Relaxed));
}

#[tokio::test(start_paused = true)]
async fn what_is_missed_fails_the_suite_and_shows_its_measurements() {
    static DOWN: AtomicBool = AtomicBool::new(false);
    static LEFT_DOWN: AtomicBool = AtomicBool::new(false);
    let well = Subject::new("stock", || stock(&DOWN)).load(even(50.0), ["p99 < 2 ms"]).chaos(
        "down for a while",
        || Down::begin(&DOWN),
        even(20.0),
        ["success > 99 %"],
    );
    let never_again = Subject::new("other", || ask(&LEFT_DOWN)).chaos(
        "never ends",
        || std::mem::forget(Down::begin(&LEFT_DOWN)),
        even(20.0),
        [],
    );
    let suite = TestSuite::new("stock").allow_findings().subject(well).subject(never_again);
    let report = isolated(run_comprehensive_test_suite(suite)).await;
    assert!(!report.has_passed());
    assert_eq!((report.count(Met::No), report.exit_code()), (3, 1), "{report}");
    assert_eq!(of(&report, StageKind::Load, "p99 < 2 ms").met(), Met::No);
    let last = report.stages().last().unwrap().expectations();
    assert_eq!(
        (last.len(), last[0].met(), last[0].found()),
        (1, Met::No, "0 of 10 successes in a row at the end")
    );
    fits(&report);
    let text = report.to_string();
    assert!(
        text.contains("  MISSED  success > 99 %") && text.contains("    latency from the intended start"),
        "{text}"
    );
    assert!(text.ends_with("\nfailed: 3 missed, 2 met\n"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn settings_are_looked_at_first() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let good = write("good.toml", "[services.suite_db]\nmax_delay = '900ms'\n");
    let bad = write("bad.toml", "[services.suite_db]\nmax_attempts = 0\n");
    let odd = write("odd.toml", "[services.suite_bd]\nmax_delay = '900ms'\n");
    let run = |path, allows: bool| {
        let suite = TestSuite::new("settings").config_file(path);
        let suite = if allows { suite.allow_findings() } else { suite };
        isolated(async {
            let report = run_comprehensive_test_suite(suite).await;
            (report, registry().reloads().applied)
        })
    };
    let (report, applied) = run(&good, true).await;
    assert!(report.has_passed() && applied == 1, "{report}");
    let (report, applied) = run(&bad, true).await;
    assert_eq!((report.has_passed(), applied), (false, 0), "{report}");
    fits(&report);
    assert!(report.to_string().contains("max_attempts = 0"), "the fault is shown over its text: {report}");
    for (allows, passes) in [(false, false), (true, true)] {
        let (report, _) = run(&odd, allows).await;
        assert_eq!(report.has_passed(), passes, "{report}");
        fits(&report);
        assert!(report.to_string().contains("suite_bd"), "{report}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_server_for_builds_reads_each_expectation_as_a_case() {
    static DOWN: AtomicBool = AtomicBool::new(false);
    let subject = Subject::new("a <b> & \"c\" \u{1b}[2J", || ask(&DOWN))
        .load(even(50.0), ["p99 < 2 ms", "success >= 1.0"]);
    let suite = TestSuite::new("it's <all>").allow_findings().subject(subject);
    let report = isolated(run_comprehensive_test_suite(suite)).await;
    let xml = report.to_junit();
    let document = roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    let suites = document.root_element();
    assert_eq!((suites.tag_name().name(), suites.attribute("name")), ("testsuites", Some("it's <all>")));
    let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    assert_eq!(suites.attribute("tests"), Some(cases.len().to_string().as_str()));
    assert_eq!((suites.attribute("failures"), suites.attribute("errors")), (Some("1"), Some("0")));
    let missed = cases.iter().find(|case| case.attribute("name") == Some("p99 < 2 ms")).expect("its case");
    let failure = missed.first_element_child().expect("its failure");
    assert_eq!((failure.tag_name().name(), failure.attribute("message")), ("failure", Some("5.00 ms")));
    let output =
        document.descendants().find(|node| node.has_tag_name("system-out")).expect("what was measured");
    assert!(output.text().is_some_and(|text| text.contains("\nlatency from the intended start\n")), "{xml}");
    let svg = report.stages()[1].report().unwrap().to_svg();
    assert!(roxmltree::Document::parse(&svg).is_ok(), "{svg}");
}

#[tokio::test]
async fn what_could_not_be_measured_is_no_failure_of_the_code() {
    let blocks = || async {
        std::thread::sleep(Duration::from_millis(60));
        Ok::<_, std::io::Error>(())
    };
    let subject = Subject::new("blocks", blocks).load(Schedule::constant(40.0, SECOND / 2), ["p99 < 10 s"]);
    let suite = TestSuite::new("late").allow_findings().subject(subject);
    let report = isolated(run_comprehensive_test_suite(suite)).await;
    assert_eq!(
        (report.count(Met::No), report.count(Met::Unknown), report.exit_code()),
        (0, 2, 3),
        "{report}"
    );
    assert!(!report.has_passed());
    let text = report.to_string();
    assert!(text.ends_with("\nnot measured: 2, and 1 met\n"), "nothing has failed: {text}");
    let xml = report.to_junit();
    let document = roxmltree::Document::parse(&xml).expect("it is XML");
    assert_eq!(document.descendants().filter(|node| node.has_tag_name("error")).count(), 2, "{xml}");
}

#[tokio::test(start_paused = true)]
async fn a_rule_has_to_hit_something_and_what_it_hits_has_to_be_borne() {
    static DOWN: AtomicBool = AtomicBool::new(false);
    let reset = |service: &str| chaos::rule(service).io_error(ErrorKind::ConnectionReset).rate(0.2).arm();
    let subject = Subject::new("stock", || stock(&DOWN))
        .chaos("one of five fails", move || reset("suite_db"), even(50.0), ["success > 90 %"])
        .chaos("elsewhere", move || reset("load_fails"), even(50.0), ["success >= 100 %"]);
    let suite = TestSuite::new("stock").allow_findings().subject(subject);
    let report = isolated(run_comprehensive_test_suite(suite)).await;
    let [hit, missed] = [1, 2].map(|stage| {
        let all = report.stages()[stage].expectations();
        all.iter().find(|one| one.what() == "the trouble hits some attempt").expect("it is asked")
    });
    assert_eq!((hit.met(), missed.met(), missed.found()), (Met::Yes, Met::No, "0 attempts"), "{report}");
    assert_eq!(report.count(Met::No), 1, "{report}");
}

#[test]
#[should_panic = "a time needs a unit\n    p99 < 80\n          ^^ write `80 ms` or `80 s`"]
fn a_text_that_is_no_threshold_is_found_before_the_suite_runs() {
    static DOWN: AtomicBool = AtomicBool::new(false);
    let _ = Subject::new("stock", || ask(&DOWN)).load(even(1.0), ["p99 < 80"]);
}
