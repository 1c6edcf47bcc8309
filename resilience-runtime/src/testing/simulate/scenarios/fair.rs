//! Who is served when there is too much: tasks of four priorities, of one to three calls each, at twice and three times what a
//! service can do. A queue without rules answers nobody in time; a bulkhead that knows deadlines and priorities does as much as
//! without overload, for those who matter most.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use resilience_settings::Priority;
use tokio::time::Instant;

use crate::call::{Resilient, with_deadline, with_priority};
use crate::testing::simulate::chart::{Chart, Line};
use crate::testing::simulate::policy::Policy;
use crate::testing::simulate::reference::units;
use crate::testing::simulate::report::{Cell, Report};
use crate::testing::simulate::simulation::{Scenario, Simulation};
use crate::testing::simulate::world::{
    Fuse, Load, Random, Server, Service, Traffic, in_virtual_time, side_by_side, task_of_each,
};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "fair",
    about: "four priorities at twice and three times the capacity: who is answered in time",
    play,
};

const LIMITS: &str = "all callers are in one process, whose bulkhead has about as many permits as the server has workers. Callers that \
     know nothing of each other need a limit in the server itself; figures of such limits are not comparable.";

/// The unit of our own policy: a request takes 10 ms in the mean, and a task has 500 ms.
const UNIT: Duration = Duration::from_millis(200);
const WORKERS: u32 = 10;
/// A few more than workers, so that none is idle while an answer is on its way.
const PERMITS: u32 = 12;
const TAKES: f64 = 0.05;
const IN_TIME: f64 = 2.5;
/// Whole seconds of our own policy that are measured, after as many as nobody looks at.
const UNITS: f64 = 300.0;
const WARM_UP: f64 = 25.0;
/// From the least to the most important, the share of the tasks that are at least that important.
const PRIORITIES: [(Priority, f64); 4] =
    [(Priority::Critical, 0.1), (Priority::High, 0.3), (Priority::Normal, 0.6), (Priority::Low, 1.0)];

fn play(simulation: &Simulation) -> Report {
    let unit = simulation.policy.as_ref().map_or(UNIT, Policy::attempt_timeout);
    let in_time = units(unit, IN_TIME);
    let bulkhead = format!(
        "max_attempts = 1\ndeadline = {in_time}\nbreaker = \"off\"\n\
         bulkhead = {{ max_concurrent = {PERMITS}, max_queue = 64, max_wait = {in_time} }}\n"
    );
    let mut policies =
        vec![Policy::no_retry(unit), Policy::with("bulkhead with priorities", unit, &bulkhead)];
    policies.extend(simulation.policy.clone());
    let policies = simulation.compared(policies);
    let (loads, sizes, span): (&[f64], &[u32], _) = simulation.extent(
        (&[0.9, 2.0, 3.0], &[1, 2, 3], (WARM_UP, UNITS)),
        (&[2.0], &[1, 3], (WARM_UP, UNITS)),
        (&[2.0], &[3], (1.0, 4.0)),
    );
    let points: Vec<(&Policy, f64, u32)> = policies
        .iter()
        .flat_map(|policy| {
            loads.iter().flat_map(move |load| sizes.iter().map(move |size| (policy, *load, *size)))
        })
        .collect();
    let outcomes = side_by_side(&points, |(policy, load, size)| {
        tasks(policy, unit, (*load, *size, span), simulation.seed)
    });
    let rows: Vec<Vec<Cell>> = points
        .iter()
        .zip(&outcomes)
        .map(|((policy, load, size), outcome)| {
            let mut row = vec![
                policy.name().into(),
                (*load).into(),
                f64::from(*size).into(),
                (outcome.in_time() / (capacity(unit, *size) * span.1 * unit.as_secs_f64())).into(),
            ];
            row.extend((0..4).map(|priority| outcome.success(priority).into()));
            row
        })
        .collect();
    let lines = policies.iter().map(|policy| {
        let points = points.iter().zip(&outcomes).filter(|((of, load, size), _)| {
            of.name() == policy.name() && (load - loads[loads.len() - 1]).abs() < 1e-9 && *size == sizes[0]
        });
        let points = points
            .flat_map(|(_, outcome)| (0..4_u8).map(|at| (f64::from(at), outcome.success(usize::from(at)))));
        Line::new(policy.name(), points.collect())
    });
    let charts = vec![
        Chart::new(
            "tasks in time at the highest load",
            "priority",
            "share of tasks in time",
            lines.collect(),
        )
        .at(&["critical", "high", "normal", "low"]),
    ];
    let mut report = simulation.report(
        unit,
        &["policy", "load", "calls of a task", "goodput", "critical", "high", "normal", "low"],
        rows,
        charts,
        LIMITS,
    );
    report.verdict = verdict(&report, &policies, loads, sizes);
    let cut = points.iter().zip(&outcomes).map(|((policy, ..), outcome)| (policy.name(), outcome.is_cut));
    report.tell_cut(cut);
    report
}

