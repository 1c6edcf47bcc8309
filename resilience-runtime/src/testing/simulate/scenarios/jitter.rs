//! "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015): clients contend for one versioned row. Each reads it,
//! writes it back with the version that it read, and tries again on a conflict, after the delay of its strategy.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use resilience_settings::duration::text;
use resilience_settings::policy::Key;
use resilience_settings::rules::acts::acts_with_strategy;

use crate::call::Resilient;
use crate::sync::lock;
use crate::testing::inherit;
use crate::testing::simulate::chart::{Chart, Line};
use crate::testing::simulate::policy::Policy;
use crate::testing::simulate::report::{Cell, Report};
use crate::testing::simulate::simulation::{Scenario, Simulation};
use crate::testing::simulate::world::{Clock, Failed, Random, in_virtual_time, side_by_side};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "jitter",
    about: "clients contend for one row: how much work do strategies make of it (AWS, 2015)",
    play,
};

const LIMITS: &str = "contention for one row with optimistic locking, each client alone with its delays and without a budget; \
     a hop takes |Normal(10, 2)| ms, or of a policy of a file so \
     much that its attempt timeout is forty hops. Of such a policy, its delays alone are played. Where failures come from overload, the budget matters more than the strategy.";

/// The unit of the article, whose hop takes 10 ms: a fortieth, so that a request takes a twentieth as in other scenarios.
const UNIT: Duration = Duration::from_millis(400);
const HOP: f64 = 1.0 / 40.0;

/// Virtual time runs on whole milliseconds, so all of it is stretched until a unit takes so many seconds, and a hop one.
const STRETCHED: f64 = 40.0;

/// No delay is longer, stretched: it is longer than all clients together take, and sums of longer ones would not fit a clock.
const LONGEST: f64 = 400_000.0;

/// The names of the article, with the keys that choose them: a base of 5 ms and a cap of 2 s, stretched.
const STRATEGIES: [(&str, &str); 5] = [
    ("none", "strategy = \"fixed\"\nbase_delay = \"0s\"\n"),
    ("exponential", "strategy = \"exponential\"\n"),
    ("decorrelated", "strategy = \"decorrelated_jitter\"\n"),
    ("equal", "strategy = \"exponential_jitter\"\njitter = 0.5\n"),
    ("full", "strategy = \"exponential_jitter\"\n"),
];

/// What holds for all of them: nothing but delays.
const ALONE: &str = "max_attempts = 1000000\ndeadline = \"off\"\nbreaker = false\nbudget = false\n";

