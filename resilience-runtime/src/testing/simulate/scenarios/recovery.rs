//! How long an overload outlasts its cause, over the load (after Isaacs and others, arXiv 2510.03551): a spike fills the
//! queue of a server, ends, and from then on it is counted how long callers suffer.

use crate::testing::simulate::chart::{Chart, Line};
use crate::testing::simulate::episode::Episode;
use crate::testing::simulate::policy::Policy;
use crate::testing::simulate::report::{Cell, Report};
use crate::testing::simulate::simulation::{Scenario, Simulation};
use crate::testing::simulate::world::{Timeline, side_by_side};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "recovery",
    about: "how long callers suffer from a spike once it is over, at loads of 0.80 to 0.99",
    play,
};

const LIMITS: &str = "one server with one queue that serves abandoned requests too; one spike, of twice the load for four \
     units; times on the millisecond. Where the queue itself is bounded, or the server drops what nobody waits for, all \
     policies do better.";

/// The spike begins after so many units, is over after so many, and the end is so many after that.
const SPIKE: (f64, f64) = (20.0, 24.0);
/// Near the load at which a policy never recovers, it takes some hundred units to drain the queue.
const HORIZON: f64 = 1_000.0;
const QUICK_HORIZON: f64 = 400.0;

/// Failed calls are counted twice: from the same moment as the time to recover, and from the beginning of the spike on.
const COLUMNS: &[&str] =
    &["policy", "load", "recovery", "failed since the spike ended", "failed since it began"];

fn play(simulation: &Simulation) -> Report {
    let unit = simulation.unit();
    let (loads, horizon): (&[f64], f64) = simulation.extent(
        (&[0.8, 0.85, 0.9, 0.95, 0.99], HORIZON),
        (&[0.8, 0.95], QUICK_HORIZON),
        (&[0.8], 10.0),
    );
    let policies = simulation.compared(vec![
        Policy::no_retry(unit),
        Policy::plain_retries(unit),
        Policy::budget_alone(unit),
        simulation.chosen(),
    ]);
    let points: Vec<(&Policy, f64)> =
        policies.iter().flat_map(|policy| loads.iter().map(move |load| (policy, *load))).collect();
    let outcomes = side_by_side(&points, |(policy, load)| {
        let episode = Episode {
            unit,
            workers: 1,
            takes: 1.0 / 300.0,
            is_random: false,
            conditions: Vec::new(),
            load: vec![(0.0, *load), (SPIKE.0, 2.0 * load), (SPIKE.1, *load)],
            end: SPIKE.1 + horizon,
        };
        outcome(&episode.play(policy, simulation.seed))
    });
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for ((policy, load), outcome) in points.iter().zip(&outcomes) {
        let Outcome { recovery, failed_since_end, failed_since_begin, is_cut: _ } = *outcome;
        let failed = [failed_since_end, failed_since_begin].map(Cell::from);
        let row = [policy.name().into(), (*load).into(), recovery.into()];
        rows.push(row.into_iter().chain(failed).collect());
    }
    let lines = policies.iter().map(|policy| {
        let points = points.iter().zip(&outcomes).filter(|((of, _), _)| of.name() == policy.name());
        let points =
            points.map(|((_, load), outcome)| (*load, outcome.recovery.unwrap_or(horizon))).collect();
        Line::new(policy.name(), points)
    });
    let charts = vec![
        Chart::new(
            "time to recover (the upper edge: never)",
            "load, as a share of the capacity",
            "time, in units",
            lines.collect(),
        )
        .logarithmic(),
    ];
    let mut report = simulation.report(unit, COLUMNS, rows, charts, LIMITS);
    report.verdict = verdict(&report, &policies, loads, horizon);
    report
        .tell_cut(points.iter().zip(&outcomes).map(|((policy, _), outcome)| (policy.name(), outcome.is_cut)));
    report
}

fn verdict(report: &Report, policies: &[Policy], loads: &[f64], horizon: f64) -> String {
    let told = policies.iter().map(|policy| {
        let recovery = |load: &f64| report.number(&[policy.name(), &load.to_string()], "recovery");
        let (times, never): (Vec<_>, Vec<_>) = loads.iter().partition(|load| recovery(load).is_some());
        let times: Vec<f64> = times.into_iter().filter_map(recovery).collect();
        let never: Vec<String> = never.into_iter().map(ToString::to_string).collect();
        let (fastest, slowest) = times
            .iter()
            .fold((f64::INFINITY, 0.0), |(fastest, slowest), time| (time.min(fastest), time.max(slowest)));
        let after = if times.is_empty() {
            return format!("`{}` never does within {horizon}", policy.name());
        } else if fastest < slowest {
            format!("recovers after {fastest} to {slowest} units")
        } else {
            format!("recovers after {slowest} units")
        };
        let but =
            if never.is_empty() { String::new() } else { format!(" but never at load {}", never.join(", ")) };
        format!("`{}` {after}{but}", policy.name())
    });
    let told: Vec<_> = told.collect();
    format!(
        "Counted from the end of the spike, {}. Without retries the time grows as 1/(1 - load), which is the reference; a \
         budget of a tenth without a breaker recovers below a load of 1/1.1 only, as its retries are load too.{}",
        told.join("; "),
        failed_in_words(report, policies, loads).unwrap_or_default()
    )
}

/// The failed calls of the policy in question for each that fails without retries, by both counts. None without that reference.
fn failed_in_words(report: &Report, policies: &[Policy], loads: &[f64]) -> Option<String> {
    let (reference, chosen) = (policies.first()?, policies.last()?);
    if reference.name() == chosen.name() {
        return None;
    }
    let ratios = |column: &str| {
        let failed = |policy: &Policy, load: &f64| report.number(&[policy.name(), &load.to_string()], column);
        let of = |load: &f64| {
            let without = failed(reference, load).filter(|calls| *calls > 0.0)?;
            Some(format!("{:.2} at {load}", failed(chosen, load)? / without))
        };
        Some(loads.iter().map(of).collect::<Option<Vec<_>>>()?.join(", "))
    };
    Some(format!(
        " For each call that fails without retries, `{}` fails, of the calls that come once the spike is over, {}; of those \
         that come from its beginning on, {}.",
        chosen.name(),
        ratios(COLUMNS[3])?,
        ratios(COLUMNS[4])?
    ))
}

struct Outcome {
    /// After how many units 99 of 100 calls end well, five units in a row.
    recovery: Option<f64>,
    /// The failed calls of those that came once the spike was over, which is also where the time to recover begins.
    failed_since_end: f64,
    /// The same from its beginning on. While it lasts, hardly anybody does better than anybody else.
    failed_since_begin: f64,
    is_cut: bool,
}

fn outcome(timeline: &Timeline) -> Outcome {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]
    let (spike, over) = (SPIKE.0 as usize, SPIKE.1 as usize);
    #[expect(clippy::cast_precision_loss, reason = "a number of calls")]
    let failed = |from| timeline.sum(from, usize::MAX).failed() as f64;
    Outcome {
        recovery: timeline.well_from(over, 5),
        failed_since_end: failed(over),
        failed_since_begin: failed(spike),
        is_cut: timeline.is_cut,
    }
}
