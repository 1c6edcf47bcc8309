//! A shared outage, then everybody back: sessions that were lost at one moment are opened anew by all of their clients. Without
//! jitter they come in step, and the first that the server sees after its outage is all of them at once.

use std::sync::Arc;
use std::time::Duration;

use crate::call::Resilient;
use crate::testing::simulate::chart::{Chart, Line};
use crate::testing::simulate::policy::Policy;
use crate::testing::simulate::reference::units;
use crate::testing::simulate::report::{Cell, Report};
use crate::testing::simulate::simulation::{Scenario, Simulation};
use crate::testing::simulate::world::{
    Condition, Fuse, Process, Random, Server, Service, Timeline, Traffic, in_virtual_time, side_by_side,
};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "herd",
    about: "a server is back after an outage, and so is everybody who waited for it",
    play,
};

const LIMITS: &str = "all lost the server at the same moment, which is what aligns them; whoever is given up on asks again \
     after about one unit, each by itself. Clients of one process share a breaker.";

/// Processes, and how many sessions each has.
const PROCESSES: u64 = 100;
const SESSIONS: u64 = 10;
/// The outage begins with the run and ends then.
const BACK: f64 = 10.0;
/// A span of the counts, in units, and how many requests the server can answer within it.
const SPAN: f64 = 0.1;
const CAPACITY: f64 = 300.0 * SPAN;
const END: f64 = 120.0;
const QUICK_END: f64 = 40.0;

/// Of all sessions together; hundreds for each.
const MOST_REQUESTS: f64 = 500_000.0;

/// Tries until it succeeds.
const FOR_EVER: &str = "max_attempts = 1000000\ndeadline = \"off\"\nbreaker = false\nbudget = false\n";

fn play(simulation: &Simulation) -> Report {
    let unit = simulation.unit();
    let delays = |strategy: &str, base: f64| {
        format!(
            "strategy = \"{strategy}\"\nbase_delay = {}\nmax_delay = {}\n{FOR_EVER}",
            units(unit, base),
            units(unit, 5.0)
        )
    };
    let policies = simulation.compared(vec![
        Policy::with("fixed delay", unit, &delays("fixed", 1.0)),
        Policy::with("exponential", unit, &delays("exponential", 0.2)),
        Policy::with("exponential with jitter", unit, &delays("exponential_jitter", 0.2)),
        simulation.chosen(),
    ]);
    let end = simulation.extent(END, QUICK_END, 2.0 * BACK);
    let timelines = side_by_side(&policies, |policy| everybody_back(policy, unit, end, simulation.seed));
    let outcomes: Vec<Outcome> = timelines.iter().map(Outcome::of).collect();
    let rows: Vec<Vec<Cell>> = policies
        .iter()
        .zip(&outcomes)
        .map(|(policy, outcome)| {
            vec![policy.name().into(), outcome.peak.into(), outcome.back.into(), outcome.requests.into()]
        })
        .collect();
    let lines = policies.iter().zip(&timelines).map(|(policy, timeline)| {
        Line::new(policy.name(), timeline.requests_over_time(spans(BACK - 1.0), spans(BACK + 10.0), SPAN))
    });
    let charts =
        vec![Chart::new("requests in each tenth of a unit", "time, in units", "requests", lines.collect())];
    let told = policies.iter().zip(&outcomes).map(|(policy, outcome)| {
        let back = outcome
            .back
            .map_or("never all back".to_owned(), |back| format!("all back after {back:.1} units"));
        match outcome.peak {
            Some(peak) => format!("`{}` {peak:.1} times as much, {back}", policy.name()),
            None => {
                format!("`{}` nobody knows how much, as its run did not last until the return", policy.name())
            }
        }
    });
    let told: Vec<_> = told.collect();
    let mut report = simulation.report(
        unit,
        &["policy", "peak", "all back", "requests per session"],
        rows,
        charts,
        LIMITS,
    );
    report.verdict =
        format!("At its height the herd asks for this much of what the server can do: {}.", told.join("; "));
    report
        .tell_cut(policies.iter().zip(&timelines).map(|(policy, timeline)| (policy.name(), timeline.is_cut)));
    report
}

/// What came of a return.
struct Outcome {
    /// The most requests in a span after the return, in what the server can do in one; `None` if the run was cut off before.
    peak: Option<f64>,
    /// After how many units 99 of 100 sessions are there.
    back: Option<f64>,
    /// Requests for each session, those during the outage included.
    requests: f64,
}

impl Outcome {
    #[expect(clippy::cast_precision_loss, reason = "numbers of sessions")]
    fn of(timeline: &Timeline) -> Self {
        let back = spans(BACK);
        let peak = timeline.requests_over_time(back, usize::MAX, SPAN);
        let peak = peak.into_iter().map(|(_, requests)| requests).fold(0.0, f64::max) / CAPACITY;
        let peak = (peak > 0.0 || !timeline.is_cut).then_some(peak);
        let sessions = (PROCESSES * SESSIONS) as f64;
        let (mut there, mut all) = (0.0, None);
        for (span, ended) in timeline.ok_over_time().enumerate() {
            there += ended as f64;
            if all.is_none() && there >= 0.99 * sessions {
                all = Some(((span + 1) as f64 * SPAN - BACK).max(0.0));
            }
        }
        Self { peak, back: all, requests: timeline.sum(0, usize::MAX).requests as f64 / sessions }
    }
}

/// How many spans those units are.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]
fn spans(units: f64) -> usize {
    (units / SPAN).round() as usize
}

fn everybody_back(policy: &Policy, unit: Duration, end: f64, seed: u64) -> Timeline {
    let unit = unit.as_secs_f64();
    in_virtual_time(seed, || async {
        let down = [Condition::Down(0.0, BACK * unit)];
        let server = Server::new(15, Service::Exponential(0.05 * unit), &down, Random::new(seed, 2));
        let traffic = Traffic::new(server, SPAN * unit, Arc::new(Fuse::of(MOST_REQUESTS)));
        let mut sessions = Vec::new();
        for number in 0..PROCESSES {
            let process = Process::new(seed.wrapping_add(number));
            process.set_up(|| policy.put_in_force());
            let handle = Resilient::service(policy.service()).build();
            for session in 0..SESSIONS {
                let random = Random::new(seed, 3 + number * SESSIONS + session);
                let session = open(traffic.clone(), handle.clone(), unit, random);
                sessions.push(tokio::spawn(process.inside(session)));
            }
        }
        // Some may never be there.
        let all = async {
            for session in sessions {
                let _ = session.await;
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs_f64(end * unit), all).await;
        traffic.finish()
    })
}

/// Asks until it is there. Counted when it is.
async fn open(traffic: Arc<Traffic>, handle: Resilient, unit: f64, mut random: Random) {
    while handle.call(|| traffic.request()).await.is_err() {
        // By itself, not in step with others.
        traffic.clock().pause(random.exponential(unit)).await;
    }
    traffic.is_there();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_run_that_ended_before_the_return_nobody_knows_the_peak() {
        let mut timeline = Timeline::new(SPAN);
        assert_eq!(Outcome::of(&timeline).peak, Some(0.0));
        timeline.is_cut = true;
        assert_eq!(Outcome::of(&timeline).peak, None);
    }
}
