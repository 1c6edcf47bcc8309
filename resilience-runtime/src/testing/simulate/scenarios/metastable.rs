//! Metastable failure (Bronson and others, `HotOS` 2021; Huang and others, OSDI 2022): an overload that goes on after its cause
//! is gone, as retries keep the queue as long as they wait. A server is slow for a while; what happens after that.

use crate::testing::simulate::chart::{Chart, Line};
use crate::testing::simulate::episode::Episode;
use crate::testing::simulate::policy::Policy;
use crate::testing::simulate::report::{Cell, Report};
use crate::testing::simulate::simulation::{Scenario, Simulation};
use crate::testing::simulate::world::{Condition, side_by_side};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "metastable",
    about: "a server is slow for a while: does the overload end when its cause does (HotOS 2021, OSDI 2022)",
    play,
};

const LIMITS: &str = "one server with one queue without end, which serves abandoned requests too; every caller has the same \
     policy, and they share a breaker and a budget. Many small callers learn of the trouble later, each by itself.";

/// The server is slow from when until when.
const TRIGGER: (usize, usize) = (20, 30);

fn play(simulation: &Simulation) -> Report {
    let unit = simulation.unit();
    let (loads, end): (&[f64], usize) =
        simulation.extent((&[0.25, 0.5, 0.8, 0.95], 150), (&[0.25, 0.8], 100), (&[0.25], 60));
    let policies = simulation.compared(vec![
        Policy::no_retry(unit),
        Policy::plain_retries(unit),
        Policy::budget_alone(unit),
        simulation.chosen(),
    ]);
    let points: Vec<(&Policy, f64)> =
        policies.iter().flat_map(|policy| loads.iter().map(move |load| (policy, *load))).collect();
    let timelines =
        side_by_side(&points, |(policy, load)| episode(unit, *load, end).play(policy, simulation.seed));
    let rows: Vec<Vec<Cell>> = points
        .iter()
        .zip(&timelines)
        .map(|((policy, load), timeline)| {
            let last = timeline.sum(end - 30, end);
            vec![
                policy.name().into(),
                (*load).into(),
                timeline.well_from(TRIGGER.1, 5).into(),
                last.success().into(),
                last.amplification().into(),
                timeline.sum(TRIGGER.0, end).success().into(),
            ]
        })
        .collect();
    let charts = loads.iter().enumerate().map(|(at, load)| {
        let lines = points.iter().zip(&timelines).skip(at).step_by(loads.len());
        let lines =
            lines.map(|((policy, _), timeline)| Line::new(policy.name(), timeline.success_over_time(end)));
        Chart::new(
            format!("success at load {load}"),
            "time, in units",
            "share of calls that succeed",
            lines.collect(),
        )
    });
    let columns = &["policy", "load", "recovery", "success at end", "requests at end", "success"];
    let mut report = simulation.report(unit, columns, rows, charts.collect(), LIMITS);
    report.verdict = verdict(&report, &policies, loads);
    report.tell_cut(
        points.iter().zip(&timelines).map(|((policy, _), timeline)| (policy.name(), timeline.is_cut)),
    );
    report
}

/// Fifteen workers that need a twentieth of the timeout; three timeouts while they are slow.
pub(in crate::testing::simulate) fn episode(unit: std::time::Duration, load: f64, end: usize) -> Episode {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let (from, to, end) = (TRIGGER.0 as f64, TRIGGER.1 as f64, end as f64);
    let conditions = vec![Condition::Takes(from, to, 3.0)];
    Episode { unit, workers: 15, takes: 0.05, is_random: true, conditions, load: vec![(0.0, load)], end }
}

fn verdict(report: &Report, policies: &[Policy], loads: &[f64]) -> String {
    let stuck = |policy: &Policy| {
        let is_stuck = |load: &&f64| report.number(&[policy.name(), &load.to_string()], "recovery").is_none();
        loads.iter().filter(is_stuck).map(ToString::to_string).collect::<Vec<_>>()
    };
    let told = policies.iter().map(|policy| match &stuck(policy)[..] {
        [] => {
            let times = loads
                .iter()
                .filter_map(|load| report.number(&[policy.name(), &load.to_string()], "recovery"));
            format!("`{}` is well again after {} units at most", policy.name(), times.fold(0.0, f64::max))
        }
        stuck => format!("`{}` never is at load {}", policy.name(), stuck.join(", ")),
    });
    format!("Once the cause is gone, {}.", told.collect::<Vec<_>>().join("; "))
}
