//! A server that is back but still cold: what the trials of a half-open breaker spare it, and what they cost. A breaker that
//! closes on the first good answer lets everybody in at once, and opens again.

use crate::breaker_state::BreakerState;
use crate::testing::simulate::chart::{Chart, Line};
use crate::testing::simulate::episode::Episode;
use crate::testing::simulate::policy::Policy;
use crate::testing::simulate::reference::units;
use crate::testing::simulate::report::{Cell, Report};
use crate::testing::simulate::simulation::{Scenario, Simulation};
use crate::testing::simulate::world::{Condition, Timeline, side_by_side};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "half-open",
    about: "a server is back from an outage and still cold: what the trials of a breaker spare it",
    play,
};

const LIMITS: &str = "one process, so one breaker; many processes have as many trials. The server refuses at once while it is \
     down: one that hangs instead keeps each trial for a whole attempt timeout.";

/// The server is down from when until when, and slow until it is warm.
const DOWN: (usize, usize) = (20, 30);
const WARM: usize = 40;
const END: usize = 110;
const QUICK_END: usize = 70;

fn play(simulation: &Simulation) -> Report {
    let unit = simulation.unit();
    let fixed = units(unit, 5.0);
    let hasty = format!(
        "breaker = {{ open_for = {fixed}, max_open_for = {fixed}, half_open_calls = 1, success_threshold = 1 }}\n"
    );
    let policies = simulation.compared(vec![
        Policy::budget_alone(unit),
        Policy::with("closes on the first success", unit, &hasty),
        simulation.chosen(),
    ]);
    let end = simulation.extent(END, QUICK_END, WARM + 5);
    let outcomes = side_by_side(&policies, |policy| outage(policy, end, simulation));
    let rows: Vec<Vec<Cell>> = policies
        .iter()
        .zip(&outcomes)
        .map(|(policy, (timeline, openings))| {
            // From its first moment on: whoever retries at once sends most of it then.
            let down = timeline.sum(DOWN.0, DOWN.1);
            #[expect(clippy::cast_precision_loss, reason = "a number of openings")]
            let openings = *openings as f64;
            vec![
                policy.name().into(),
                down.amplification().into(),
                openings.into(),
                timeline.well_from(DOWN.1, 5).into(),
                timeline.sum(DOWN.1, end).success().into(),
            ]
        })
        .collect();
    let lines = policies
        .iter()
        .zip(&outcomes)
        .map(|(policy, (timeline, _))| Line::new(policy.name(), timeline.success_over_time(end)));
    let charts =
        vec![Chart::new("success", "time, in units", "share of calls that succeed", lines.collect())];
    let mut report = simulation.report(
        unit,
        &["policy", "requests per call while down", "openings", "recovery", "success once back"],
        rows,
        charts,
        LIMITS,
    );
    report.verdict = verdict(&report, &policies);
    let is_cut = |(timeline, _): &(Timeline, u64)| timeline.is_cut;
    report.tell_cut(policies.iter().zip(&outcomes).map(|(policy, outcome)| (policy.name(), is_cut(outcome))));
    report
}

fn verdict(report: &Report, policies: &[Policy]) -> String {
    let told = policies.iter().map(|policy| {
        let of = |column| report.number(&[policy.name()], column);
        let sent = of("requests per call while down").unwrap_or(f64::NAN);
        let after = of("recovery").map_or("never".to_owned(), |units| format!("after {units} units"));
        format!("`{}` sends {sent:.3} requests for each call and is well {after}", policy.name())
    });
    let told: Vec<_> = told.collect();
    format!("While the server is down, and from when it is back: {}.", told.join("; "))
}

/// What came of the calls, and how often the breaker opened.
fn outage(policy: &Policy, end: usize, simulation: &Simulation) -> (Timeline, u64) {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let [from, back, warm, end] = [DOWN.0, DOWN.1, WARM, end].map(|units| units as f64);
    let takes = 1.0 / 300.0;
    let episode = Episode {
        unit: simulation.unit(),
        workers: 1,
        takes,
        is_random: true,
        conditions: vec![Condition::Down(from, back), Condition::Takes(back, warm, 3.0 * takes)],
        load: vec![(0.0, 0.8)],
        end,
    };
    episode.play_and_ask(policy, simulation.seed, |stats| stats.breaker_transitions_to(BreakerState::Open))
}