fn verdict(report: &Report, policies: &[Policy], loads: &[f64], sizes: &[u32]) -> String {
    let told = |load: &f64| {
        let told: Vec<_> = policies.iter().map(|policy| told(report, policy, *load, sizes)).collect();
        format!("At {load} times the load that can be served: {}.", told.join("; "))
    };
    let overloads = loads.iter().filter(|load| **load > 1.0);
    overloads.map(told).collect::<Vec<_>>().join(" ")
}

/// What a policy comes to at a load, at the least over the sizes of tasks.
fn told(report: &Report, policy: &Policy, load: f64, sizes: &[u32]) -> String {
    let least = |column| {
        let row = |size: &u32| [policy.name().to_owned(), load.to_string(), size.to_string()];
        let of = sizes.iter().filter_map(|size| {
            let row = row(size);
            report.number(&[&row[0], &row[1], &row[2]], column)
        });
        of.fold(f64::NAN, f64::min) * 100.0
    };
    format!(
        "`{}` does at least {:.0} % of what the server can, and answers {:.0} % of the critical tasks in time",
        policy.name(),
        least("goodput"),
        least("critical")
    )
}

/// Tasks by priority, the most important first: how many came, and how many were through in time.
#[derive(Debug, Default)]
struct Outcome {
    came: [u64; 4],
    in_time: [u64; 4],
    is_cut: bool,
}

impl Outcome {
    #[expect(clippy::cast_precision_loss, reason = "numbers of tasks")]
    fn success(&self, priority: usize) -> f64 {
        self.in_time[priority] as f64 / self.came[priority].max(1) as f64
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers of tasks")]
    fn in_time(&self) -> f64 {
        self.in_time.iter().sum::<u64>() as f64
    }
}

/// Tasks per second.
fn capacity(unit: Duration, size: u32) -> f64 {
    f64::from(WORKERS) / (TAKES * unit.as_secs_f64()) / f64::from(size)
}

/// At that load, of tasks of so many calls; after some units that nobody looks at, measured for others.
fn tasks(
    policy: &Policy,
    unit: Duration,
    (load, size, (warm_up, measured)): (f64, u32, (f64, f64)),
    seed: u64,
) -> Outcome {
    let seconds = unit.as_secs_f64();
    in_virtual_time(seed, || async {
        policy.put_in_force();
        let handle = Resilient::service(policy.service()).build();
        let server =
            Server::new(WORKERS as usize, Service::Exponential(TAKES * seconds), &[], Random::new(seed, 2));
        let mut chance = Random::new(seed, 3);
        let rate = load * capacity(unit, size);
        let arrivals = Load::new(&[(0.0, rate)], (warm_up + measured) * seconds, Random::new(seed, 1));
        let fuse = Arc::new(Fuse::for_calls(arrivals.calls() * f64::from(size)));
        let traffic = Traffic::new(server, seconds, fuse.clone());
        let outcome = RefCell::new(Outcome::default());
        let task = |arrival| {
            let drawn = chance.unit();
            let priority = PRIORITIES.iter().position(|(_, upto)| drawn < *upto).unwrap_or(3);
            let counts = arrival >= warm_up * seconds;
            outcome.borrow_mut().came[priority] += u64::from(counts);
            let (traffic, handle) = (traffic.clone(), handle.clone());
            let until = Instant::now() + unit.mul_f64(IN_TIME);
            let task = async move {
                let mut is_through = true;
                for _ in 0..size {
                    is_through = is_through && handle.call(|| traffic.request()).await.is_ok();
                }
                let is_in_time = is_through && Instant::now() <= until;
                (priority, counts && is_in_time)
            };
            with_deadline(until.into_std(), with_priority(PRIORITIES[priority].0, task))
        };
        let ended = |(priority, is_in_time): (usize, bool)| {
            outcome.borrow_mut().in_time[priority] += u64::from(is_in_time);
        };
        task_of_each(traffic.clock(), arrivals, &fuse, task, ended).await;
        let mut outcome = outcome.into_inner();
        outcome.is_cut = fuse.is_blown();
        outcome
    })
}
