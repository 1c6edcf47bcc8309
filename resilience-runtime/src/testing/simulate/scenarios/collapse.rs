//! Congestion collapse: what a server gets done, over what is asked of it. Past its capacity a queue without end answers
//! everybody too late, and retries make it worse.

use crate::testing::simulate::chart::{Chart, Line};
use crate::testing::simulate::episode::Episode;
use crate::testing::simulate::policy::Policy;
use crate::testing::simulate::report::{Cell, Report};
use crate::testing::simulate::simulation::{Scenario, Simulation};
use crate::testing::simulate::world::side_by_side;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "collapse",
    about: "more and more is asked of a server for good: how much of it does it still get done",
    play,
};

const LIMITS: &str = "one process calls one server that keeps what it cannot serve, abandoned requests too. A breaker turns \
     all away or nobody, so it keeps the server alive and not busy; a bulkhead bounds the queue, and needs to know about how \
     many requests the server takes.";

/// Where the measurement begins: by then a queue that grows is longer than anybody waits.
const WARM_UP: usize = 40;

fn play(simulation: &Simulation) -> Report {
    let unit = simulation.unit();
    let all: &[f64] = &[0.5, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 2.5, 3.0];
    let (loads, warm_up, end): (&[f64], usize, usize) =
        simulation.extent((all, WARM_UP, 240), (&[0.8, 1.25, 2.0], WARM_UP, 140), (&[2.0], 3, 8));
    let policies = simulation.compared(vec![
        Policy::no_retry(unit),
        Policy::plain_retries(unit),
        Policy::budget_alone(unit),
        simulation.chosen(),
        // Four requests for each worker: what waits is answered after a fifth of the timeout.
        Policy::with("defaults and a bulkhead", unit, "bulkhead = { max_concurrent = 60, max_queue = 0 }\n"),
    ]);
    let points: Vec<(&Policy, f64)> =
        policies.iter().flat_map(|policy| loads.iter().map(move |load| (policy, *load))).collect();
    let outcomes = side_by_side(&points, |(policy, load)| {
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let end_of_load = end as f64;
        let episode = Episode {
            unit,
            workers: 15,
            takes: 0.05,
            is_random: true,
            conditions: Vec::new(),
            load: vec![(0.0, *load)],
            end: end_of_load,
        };
        let timeline = episode.play(policy, simulation.seed);
        let measured = timeline.sum(warm_up, end);
        (load * measured.success(), measured.amplification(), timeline.is_cut)
    });
    let rows: Vec<Vec<Cell>> = points
        .iter()
        .zip(&outcomes)
        .map(|((policy, load), (goodput, amplification, _))| {
            vec![policy.name().into(), (*load).into(), (*goodput).into(), (*amplification).into()]
        })
        .collect();
    let lines = policies.iter().map(|policy| {
        let points = points.iter().zip(&outcomes).filter(|((of, _), _)| of.name() == policy.name());
        Line::new(policy.name(), points.map(|((_, load), (goodput, ..))| (*load, *goodput)).collect())
    });
    let charts = vec![Chart::new(
        "goodput",
        "load, as a share of the capacity",
        "goodput, as a share of the capacity",
        lines.collect(),
    )];
    let mut report =
        simulation.report(unit, &["policy", "load", "goodput", "requests per call"], rows, charts, LIMITS);
    report.verdict = verdict(&report, &policies);
    report.tell_cut(points.iter().zip(&outcomes).map(|((policy, _), (.., is_cut))| (policy.name(), *is_cut)));
    report
}

fn verdict(report: &Report, policies: &[Policy]) -> String {
    let told = policies.iter().map(|policy| {
        let goodput = report.number(&[policy.name(), "2"], "goodput").unwrap_or(f64::NAN);
        format!("`{}` {:.0} %", policy.name(), goodput * 100.0)
    });
    let told: Vec<_> = told.collect();
    format!(
        "With twice the load that it can take, the server gets this much of its capacity done: {}.",
        told.join(", ")
    )
}
