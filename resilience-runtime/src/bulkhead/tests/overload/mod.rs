//! The queue under lasting overload, compared with a plain one; and that it equals a plain one while there is none.

mod fifo;
mod scenario;
mod simulation;

use std::ops::RangeInclusive;

use resilience_settings::Priority;

use self::scenario::{Body, Call, CallOutcome, MS, Scenario};

const SEEDS: RangeInclusive<u64> = 1..=2;

/// Bodies, and whether calls arrive at random.
const BODIES: [(Body, bool); 4] =
    [(Body::Even, false), (Body::Even, true), (Body::Uniform, true), (Body::LogNormal, true)];

#[test]
fn the_scene_of_the_overload_serves_what_one_permit_can() {
    let report = Scenario::default().simulate();
    assert!(report.good() >= 950, "{} of 1,000", report.good());
    assert!(report.waste() <= 0.02, "{}", report.waste());
    let plain = Scenario::default().simulate_plain_fifo();
    assert!(plain.served <= 5, "the scenario is one that kills a plain queue: {}", plain.served);
}

#[test]
fn under_lasting_overload_the_permits_go_to_those_who_can_use_them() {
    for permits in [1, 4] {
        for max_wait in [25, 50, 1_000, 10_000] {
            for (body, at_random) in BODIES {
                for seed in SEEDS {
                    let every = 7 * MS / u64::from(permits);
                    let scenario = Scenario {
                        permits,
                        body,
                        at_random,
                        every,
                        max_wait: max_wait * MS,
                        calls: 2_857,
                        seed,
                        ..Scenario::default()
                    };
                    let report = scenario.simulate();
                    let (good, waste, median) = (report.goodput(), report.waste(), report.median());
                    let most_waste = if body == Body::LogNormal { 0.2 } else { 0.1 };
                    assert!(good >= 0.9, "{good} of {scenario:?}");
                    assert!(waste <= most_waste, "{waste} for nothing in {scenario:?}");
                    assert!(median <= Body::MEAN * 3 / 2 + every, "{median} ns in {scenario:?}");
                }
            }
        }
    }
}

fn at_load(load: f64, permits: u32, body: Body, deadline: u64, seed: u64) -> Scenario {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some milliseconds")]
    let every = (20.0 / load * 1e6) as u64 / u64::from(permits);
    // The longer the tail, the longer it takes for chance to even out.
    let calls = if permits == 1 && body == Body::LogNormal { 20_000 } else { 5_000 };
    Scenario {
        permits,
        body,
        at_random: true,
        every,
        deadline: deadline * MS,
        calls,
        seed,
        ..Scenario::default()
    }
}

#[test]
fn a_healthy_service_loses_next_to_nothing_by_it() {
    for permits in [1, 4] {
        for body in [Body::Even, Body::Uniform, Body::LogNormal] {
            for seed in SEEDS {
                let scenario = at_load(0.8, permits, body, 200, seed);
                let (report, plain) = (scenario.simulate(), scenario.simulate_plain_fifo());
                let before = share(plain.served, scenario.calls);
                assert!(report.success() >= before - 0.02, "{} of {before} {scenario:?}", report.success());
            }
        }
    }
}

#[test]
fn deadlines_that_most_bodies_miss_anyway_are_met_as_often_as_before() {
    for permits in [1, 4] {
        for (body, deadline) in [(Body::Uniform, 15), (Body::Uniform, 18), (Body::LogNormal, 12)] {
            let scenes = SEEDS.map(|seed| at_load(0.5, permits, body, deadline, seed));
            let both =
                scenes.map(|scenario| (scenario.simulate().good(), scenario.simulate_plain_fifo().served));
            let (ours, plain) = both.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            // Chance decides over a few in a thousand.
            assert!(share(ours, plain) >= 0.99, "{ours} of {plain} with {permits} {body:?} {deadline}");
        }
    }
}

#[test]
fn it_is_first_in_first_out_until_somebody_is_lost() {
    for scenario in SEEDS.flat_map(|seed| {
        [at_load(0.8, 1, Body::LogNormal, 200, seed), at_load(0.9, 4, Body::Uniform, 90, seed)]
    }) {
        let (report, plain) = (scenario.simulate(), scenario.simulate_plain_fifo());
        let lost = report.calls.iter().filter_map(|call| match call.outcome {
            CallOutcome::Refused { at, is_full: false, .. } => Some(at),
            _ => None,
        });
        let lost = lost.min().unwrap_or(u64::MAX);
        let before = report.began.iter().filter(|&&id| report.calls[id].began < lost).count();
        assert!(before >= 50, "{before} of {scenario:?}");
        assert_eq!(report.began[..before], plain.began[..before], "{scenario:?}");
    }
}

#[test]
fn a_runtime_whose_polls_are_all_late_serves_what_it_can() {
    for lag in [110, 200, 450] {
        for deadline in [1_500, 10_000] {
            for seed in SEEDS {
                let scenario = Scenario {
                    lag: lag * MS,
                    deadline: deadline * MS,
                    max_wait: 10_000 * MS,
                    at_random: true,
                    every: 50 * MS,
                    calls: 2_000,
                    seed,
                    ..Scenario::default()
                };
                let report = scenario.simulate();
                let most = report.until / (scenario.lag + Body::MEAN);
                assert!(
                    report.good() * 10 >= usize::try_from(most).unwrap() * 9,
                    "{} of {most} {scenario:?}",
                    report.good()
                );
            }
        }
    }
}

/// Whether a permit went to the second call though the first arrived earlier and matters more: the first got one
/// later, or was refused by then.
fn is_overtaken(first: &Call, by: &Call) -> bool {
    let until = match first.outcome {
        CallOutcome::Refused { at, .. } => at,
        _ => first.began.saturating_sub(1),
    };
    first.came < by.came && by.began <= until && by.began < u64::MAX
}

#[test]
fn no_critical_call_waits_or_is_refused_while_a_low_one_that_came_later_gets_a_permit() {
    for (max_queue, permits) in [(2, 1), (5, 1), (64, 1), (8, 4), (64, 4)] {
        for (body, at_random) in BODIES {
            for seed in SEEDS {
                let every = 7 * MS / u64::from(permits);
                let scenario = Scenario {
                    permits,
                    body,
                    at_random,
                    every,
                    max_queue,
                    mixed: true,
                    calls: 2_000,
                    seed,
                    ..Scenario::default()
                };
                let report = scenario.simulate();
                let of = |priority| report.calls.iter().filter(move |call| call.priority == priority);
                for low in of(Priority::Low).filter(|low| low.began < u64::MAX) {
                    let near =
                        |call: &&Call| call.came + scenario.deadline >= low.began && call.came <= low.began;
                    let first = of(Priority::Critical).filter(near).find(|first| is_overtaken(first, low));
                    assert!(first.is_none(), "{first:?} by {low:?} in {scenario:?}");
                }
                for critical in of(Priority::Critical) {
                    let CallOutcome::Refused { at, is_full: true } = critical.outcome else { continue };
                    let waits = |call: &&Call| call.came < at && call.decided() > at;
                    let less =
                        report.calls.iter().filter(waits).find(|call| call.priority < Priority::Critical);
                    assert!(less.is_none(), "{critical:?} found no room beside {less:?} in {scenario:?}");
                }
                assert!(report.goodput() >= 0.85, "{} in {scenario:?}", report.goodput());
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "small enough")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}
