//! The Tail at Scale (Dean and Barroso, 2013): a service answers 99 requests of 100 in 10 ms and one in 100 ms. A copy of the
//! slowest one in twenty takes the tail away, for about one more request in twenty.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::call::{Call, KeepErrors, Slot};
use crate::classify::told;
use crate::registry::Site;
use crate::sync::lock;
use crate::testing::simulate::chart::{Chart, Line};
use crate::testing::simulate::policy::Policy;
use crate::testing::simulate::report::{Cell, Report};
use crate::testing::simulate::simulation::{Scenario, Simulation};
use crate::testing::simulate::world::{
    Clock, Failed, Fuse, Load, Random, in_virtual_time, side_by_side, task_of_each,
};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "hedging",
    about: "one answer in a hundred is ten times as slow: what a second copy does to the tail (The Tail at Scale)",
    play,
};

const LIMITS: &str = "the service has room for the copies, and how slow an answer is depends on nothing but chance. Where the \
     slow ones are slow as the service is full, copies make it worse; the budget bounds how many there are.";

/// In units: 10 ms and 100 ms where the unit is that of our own policy. The fast answers are spread a little.
const UNIT: Duration = Duration::from_millis(200);
const FAST: f64 = 0.04;
const SPREAD: f64 = 0.01;
const SLOW: f64 = 0.5;
/// A little more than one in a hundred, so that the P99 is one of them whatever the seed.
const SLOW_SHARE: f64 = 0.0125;
/// Calls in a unit, and how many of the first are left out: a quantile has to be known before there are copies.
const RATE: f64 = 20.0;
const WARM_UP: u32 = 1_000;

fn play(simulation: &Simulation) -> Report {
    let unit = simulation.policy.as_ref().map_or(UNIT, Policy::attempt_timeout);
    let calls = simulation.extent(100_000.0, 30_000.0, f64::from(2 * WARM_UP));
    let mut policies = vec![
        Policy::with("no hedge", unit, ""),
        Policy::with("hedge at P95", unit, "idempotent = true\nhedge = { after = \"P95\" }\n"),
    ];
    policies.extend(simulation.policy.clone());
    let outcomes = side_by_side(&policies, |policy| tail(policy, unit, calls / RATE, simulation.seed));
    let quantiles = [0.5, 0.95, 0.99, 0.999];
    let rows: Vec<Vec<Cell>> = policies
        .iter()
        .zip(&outcomes)
        .map(|(policy, outcome)| {
            let mut row = vec![policy.name().into()];
            row.extend(quantiles.iter().map(|quantile| outcome.quantile(*quantile).into()));
            row.push(outcome.requests_per_call.into());
            row
        })
        .collect();
    let lines = policies.iter().zip(&outcomes).map(|(policy, outcome)| {
        let points = (0..1_000_u32).filter_map(|part| {
            let quantile = f64::from(part) / 1e3;
            Some((quantile * 100.0, outcome.quantile(quantile)?))
        });
        Line::new(policy.name(), points.collect())
    });
    let charts = vec![Chart::new("latency", "percentile", "latency, in units", lines.collect())];
    let of =
        |at: usize| outcomes[at].quantile(0.99).zip(outcomes[0].quantile(0.95)).map(|(p99, p95)| p99 / p95);
    let more = |at: usize| (outcomes[at].requests_per_call - 1.0) * 100.0;
    let mut verdict = format!(
        "In multiples of the P95 without copies, the P99 is {:.1} without them and {:.1} with copies after the P95, for {:.1} % \
         more requests.",
        of(0).unwrap_or(f64::NAN),
        of(1).unwrap_or(f64::NAN),
        more(1)
    );
    if let Some(policy) = &simulation.policy {
        let copies =
            if policy.hedges() { "as it is written" } else { "which makes no copies as it is written" };
        let (name, sent) = (policy.name(), outcomes[2].requests_per_call);
        let told = match of(2) {
            Some(of) => format!("it is {of:.1}, for {sent:.3} requests of a call"),
            None => format!("no call is answered, for {sent:.3} requests of each"),
        };
        verdict = format!("{verdict} With `{name}`, {copies}, {told}.");
    }
    let mut report = simulation.report(
        unit,
        &["policy", "p50", "p95", "p99", "p99.9", "requests per call"],
        rows,
        charts,
        LIMITS,
    );
    report.verdict = verdict;
    if let Some(policy) = &simulation.policy {
        report.ignored = policy.ignored_where_hedged().to_vec();
    }
    let is_cut = |outcome: &Outcome| outcome.is_cut;
    report.tell_cut(policies.iter().zip(&outcomes).map(|(policy, outcome)| (policy.name(), is_cut(outcome))));
    report
}

