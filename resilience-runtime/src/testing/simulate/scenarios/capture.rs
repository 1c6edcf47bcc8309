//! Capture (after Farahbakhsh and others, arXiv 2606.00942): two parts that are each stable lock one another in. A breaker hides
//! from an autoscaler how much is asked for, so that the capacity stays down, which keeps the breaker busy.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use crate::call::Resilient;
use crate::testing::prose::counted;
use crate::testing::simulate::chart::{Chart, Line};
use crate::testing::simulate::policy::Policy;
use crate::testing::simulate::reference::units;
use crate::testing::simulate::report::{Cell, Report};
use crate::testing::simulate::simulation::{Scenario, Simulation};
use crate::testing::simulate::world::{
    Fuse, Load, Random, Scaled, Timeline, in_virtual_time, side_by_side, task_of_each,
};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "capture",
    about: "an autoscaler sees what a breaker lets through: do they keep one another down (arXiv 2606.00942)",
    play,
};

const LIMITS: &str = "one server behind one queue, and an autoscaler that goes by the requests that reach it, adds instances after \
     two looks and takes them away at once.";

/// What a policy cannot mend, and nobody who reads the figures alone would think of.
const REMEDY: &str = "Scale on the calls that were offered, the rejected ones included, and with a delay before scaling down: then no \
     policy can hide the load, whatever the target.";

/// Calls in a unit, and while there are fewer of them: from when, until when, how many.
const LOAD: f64 = 210.0;
const LULL: (f64, f64, f64) = (100.0, 300.0, 84.0);
/// What an instance serves in a unit, and with how many it begins.
const RATE: f64 = 30.0;
const INSTANCES: f64 = 10.0;
/// The autoscaler looks so often, and what it adds is there so much later.
const LOOK: f64 = 15.0;
const DELAY: f64 = 30.0;
const END: f64 = 2_400.0;
const JUDGED: usize = 1_000;

fn play(simulation: &Simulation) -> Report {
    let unit = simulation.unit();
    let fixed = units(unit, 30.0);
    let naive = format!(
        "budget = \"off\"\nbreaker = {{ open_for = {fixed}, max_open_for = {fixed} }}\nmax_attempts = 3\n"
    );
    let naive = Policy::with("plain retries and a fixed break", unit, &naive);
    let policies = simulation.compared(vec![naive, simulation.chosen()]);
    let (targets, end): (&[f64], _) =
        simulation.extent((&[0.7, 0.9], END), (&[0.7], END), (&[0.7], 3.0 * LOOK));
    let points: Vec<(&Policy, f64)> =
        policies.iter().flat_map(|policy| targets.iter().map(move |target| (policy, *target))).collect();
    let runs = side_by_side(&points, |(policy, target)| run(policy, unit, *target, end, simulation.seed));
    let rows: Vec<Vec<Cell>> = points
        .iter()
        .zip(&runs)
        .map(|((policy, target), run)| {
            let (least, most) = run.range();
            vec![policy.name().into(), (*target).into(), run.success().into(), least.into(), most.into()]
        })
        .collect();
    let of = |run: &Run| run.timeline.success_over_time(usize::MAX);
    let mut charts = Vec::new();
    for target in targets {
        let those = || points.iter().zip(&runs).filter(move |((_, of), _)| (of - target).abs() < 1e-9);
        let lines = those().map(|((policy, _), run)| Line::new(policy.name(), smooth(&of(run))));
        charts.push(Chart::new(
            format!("success at a target of {target}"),
            "time, in units",
            "share of calls that succeed",
            lines.collect(),
        ));
        let lines = those().map(|((policy, _), run)| Line::new(policy.name(), run.instances.clone()));
        charts.push(Chart::new(
            format!("instances at a target of {target}"),
            "time, in units",
            "instances",
            lines.collect(),
        ));
    }
    let told: Vec<_> = points
        .iter()
        .zip(&runs)
        .map(|((policy, target), run)| {
            let (least, most) = run.range();
            let instances =
                if least < most { format!("{least} to {most} instances") } else { counted(most, "instance") };
            let (name, success) = (policy.name(), run.success() * 100.0);
            format!("`{name}` at a target of {target} ends with {success:.1} % success on {instances}")
        })
        .collect();
    let mut report = simulation.report(
        unit,
        &["policy", "target", "success", "fewest instances", "most instances"],
        rows,
        charts,
        LIMITS,
    );
    report.verdict = format!("Long after a lull in the load: {}. {REMEDY}", told.join("; "));
    let is_cut = |run: &Run| run.timeline.is_cut;
    report.tell_cut(points.iter().zip(&runs).map(|((policy, _), run)| (policy.name(), is_cut(run))));
    report
}

