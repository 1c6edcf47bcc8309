//! Retries in front of a server that fails at random ("Fixing retries with token buckets and circuit breakers", Brooker 2022):
//! how much load do they make of how many failures. A hundred clients of ten calls a second, each a process of its own.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::call::Resilient;
use crate::testing::simulate::chart::{Chart, Line};
use crate::testing::simulate::policy::Policy;
use crate::testing::simulate::report::{Cell, Report};
use crate::testing::simulate::simulation::{Scenario, Simulation};
use crate::testing::simulate::world::{
    Fuse, Load, Process, Random, Sum, Tally, in_virtual_time, side_by_side,
};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "retries",
    about: "a hundred clients call a server that fails at random: how much load do retries make (Brooker, 2022)",
    play,
};

const LIMITS: &str = "each attempt fails by itself with the same probability, at once, and however many there are: the server \
     is not made worse by retries here; where it is, see `metastable`. Each client is small: the token that comes in each second \
     by itself is a tenth of its calls. The budgets of others are told as settings of ours, which take a token for a retry and \
     not for a failure.";

const CLIENTS: u64 = 100;
/// Calls of a client in a unit.
const RATE: f64 = 10.0;

/// Three retries and nothing else.
const PLAIN: &str = "max_attempts = 4\nbreaker = false\nbudget = false\n";
/// The bucket of the article: five tokens, and a tenth for each success.
const BUCKET: &str = "max_attempts = 4\nbreaker = false\n\
     budget = { ratio = 0.1, burst_capacity = 5, min_per_second = 0, deposit = \"success\" }\n";

/// The budgets of others. Where all fails, what they hold at the beginning is all that they leave.
const PUBLISHED: &[(&str, &str)] = &[
    // Ten tokens, of which half are kept: four retries. A tenth comes back with a success (proposal A6).
    ("gRPC throttling", "ratio = 0.1, burst_capacity = 4, min_per_second = 0, deposit = \"success\""),
    // Standard mode: 500 tokens, of which one comes back with a success. 100, 50 and 35 retries by what an error costs.
    ("AWS at cost 5", "ratio = 1, burst_capacity = 500, min_per_second = 0, deposit = \"success\", cost = 5"),
    (
        "AWS at cost 10",
        "ratio = 1, burst_capacity = 500, min_per_second = 0, deposit = \"success\", cost = 10",
    ),
    (
        "AWS at cost 14",
        "ratio = 1, burst_capacity = 500, min_per_second = 0, deposit = \"success\", cost = 14",
    ),
];

/// A fifth of the calls and ten a second, for ten seconds.
fn finagle(unit: f64) -> String {
    format!("ratio = 0.2, burst_capacity = 100, min_per_second = {}", 10.0 / unit)
}

/// The policies of others, with as many attempts as the plain one.
fn published(unit: Duration) -> Vec<Policy> {
    let named = |name: &str, budget: &str| {
        let keys = format!("max_attempts = 4\nbreaker = false\nbudget = {{ {budget} }}\n");
        Policy::with(name, unit, &keys)
    };
    let mut all: Vec<Policy> = PUBLISHED.iter().map(|(name, budget)| named(name, budget)).collect();
    all.push(named("Finagle", &finagle(unit.as_secs_f64())));
    all
}

