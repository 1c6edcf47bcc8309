//! Retries in front of a server that fails at random ("Fixing retries with token buckets and circuit breakers", Brooker 2022):
//! how much load do they make of how many failures. A hundred clients of ten calls a second, each a process of its own.

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
     by itself is a tenth of its calls.";

const CLIENTS: u64 = 100;
/// Calls of a client in a unit.
const RATE: f64 = 10.0;

/// Three retries and nothing else.
const PLAIN: &str = "max_attempts = 4\nbreaker = false\nbudget = false\n";
/// The bucket of the article: five tokens, and a tenth for each success.
const BUCKET: &str = "max_attempts = 4\nbreaker = false\n\
     budget = { ratio = 0.1, burst_capacity = 5, min_per_second = 0, deposit = \"success\" }\n";

fn play(simulation: &Simulation) -> Report {
    let unit = simulation.unit();
    let rates: &[f64] =
        if simulation.is_quick { &[0.0, 0.5, 1.0] } else { &[0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0] };
    let end = if simulation.is_quick { 10.0 } else { 100.0 };
    let policies = [
        Policy::with("plain retries", unit, PLAIN),
        Policy::with("token bucket", unit, BUCKET),
        simulation.chosen(),
    ];
    let points: Vec<(&Policy, f64)> =
        policies.iter().flat_map(|policy| rates.iter().map(move |rate| (policy, *rate))).collect();
    let outcomes = side_by_side(&points, |(policy, rate)| {
        let calls = Calls { unit: unit.as_secs_f64(), end, failures: *rate };
        calls.play(policy, simulation.seed)
    });
    let rows: Vec<Vec<Cell>> = points
        .iter()
        .zip(&outcomes)
        .map(|((policy, rate), sum)| {
            vec![policy.name().into(), (*rate).into(), sum.load.into(), sum.failed.into()]
        })
        .collect();
    let lines = policies.iter().map(|policy| {
        let points = points.iter().zip(&outcomes).filter(|((of, _), _)| of.name() == policy.name());
        Line::new(policy.name(), points.map(|((_, rate), sum)| (*rate, sum.load)).collect())
    });
    let charts =
        vec![Chart::new("load", "share of attempts that fail", "requests per call", lines.collect())];
    let most = |policy: &Policy| {
        let of = points.iter().zip(&outcomes).filter(|((of, _), _)| of.name() == policy.name());
        of.map(|(_, sum)| sum.load).fold(0.0, f64::max)
    };
    let verdict = format!(
        "Three plain retries make up to {:.2} requests of a call; the bucket of a tenth never more than {:.2}, its first tokens \
         included; `{}` never more than {:.2}.",
        most(&policies[0]),
        most(&policies[1]),
        policies[2].name(),
        most(&policies[2]),
    );
    let mut report = simulation.report(
        unit,
        &["policy", "failure rate", "requests per call", "failed calls"],
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
    unit: f64,
    end: f64,
    failures: f64,
}

impl Calls {
    /// What came of them.
    fn play(&self, policy: &Policy, seed: u64) -> Sum {
        #[expect(clippy::cast_precision_loss, reason = "a hundred clients")]
        let calls = CLIENTS as f64 * RATE * self.end;
        in_virtual_time(seed, || async {
            let tally = Tally::new(Random::new(seed, 2), Fuse::for_calls(calls));
            for client in 0..CLIENTS {
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
                            let attempt = || server.fails(failures);
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
