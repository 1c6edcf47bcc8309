//! "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015): clients contend for one versioned row. Each reads it,
//! writes it back with the version that it read, and tries again on a conflict, after the delay of its strategy.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::call::Resilient;
use crate::testing::inherit;
use crate::testing::simulate::chart::{Chart, Line};
use crate::testing::simulate::policy::Policy;
use crate::testing::simulate::report::{Cell, Report};
use crate::testing::simulate::simulation::{Scenario, Simulation};
use crate::testing::simulate::world::{Clock, Failed, Random, in_virtual_time, side_by_side};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "jitter",
    about: "clients contend for one row: how much work do strategies make of it (AWS, 2015)",
    takes_policy: false,
    play,
};

const LIMITS: &str = "contention for one row with optimistic locking, each client alone with its delays and without a budget; \
     a hop takes |Normal(10, 2)| ms. Where failures come from overload, the budget matters more than the strategy.";

/// Virtual time runs on whole milliseconds, so all of it is stretched: a hop of 10 ms takes a second.
const STRETCH: f64 = 100.0;

/// The names of the article, with the keys that choose them: a base of 5 ms and a cap of 2 s, stretched.
const STRATEGIES: [(&str, &str); 5] = [
    ("none", "strategy = \"fixed\"\nbase_delay = \"0s\"\n"),
    ("exponential", "strategy = \"exponential\"\n"),
    ("decorrelated", "strategy = \"decorrelated_jitter\"\n"),
    ("equal", "strategy = \"exponential_jitter\"\njitter = 0.5\n"),
    ("full", "strategy = \"exponential_jitter\"\n"),
];

/// What holds for all of them: nothing but delays.
const ALONE: &str =
    "max_attempts = 1000000\ndeadline = \"off\"\nmax_delay = \"200s\"\nbreaker = false\nbudget = false\n";

fn play(simulation: &Simulation) -> Report {
    let clients: &[usize] =
        if simulation.is_quick { &[10, 100] } else { &[10, 30, 50, 70, 90, 100, 110, 130, 150, 170, 190] };
    let runs = if simulation.is_quick { 10 } else { 100 };
    let points: Vec<(usize, usize)> = (0..STRATEGIES.len())
        .flat_map(|strategy| clients.iter().map(move |clients| (strategy, *clients)))
        .collect();
    let outcomes = side_by_side(&points, |(strategy, clients)| {
        let (name, keys) = STRATEGIES[*strategy];
        let base = if keys.contains("base_delay") { "" } else { "base_delay = \"500ms\"\n" };
        let policy = Policy::with(name, Duration::from_hours(1), &format!("{keys}{base}{ALONE}"));
        contend(&policy, *clients, runs, simulation.seed)
    });
    let rows = points.iter().zip(&outcomes).map(|((strategy, clients), (calls, time))| {
        vec![STRATEGIES[*strategy].0.into(), number(*clients).into(), (*calls).into(), (*time).into()]
    });
    let lines = |of: fn(&(f64, f64)) -> f64| {
        (0..STRATEGIES.len())
            .map(|strategy| {
                let points = points.iter().zip(&outcomes).filter(|((one, _), _)| *one == strategy);
                Line::new(
                    STRATEGIES[strategy].0,
                    points.map(|((_, clients), outcome)| (number(*clients), of(outcome))).collect(),
                )
            })
            .collect()
    };
    let charts = vec![
        Chart::new("writes until each has written once", "clients", "writes", lines(|outcome| outcome.0)),
        Chart::new("time until each has written once", "clients", "ms", lines(|outcome| outcome.1)),
    ];
    let rows: Vec<Vec<Cell>> = rows.collect();
    let mut report = Report {
        scenario: SCENARIO.name,
        seed: simulation.seed,
        unit: Duration::from_secs(1),
        columns: &["strategy", "clients", "writes", "ms"],
        rows,
        charts,
        verdict: String::new(),
        limits: LIMITS,
        ignored: Vec::new(),
    };
    report.verdict = verdict(&report);
    report
}

fn verdict(report: &Report) -> String {
    let of = |strategy, column| report.number(&[strategy, "100"], column).unwrap_or(f64::NAN);
    format!(
        "A hundred clients need {:.1} writes each with full jitter, where exponential delays without jitter need {:.1} and no \
         delay {:.1}; they are through in {:.0} ms, against {:.0} ms.",
        of("full", "writes") / 100.0,
        of("exponential", "writes") / 100.0,
        of("none", "writes") / 100.0,
        of("full", "ms"),
        of("exponential", "ms"),
    )
}

/// The row, and how often somebody tried to write it.
#[derive(Debug)]
struct Row {
    version: u64,
    writes: u64,
    random: Random,
}

impl Row {
    fn hop(&mut self) -> f64 {
        self.random.normal(0.01, 0.002).abs() * STRETCH
    }
}

/// The means over the runs: writes tried, and the time taken in milliseconds.
fn contend(policy: &Policy, clients: usize, runs: u32, seed: u64) -> (f64, f64) {
    in_virtual_time(seed, || async {
        policy.put_in_force();
        let handle = Resilient::service(policy.service()).build();
        let row = Row { version: 0, writes: 0, random: Random::new(seed, 1) };
        let row = Arc::new(Mutex::new(row));
        let clock = Clock::start();
        for _ in 0..runs {
            let clients: Vec<_> = (0..clients)
                .map(|_| {
                    let (handle, row) = (handle.clone(), row.clone());
                    tokio::spawn(inherit(async move {
                        // No error ends it: it may try a million times.
                        let _ = handle.call(|| write(&row, clock)).await;
                    }))
                })
                .collect();
            for client in clients {
                let _ = client.await;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a number of writes")]
        let writes = row.lock().unwrap_or_else(PoisonError::into_inner).writes as f64;
        (writes / f64::from(runs), clock.seconds() * 1e3 / STRETCH / f64::from(runs))
    })
}

/// One attempt: the request to read, its answer and the request to write, and the answer to that.
async fn write(row: &Mutex<Row>, clock: Clock) -> Result<(), Failed> {
    let row = || row.lock().unwrap_or_else(PoisonError::into_inner);
    let hop = row().hop();
    clock.pause(hop).await;
    let (read, hops) = {
        let mut row = row();
        (row.version, row.hop() + row.hop())
    };
    clock.pause(hops).await;
    let (is_written, hop) = {
        let mut row = row();
        row.writes += 1;
        let is_written = row.version == read;
        row.version += u64::from(is_written);
        (is_written, row.hop())
    };
    clock.pause(hop).await;
    if is_written { Ok(()) } else { Err(Failed::Server) }
}

#[expect(clippy::cast_precision_loss, reason = "some hundred clients")]
fn number(clients: usize) -> f64 {
    clients as f64
}