fn play(simulation: &Simulation) -> Report {
    let unit = simulation.unit();
    let few: &[f64] = &[0.0, 0.5, 1.0];
    let count = simulation.extent(CLIENTS, CLIENTS, CLIENTS / 20);
    let (rates, end): (&[f64], _) =
        simulation.extent((&[0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0], 100.0), (few, 10.0), (&[1.0], 1.0));
    let mut policies = vec![
        Policy::with("plain retries", unit, PLAIN),
        Policy::with("token bucket", unit, BUCKET),
        simulation.chosen(),
    ];
    let compared = policies.len();
    policies.extend(simulation.compared(published(unit)));
    let points: Vec<(&Policy, f64)> =
        policies.iter().flat_map(|policy| rates.iter().map(move |rate| (policy, *rate))).collect();
    let outcomes = side_by_side(&points, |(policy, rate)| {
        let calls = Calls { clients: count, unit: unit.as_secs_f64(), end, failures: *rate };
        calls.play(policy, simulation.seed)
    });
    #[expect(clippy::cast_precision_loss, reason = "a hundred clients")]
    let clients = count as f64;
    let rows: Vec<Vec<Cell>> = points
        .iter()
        .zip(&outcomes)
        .map(|((policy, rate), sum)| {
            let retries = sum.retries / clients;
            vec![policy.name().into(), (*rate).into(), sum.load.into(), sum.failed.into(), retries.into()]
        })
        .collect();
    let line = |policy: &Policy| {
        let points = points.iter().zip(&outcomes).filter(|((of, _), _)| of.name() == policy.name());
        Line::new(policy.name(), points.map(|((_, rate), sum)| (*rate, sum.load)).collect())
    };
    let chart = |title: &str, policies: &[Policy]| {
        let lines = policies.iter().map(line).collect();
        Chart::new(title, "share of attempts that fail", "requests per call", lines)
    };
    let mut charts = vec![chart("load", &policies[..compared])];
    let most = |policy: &Policy| {
        let of = points.iter().zip(&outcomes).filter(|((of, _), _)| of.name() == policy.name());
        of.map(|(_, sum)| sum.load).fold(0.0, f64::max)
    };
    let in_outage = |name: &str| {
        let mut of = points.iter().zip(&outcomes).filter(|((of, rate), _)| of.name() == name && *rate >= 1.0);
        of.next().map_or(f64::NAN, |(_, sum)| sum.retries / clients)
    };
    let mut verdict = format!(
        "Three plain retries make up to {:.2} requests of a call; the bucket of a tenth never more than {:.2}, its first tokens \
         included; `{}` never more than {:.2}.",
        most(&policies[0]),
        most(&policies[1]),
        policies[2].name(),
        most(&policies[2]),
    );
    if policies.len() > compared {
        charts.push(chart("budgets of others", &policies[compared..]));
        verdict = format!(
            "{verdict} When all fails, the budget of gRPC leaves each client {:.0} retries of its calls, those of AWS {:.0}, {:.0} and \
             {:.0} by what an error costs, and that of Finagle {:.0}.",
            in_outage("gRPC throttling"),
            in_outage("AWS at cost 5"),
            in_outage("AWS at cost 10"),
            in_outage("AWS at cost 14"),
            in_outage("Finagle"),
        );
    }
    let mut report = simulation.report(
        unit,
        &["policy", "failure rate", "requests per call", "failed calls", "retries of a client"],
        rows,
        charts,
        LIMITS,
    );
    report.verdict = verdict;
    report.tell_cut(points.iter().zip(&outcomes).map(|((policy, _), sum)| (policy.name(), sum.is_cut)));
    report
}

/// The clients, and the server that they call.
struct Calls {
    clients: u64,
    unit: f64,
    end: f64,
    failures: f64,
}

impl Calls {
    /// What came of them.
    fn play(&self, policy: &Policy, seed: u64) -> Sum {
        #[expect(clippy::cast_precision_loss, reason = "a hundred clients")]
        let calls = self.clients as f64 * RATE * self.end;
        in_virtual_time(seed, || async {
            let tally = Tally::new(Random::new(seed, 2), Fuse::for_calls(calls));
            for client in 0..self.clients {
                let process = Process::new(seed.wrapping_add(client));
                process.set_up(|| policy.put_in_force());
                let steps = [(0.0, RATE / self.unit)];
                let load = Load::new(&steps, self.end * self.unit, Random::new(seed, 3 + client));
                let handle = Resilient::service(policy.service()).build();
                let (client, failures) = (tally.clone(), self.failures);
                let client = async move {
                    let server = client.clone();
                    let call = move || {
                        let (server, handle) = (server.clone(), handle.clone());
                        process.inside(async move {
                            let has_begun = AtomicBool::new(false);
                            let attempt = || server.fails_again(failures, &has_begun);
                            server.count(handle.call(attempt).await);
                        })
                    };
                    client.spawn_each(load, call).await;
                };
                tally.spawn(client);
            }
            tally.finish(self.end * self.unit).await
        })
    }
}
