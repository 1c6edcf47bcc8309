//! What was published comes out, with several seeds, and a user's own policy is played. Here are the scenarios of few calls, in
//! debug builds too; the others have hundreds of thousands, and are judged by the program `simulations` of the tests.

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
    let run = |seed| scenario("herd").expect("a scenario").seed(seed).quick().run();
    assert_eq!(run(5), run(5));
    assert_ne!(run(5).rows(), run(6).rows());
}

#[test]
fn jitter_more_than_halves_the_work_of_contending_clients() {
    for report in play("jitter") {
        let of = |strategy, column| number(&report, &[strategy, "100"], column);
        let [none, exponential, decorrelated, equal, full] =
            ["none", "exponential", "decorrelated", "equal", "full"].map(|strategy| of(strategy, "writes"));
        assert!(full < exponential / 2.0, "{report}");
        assert!(none > exponential && exponential > decorrelated && decorrelated > full, "{report}");
        assert!((full / equal - 1.0).abs() < 0.15, "{report}");
        assert!(
            of("exponential", "ms") > of("equal", "ms") && of("equal", "ms") > of("full", "ms"),
            "{report}"
        );
        assert!(of("full", "ms") >= 0.9 * of("decorrelated", "ms"), "{report}");
    }
}

#[test]
fn retries_make_the_load_of_the_closed_forms_and_a_bucket_a_tenth_of_it() {
    for report in play("retries") {
        // (1 - p^4) / (1 - p) and p^4, at p = 0.5 with three retries; four deviations of ten thousand calls.
        assert!(
            (number(&report, &["plain retries", "0.5"], "requests per call") / 1.875 - 1.0).abs() < 0.025
        );
        assert!((number(&report, &["plain retries", "0.5"], "failed calls") / 0.0625 - 1.0).abs() < 0.2);
        assert!((number(&report, &["plain retries", "1"], "requests per call") - 4.0).abs() < 1e-9);
        // Five tokens for each of the clients, of a hundred calls each.
        for rate in ["0", "0.5", "1"] {
            let load = number(&report, &["token bucket", rate], "requests per call");
            assert!(load <= 1.1 + 5.0 / 100.0, "{report}");
        }
        judge_budgets_of_others(&report);
    }
}

/// gRPC, proposal A6: the fifth failure in a row is the first that is not retried. AWS, standard mode: 500 tokens. Finagle: a
/// fifth of the calls and ten a second, here with a hundred calls in ten seconds.
fn judge_budgets_of_others(report: &Report) {
    let of = |policy: &str, rate: &str, column: &str| number(report, &[policy, rate], column);
    for (policy, retries) in [
        ("gRPC throttling", 4.0),
        ("AWS at cost 5", 100.0),
        ("AWS at cost 10", 50.0),
        ("AWS at cost 14", 35.0),
    ] {
        let left = of(policy, "1", "retries of a client");
        assert!((left - retries).abs() < 1e-6, "{policy}: {left}, not {retries}: {report}");
    }
    let left = of("Finagle", "1", "retries of a client");
    assert!((200.0..=240.0).contains(&left), "100, 20 for the calls and 100 for the time: {report}");
    // The part of a success that comes back, and what there was at the beginning.
    for (policy, most) in [("gRPC throttling", 1.1 + 0.05), ("AWS at cost 14", 1.0 + 1.0 / 14.0 + 0.4)] {
        assert!(of(policy, "0.5", "requests per call") <= most, "{policy}: {report}");
    }
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
fn jitter_spreads_those_who_come_back_after_an_outage() {
    for report in play("herd") {
        let peak = |policy| number(&report, &[policy], "peak");
        assert!(peak("fixed delay") > 10.0, "all at once: {report}");
        assert!(peak("exponential with jitter") < peak("fixed delay") / 5.0, "{report}");
        for policy in ["exponential with jitter", "defaults"] {
            assert!(report.number(&[policy], "all back").is_some(), "{report}");
        }
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
    let report = runtime.block_on(async { scenario("layers").expect("a scenario").quick().run() });
    assert!(!report.rows().is_empty() && !report.charts().is_empty());
}
