//! Retries over layers: each of several services calls the next, retries when that fails, and the last always fails. Without
//! budgets the layers multiply; with a budget of a tenth in each they hardly do.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::call::Resilient;
use crate::testing::simulate::chart::{Chart, Line};
use crate::testing::simulate::policy::Policy;
use crate::testing::simulate::report::{Cell, Report};
use crate::testing::simulate::simulation::{Scenario, Simulation};
use crate::testing::simulate::world::{
    Failed, Fuse, Load, Process, Random, Sum, Tally, in_virtual_time, side_by_side,
};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "layers",
    about: "services call one another and the last one fails: how much load do retries make of a call",
    play,
};

const LIMITS: &str = "the last service fails every request, at once; each service is one process, so that its budget and its \
     breaker see all of the traffic. Over many small processes the tokens that come in by themselves weigh more.";

/// Three attempts whose delays take no time.
const PLAIN: &str = "base_delay = \"0s\"\ndeadline = \"off\"\nbreaker = false\nbudget = false\n";
/// The same with a tenth of a retry for each call, and no tokens besides.
const BUDGET: &str = "base_delay = \"0s\"\ndeadline = \"off\"\nbreaker = false\n\
     budget = { ratio = 0.1, burst_capacity = 1, min_per_second = 0, deposit = \"call\" }\n";

const MOST: usize = 5;

/// So many requests for each call are played: a few more than three attempts in each of five layers make.
const FOR_EACH_CALL: f64 = 250.0;

fn play(simulation: &Simulation) -> Report {
    let unit = simulation.unit();
    // So many calls that the tokens of the beginning do not count.
    let calls = simulation.extent(10_000.0, 2_000.0, 200.0);
    let policies = [
        (Policy::with("plain retries", unit, PLAIN), 20.0),
        (Policy::with("budget of a tenth", unit, BUDGET), calls),
        (simulation.chosen(), calls),
    ];
    let points: Vec<(&Policy, f64, usize)> = policies
        .iter()
        .flat_map(|(policy, calls)| (1..=MOST).map(move |layers| (policy, *calls, layers)))
        .collect();
    let sums = side_by_side(&points, |(policy, calls, layers)| amplify(policy, *calls, *layers, simulation));
    #[expect(clippy::cast_precision_loss, reason = "five layers at most")]
    let number = |layers: usize| layers as f64;
    let rows: Vec<Vec<Cell>> = points
        .iter()
        .zip(&sums)
        .map(|((policy, _, layers), sum)| vec![policy.name().into(), number(*layers).into(), sum.load.into()])
        .collect();
    let lines = policies.iter().map(|(policy, _)| {
        let points = points.iter().zip(&sums).filter(|((of, ..), _)| of.name() == policy.name());
        Line::new(policy.name(), points.map(|((_, _, layers), sum)| (number(*layers), sum.load)).collect())
    });
    let charts = vec![
        Chart::new("load on the last service", "layers", "requests per call", lines.collect()).logarithmic(),
    ];
    let most = |policy: usize| sums[(policy + 1) * MOST - 1].load;
    let verdict = format!(
        "Over five layers three plain attempts make {:.0} requests of a call, a budget of a tenth in each layer makes {:.2}, \
         and `{}` {:.2}.",
        most(0),
        most(1),
        policies[2].0.name(),
        most(2),
    );
    let mut report =
        simulation.report(unit, &["policy", "layers", "requests per call"], rows, charts, LIMITS);
    report.verdict = verdict;
    report.tell_cut(points.iter().zip(&sums).map(|((policy, ..), sum)| (policy.name(), sum.is_cut)));
    report
}

/// Requests to the last service, as they come of calls of the first.
fn amplify(policy: &Policy, calls: f64, layers: usize, simulation: &Simulation) -> Sum {
    let (seed, unit) = (simulation.seed, simulation.unit().as_secs_f64());
    in_virtual_time(seed, || async {
        let processes: Arc<[Process]> =
            (0_u64..).take(layers).map(|layer| Process::new(seed.wrapping_add(layer))).collect();
        for process in &*processes {
            process.set_up(|| policy.put_in_force());
        }
        // Calls come by chance, so there may be some more.
        let fuse = Fuse::of(FOR_EACH_CALL * (calls + 10.0 * calls.sqrt()));
        let tally = Tally::new(Random::new(seed, 2), fuse);
        // A hundred calls in a unit.
        let load = Load::new(&[(0.0, 100.0 / unit)], calls / 100.0 * unit, Random::new(seed, 1));
        let handle = Resilient::service(policy.service()).build();
        let first = Layer { tally: tally.clone(), processes, handle, at: 0 };
        let call = || {
            let (tally, first) = (tally.clone(), first.clone());
            async move { tally.count(first.enter().await) }
        };
        tally.spawn_each(load, call).await;
        tally.finish(calls / 100.0 * unit).await
    })
}

/// A service that asks the next.
#[derive(Clone)]
struct Layer {
    tally: Arc<Tally>,
    processes: Arc<[Process]>,
    handle: Resilient,
    /// Which one it is; behind the last is the one that fails.
    at: usize,
}

impl Layer {
    fn enter(self) -> Pin<Box<dyn Future<Output = Result<(), Failed>> + Send>> {
        match self.processes.get(self.at) {
            Some(process) => Box::pin(process.inside(self.clone().ask_the_next())),
            None => Box::pin(async move { self.tally.fails(1.0).await }),
        }
    }

    async fn ask_the_next(self) -> Result<(), Failed> {
        let next = Self { at: self.at + 1, ..self.clone() };
        let result = self.handle.call(|| next.clone().enter()).await;
        // What is between processes is an answer: the caller hears that it failed and not why.
        result.map_err(|_| Failed::Server)
    }
}