/// The mean of each ten spans.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn smooth(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    points
        .chunks(10)
        .map(|ten| (ten[0].0, ten.iter().map(|(_, share)| share).sum::<f64>() / ten.len() as f64))
        .collect()
}

/// What came of a run, and the instances at each look of the autoscaler.
struct Run {
    timeline: Timeline,
    instances: Vec<(f64, f64)>,
    end: f64,
}

impl Run {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
    fn success(&self) -> f64 {
        self.timeline.sum((self.end as usize).saturating_sub(JUDGED), self.end as usize).success()
    }

    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    fn range(&self) -> (f64, f64) {
        let judged =
            self.instances.iter().filter(|(at, _)| *at >= self.end - JUDGED as f64).map(|(_, count)| *count);
        judged.fold((f64::INFINITY, 0.0), |(least, most), count| (least.min(count), most.max(count)))
    }
}

fn run(policy: &Policy, unit: Duration, target: f64, end: f64, seed: u64) -> Run {
    let seconds = unit.as_secs_f64();
    in_virtual_time(seed, || async {
        policy.put_in_force();
        let handle = Resilient::service(policy.service()).build();
        let steps: Vec<(f64, f64)> = [(0.0, LOAD), (LULL.0, LULL.2), (LULL.1, LOAD)]
            .map(|(from, calls)| (from * seconds, calls / seconds))
            .to_vec();
        let load = Load::new(&steps, end * seconds, Random::new(seed, 1));
        let fuse = Arc::new(Fuse::for_calls(load.calls()));
        let server = Scaled::new(INSTANCES, RATE / seconds, fuse.clone());
        let serving = tokio::spawn(server.clone().serve());
        let scaling = tokio::spawn(autoscale(server.clone(), seconds, target, end));
        let timeline = RefCell::new(Timeline::new(seconds));
        let call = |arrival| {
            timeline.borrow_mut().at(arrival).offered += 1;
            let (server, handle) = (server.clone(), handle.clone());
            async move { (arrival, handle.call(|| server.request()).await.is_ok()) }
        };
        let ended = |(arrival, is_ok)| timeline.borrow_mut().at(arrival).ok += u64::from(is_ok);
        task_of_each(server.clock(), load, &fuse, call, ended).await;
        serving.abort();
        // Its last look is at the end.
        let instances = scaling.await.unwrap_or_default();
        let mut timeline = timeline.into_inner();
        timeline.is_cut = fuse.is_blown();
        Run { timeline, instances, end }
    })
}

/// Looks at the share of the capacity that is used, and wants so many instances that it would be the target. More are there
/// after a while, one change at a time; fewer at once.
async fn autoscale(server: Arc<Scaled>, seconds: f64, target: f64, end: f64) -> Vec<(f64, f64)> {
    let clock = server.clock();
    let mut seen = Vec::new();
    let mut coming: Option<(f64, f64)> = None;
    let mut at = 0.0;
    while at < end {
        at += LOOK;
        clock.reach(at * seconds).await;
        if let Some((due, wanted)) = coming
            && at >= due
        {
            server.scale(wanted);
            coming = None;
        }
        let (instances, arrived) = server.read();
        seen.push((at, instances));
        #[expect(clippy::cast_precision_loss, reason = "a number of requests")]
        let share = (arrived as f64 / (instances * RATE * LOOK)).min(1.0);
        let wanted = (instances * share / target).ceil().max(1.0);
        if wanted < instances {
            server.scale(wanted);
            coming = None;
        } else if wanted > instances && coming.is_none() {
            coming = Some((at + DELAY, wanted));
        }
    }
    seen
}