fn play(simulation: &Simulation) -> Report {
    let few: &[usize] = &[10, 100];
    let (clients, runs): (&[usize], _) =
        simulation.extent((&[10, 30, 50, 70, 90, 100, 110, 130, 150, 170, 190], 100), (few, 10), (few, 1));
    let unit = simulation.policy.as_ref().map_or(UNIT, Policy::attempt_timeout);
    let stretch = STRETCHED / unit.as_secs_f64();
    let mut policies: Vec<Policy> = STRATEGIES.iter().map(|(name, keys)| of_article(name, keys)).collect();
    policies.extend(simulation.policy.as_ref().and_then(|policy| delays_of(policy, stretch)));
    let points: Vec<(&Policy, usize)> =
        policies.iter().flat_map(|policy| clients.iter().map(move |clients| (policy, *clients))).collect();
    let outcomes = side_by_side(&points, |(policy, clients)| {
        let (writes, seconds) = contend(policy, *clients, runs, simulation.seed);
        (writes, seconds / stretch * 1e3)
    });
    let rows = points.iter().zip(&outcomes).map(|((policy, clients), (calls, time))| {
        vec![policy.name().into(), number(*clients).into(), (*calls).into(), (*time).into()]
    });
    let lines = |of: fn(&(f64, f64)) -> f64| {
        policies
            .iter()
            .map(|policy| {
                let points = points.iter().zip(&outcomes).filter(|((one, _), _)| one.name() == policy.name());
                Line::new(
                    policy.name(),
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
    let mut report = simulation.report(unit, &["strategy", "clients", "writes", "ms"], rows, charts, LIMITS);
    report.verdict = verdict(&report, simulation.policy.as_ref());
    report
}

/// A strategy of the article, stretched.
fn of_article(name: &str, keys: &str) -> Policy {
    let base = if keys.contains("base_delay") { "" } else { "base_delay = \"500ms\"\n" };
    alone(name, &format!("{keys}{base}max_delay = \"200s\"\n"))
}

/// The delays of a user's policy, stretched, and nothing else of it.
fn delays_of(policy: &Policy, stretch: f64) -> Option<Policy> {
    let backoff = policy.backoff()?;
    let stretched =
        |delay: Duration| text(Duration::from_secs_f64((delay.as_secs_f64() * stretch).min(LONGEST)));
    let strategy = backoff.strategy;
    let written = [
        (Key::BaseDelay, Some(format!("\"{}\"", stretched(backoff.base_delay)))),
        (Key::MaxDelay, Some(format!("\"{}\"", stretched(backoff.max_delay)))),
        (Key::Multiplier, Some(backoff.multiplier.get().to_string())),
        (Key::Jitter, backoff.jitter.map(|jitter| jitter.get().to_string())),
    ];
    // What does not act beside a strategy is refused in a file.
    let acting = written.into_iter().filter(|(key, _)| acts_with_strategy(*key, strategy));
    let keys = [format!("strategy = \"{}\"\n", strategy.name())]
        .into_iter()
        .chain(acting.filter_map(|(key, value)| Some(format!("{} = {}\n", key.path(), value?))))
        .collect::<String>();
    Some(alone(policy.name(), &keys))
}

/// A policy of these delays.
fn alone(name: &str, keys: &str) -> Policy {
    // An hour, so that no attempt ends by its timeout.
    Policy::with(name, Duration::from_hours(1), &format!("{keys}{ALONE}"))
}

fn verdict(report: &Report, policy: Option<&Policy>) -> String {
    let of = |strategy, column| report.number(&[strategy, "100"], column).unwrap_or(f64::NAN);
    let own = policy.map(|policy| {
        format!(
            " With the delays of `{0}` they need {1:.1} and are through in {2:.0} ms.",
            policy.name(),
            of(policy.name(), "writes") / 100.0,
            of(policy.name(), "ms"),
        )
    });
    let told = format!(
        "A hundred clients need {:.1} writes each with full jitter, where exponential delays without jitter need {:.1} and no \
         delay {:.1}; they are through in {:.0} ms, against {:.0} ms.",
        of("full", "writes") / 100.0,
        of("exponential", "writes") / 100.0,
        of("none", "writes") / 100.0,
        of("full", "ms"),
        of("exponential", "ms"),
    );
    told + &own.unwrap_or_default()
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
        self.random.normal(1.0, 0.2).abs() * HOP * STRETCHED
    }
}

/// The means over the runs: writes tried, and the time taken in seconds, stretched.
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
        let writes = lock(&row).writes as f64;
        (writes / f64::from(runs), clock.seconds() / f64::from(runs))
    })
}

/// One attempt: the request to read, its answer and the request to write, and the answer to that.
async fn write(row: &Mutex<Row>, clock: Clock) -> Result<(), Failed> {
    let row = || lock(row);
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

#[cfg(test)]
mod tests {
    use resilience_settings::policy::Strategy;

    use super::*;

    #[test]
    fn delays_of_every_strategy_are_played_however_long_they_are() {
        for strategy in Strategy::ALL {
            // The longest that a file may say do not overflow a clock.
            for delays in ["", "base_delay = \"1000000w\"\nmax_delay = \"1000000w\"\n"] {
                let file = format!("[services.db]\nstrategy = \"{}\"\n{delays}", strategy.name());
                let policy = Policy::from_toml(&file, "my.toml", "db").expect("a policy");
                let delays = delays_of(&policy, STRETCHED / 2.0).expect("delays");
                let (writes, _) = contend(&delays, 3, 2, 1);
                assert!(writes >= 3.0, "{file}: {writes}");
            }
        }
    }
}