/// The latencies of the calls in units, in order, and what they cost.
struct Outcome {
    latencies: Vec<f64>,
    requests_per_call: f64,
    is_cut: bool,
}

impl Outcome {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "numbers of calls"
    )]
    fn quantile(&self, quantile: f64) -> Option<f64> {
        let at = (quantile * self.latencies.len() as f64) as usize;
        self.latencies.get(at).or(self.latencies.last()).copied()
    }
}

/// The service, and what was seen of it.
struct Service {
    clock: Clock,
    unit: f64,
    random: Mutex<Random>,
    requests: AtomicU64,
    fuse: Fuse,
}

impl Service {
    async fn request(&self) -> Result<(), Failed> {
        self.fuse.pass().await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let takes = {
            let mut random = lock(&self.random);
            if random.unit() < SLOW_SHARE { SLOW } else { FAST + random.exponential(SPREAD) }
        };
        self.clock.pause(takes * self.unit).await;
        Ok(())
    }

    /// What an attribute with `hedge` makes of a body.
    async fn call(&self, site: &'static Site) -> Result<(), Failed> {
        let mut call: Call<Failed> = Call::at(site);
        loop {
            let attempt = call.hedged(
                || self.request(),
                told::<Failed>,
                KeepErrors,
                Failed::from,
                |_: &Slot<'_, (), Failed>| {},
            );
            if let ControlFlow::Break(outcome) = attempt.await {
                return outcome;
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of calls")]
fn tail(policy: &Policy, unit: Duration, units: f64, seed: u64) -> Outcome {
    let unit = unit.as_secs_f64();
    in_virtual_time(seed, || async move {
        policy.put_in_force();
        // Never freed, as the registry that binds it.
        let service: &'static str = policy.service().to_owned().leak();
        // The code is one that can make copies, and leaves it to the policy whether it does.
        let site: &'static Site = Box::leak(Box::new(Site::new(service, "simulate", "hedging", &[])));
        let load = Load::new(&[(0.0, RATE / unit)], units * unit, Random::new(seed, 1));
        let service = Arc::new(Service {
            clock: Clock::start(),
            unit,
            random: Mutex::new(Random::new(seed, 2)),
            requests: AtomicU64::new(0),
            fuse: Fuse::for_calls(load.calls()),
        });
        let (mut latencies, mut made) = (Vec::new(), 0_u32);
        let call = |_| {
            let (of, counts) = (Arc::clone(&service), made >= WARM_UP);
            made += 1;
            async move {
                let began = of.clock.seconds();
                let is_ok = of.call(site).await.is_ok();
                (is_ok && counts).then(|| (of.clock.seconds() - began) / of.unit)
            }
        };
        let ended = |latency: Option<f64>| latencies.extend(latency);
        task_of_each(service.clock, load, &service.fuse, call, ended).await;
        latencies.sort_unstable_by(f64::total_cmp);
        let requests = service.requests.load(Ordering::Relaxed) as f64;
        Outcome {
            latencies,
            requests_per_call: requests / f64::from(made).max(1.0),
            is_cut: service.fuse.is_blown(),
        }
    })
}
