//! What was published comes out, with several seeds, and a user's own policy is played. Here is the scenario of few calls, in
//! debug builds too; the others have tens of thousands and more, and are judged by the program `simulations` of the tests.

mod policies;

use super::{Report, scenario, scenarios};

const SEEDS: [u64; 2] = [11, 12];

fn play(name: &str) -> impl Iterator<Item = Report> {
    SEEDS.into_iter().map(move |seed| scenario(name).expect("a scenario").seed(seed).quick().run())
}

fn number(report: &Report, row: &[&str], column: &str) -> f64 {
    report.number(row, column).unwrap_or_else(|| panic!("{row:?} {column}: {report}"))
}

#[test]
fn the_same_seed_gives_the_same_report_and_another_seed_another() {
    let run = |seed| scenario("herd").expect("a scenario").seed(seed).glimpse().run();
    let first = run(5);
    assert_eq!(first, run(5));
    assert_ne!(first.rows(), run(6).rows());
}

#[test]
fn layers_multiply_retries_and_budgets_of_a_tenth_hardly_add_up() {
    for report in play("layers") {
        for (layers, attempts) in [("1", 3.0), ("3", 27.0), ("5", 243.0)] {
            assert!(
                (number(&report, &["plain retries", layers], "requests per call") - attempts).abs() < 1e-9
            );
        }
        let budget = number(&report, &["budget of a tenth", "5"], "requests per call");
        assert!((budget / 1.1_f64.powi(5) - 1.0).abs() < 0.02, "{report}");
        assert!(number(&report, &["defaults", "5"], "requests per call") < 1.0, "{report}");
    }
}

#[test]
fn scenarios_are_found_by_their_names() {
    for one in scenarios() {
        assert_eq!(scenario(one.name()).expect("itself").scenario().about(), one.about());
    }
    let message = scenario("metastabel").expect_err("there is none").to_string();
    assert!(message.contains("metastable") && message.contains("jitter"), "{message}");
}

#[test]
fn a_run_may_be_started_within_a_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let report = runtime.block_on(async { scenario("layers").expect("a scenario").glimpse().run() });
    assert!(!report.rows().is_empty() && !report.charts().is_empty());
}
