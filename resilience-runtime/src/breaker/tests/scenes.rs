//! What a breaker promises, one scene each.

use std::time::Duration;

use super::super::{Change, Refused, Vote};
use super::{MS, S, Scene, after};
use crate::breaker_state::BreakerState;
use crate::clock::Tick;
use crate::policy::{BreakerSettings, Ratio};

#[test]
fn a_breaker_opens_at_the_failure_rate_and_not_before_enough_calls() {
    for scene in [Scene::small(), Scene::counting(100)] {
        scene.calls(Vote::Failure, 3, S);
        assert_eq!(scene.breaker.state(), BreakerState::Closed);
        let opened = scene.call(Vote::Failure, S);
        assert_eq!(
            opened.map(|opened| Change { from: opened.from, to: opened.to }),
            Some(Change { from: BreakerState::Closed, to: BreakerState::Open })
        );
    }
}

#[test]
fn the_rate_is_reached_when_it_is_equal() {
    let scene = Scene::new(settings!(BreakerSettings {
        failure_rate: Ratio::saturating(0.1),
        min_calls: 30,
        ..BreakerSettings::default()
    }));
    scene.calls(Vote::Success, 27, S);
    scene.calls(Vote::Failure, 2, S);
    assert_eq!(scene.breaker.state(), BreakerState::Closed);
    assert!(scene.call(Vote::Failure, S).is_some(), "3 of 30 is a tenth");
}

#[test]
fn an_open_breaker_rejects_until_the_break_ends() {
    let scene = Scene::small().open(S);
    assert_eq!(scene.admit(S).map(drop), after(5_000));
    assert_eq!(scene.admit(6 * S - MS).map(drop), after(1));
    assert_eq!(scene.breaker.retry_after(Tick(2 * S)), Some(Duration::from_secs(4)));
    assert!(scene.breaker.would_reject_at(Tick(6 * S - 1)));
    assert!(!scene.breaker.would_reject_at(Tick(6 * S)));

    let trial = scene.admit(6 * S).expect("the break is over");
    assert!(trial.is_trial());
    let half_open = Change { from: BreakerState::Open, to: BreakerState::HalfOpen };
    assert_eq!(trial.transition(), Some(half_open));
    assert_eq!(scene.breaker.retry_after(Tick(6 * S)), None);
}

#[test]
fn successes_alone_never_open_it() {
    for scene in [Scene::small(), Scene::counting(10)] {
        scene.calls(Vote::Failure, 3, S);
        for _ in 0..100 {
            assert_eq!(scene.call(Vote::Success, S), None);
        }
    }
}

#[test]
fn failures_that_left_the_window_do_not_count() {
    let scene = Scene::small();
    scene.calls(Vote::Failure, 3, S);
    assert_eq!(scene.call(Vote::Failure, 13 * S), None);
    let scene = Scene::counting(10);
    scene.calls(Vote::Failure, 3, S);
    scene.calls(Vote::Success, 10, S);
    scene.calls(Vote::Failure, 4, S);
    assert_eq!(scene.breaker.state(), BreakerState::Closed, "4 of the last 10");
    assert!(scene.call(Vote::Failure, S).is_some(), "5 of the last 10");
}

#[test]
fn slow_results_open_it_only_when_asked_to_look_at_them() {
    let mut scene = Scene::small();
    scene.calls(Vote::SlowSuccess, 20, S);
    assert_eq!(scene.breaker.state(), BreakerState::Closed);
    scene.settings.slow_call = Some(Duration::from_secs(1));
    scene.calls(Vote::Success, 5, 20 * S);
    scene.calls(Vote::SlowSuccess, 19, 20 * S);
    assert_eq!(scene.breaker.state(), BreakerState::Closed, "19 of 24 are below 0.8");
    assert!(scene.call(Vote::SlowSuccess, 20 * S).is_some());
}

#[test]
fn failures_in_a_row_open_it_whatever_the_rate() {
    let settings = settings!(BreakerSettings { consecutive_failures: Some(3), ..BreakerSettings::default() });
    let scene = Scene::new(settings);
    scene.calls(Vote::Success, 1000, S);
    scene.calls(Vote::Failure, 2, S);
    scene.call(Vote::Success, S);
    scene.calls(Vote::Failure, 2, S);
    scene.call(Vote::SlowSuccess, S);
    scene.calls(Vote::SlowFailure, 2, S);
    assert_eq!(scene.breaker.state(), BreakerState::Closed);
    assert!(scene.call(Vote::Failure, S).is_some());
}

#[test]
fn forced_states_stay_until_reset() {
    let scene = Scene::small();
    let early = scene.admit(S).expect("closed");
    assert!(scene.breaker.force_closed(Tick(S)).is_some());
    assert_eq!(scene.breaker.force_closed(Tick(S)), None);
    scene.calls(Vote::Failure, 100, S);
    assert_eq!(scene.breaker.state(), BreakerState::ForcedClosed);
    assert_eq!(scene.settle(early, Vote::Failure, S), None);

    assert!(scene.breaker.force_open(Tick(S)).is_some());
    assert_eq!(scene.admit(u64::MAX).map(drop), Err(Refused { retry_after: None }));
    assert!(scene.breaker.would_reject_at(Tick::MAX));

    let reset = scene.breaker.reset(Tick(S));
    assert_eq!(reset, Some(Change { from: BreakerState::ForcedOpen, to: BreakerState::Closed }.into()));
    scene.calls(Vote::Failure, 3, S);
    assert_eq!(scene.breaker.state(), BreakerState::Closed);
}

#[test]
fn reset_empties_the_window_of_a_closed_breaker_too() {
    for scene in [Scene::small(), Scene::counting(10)] {
        scene.calls(Vote::Failure, 3, S);
        let early = scene.admit(S).expect("closed");
        assert_eq!(scene.breaker.reset(Tick(S)), None);
        assert_eq!(scene.settle(early, Vote::Failure, S), None);
        assert_eq!(scene.call(Vote::Failure, S), None);
        assert_eq!(scene.breaker.counts(Tick(S), Some(&scene.settings)).failures(), 1);
    }
}

#[test]
fn reset_ends_a_break_and_its_doubling() {
    let scene = Scene::small().open(S);
    scene.call(Vote::Failure, 6 * S);
    assert!(scene.breaker.reset(Tick(S)).is_some());
    let scene = scene.open(6 * S);
    assert_eq!(scene.admit(6 * S).map(drop), after(5_000));
}

#[test]
fn the_failure_rate_is_known_in_every_sort_of_window_and_without_a_breaker() {
    let rate = |scene: &Scene| scene.breaker.failure_rate(Tick(S), Some(&scene.settings));
    for scene in [Scene::small(), Scene::counting(2)] {
        scene.calls(Vote::Success, 3, S);
        assert_eq!(rate(&scene), None, "too few to say");
        scene.calls(Vote::Failure, 1, S);
        assert_eq!(rate(&scene), Some(0.25));
    }
    let scene = Scene::small();
    for at in 0..20 {
        let vote = if at % 4 == 0 { Vote::SlowFailure } else { Vote::Success };
        assert_eq!(scene.breaker.failure_rate(Tick(S), None), None);
        scene.breaker.record(vote, Tick(S));
    }
    assert_eq!(scene.breaker.failure_rate(Tick(S), None), Some(0.25));
    assert_eq!(scene.breaker.failure_rate(Tick(20 * S), None), None);
}

#[test]
fn a_vote_of_nothing_is_no_vote() {
    let scene = Scene::small();
    scene.calls(Vote::None, 100, S);
    assert_eq!(scene.breaker.counts(Tick(S), Some(&scene.settings)).total(), 0);
}

#[test]
fn the_rest_of_the_break_is_told_while_nobody_is_let_in() {
    let scene = Scene::small();
    let rest = |scene: &Scene, now| scene.breaker.rest_while_open(Tick(now));
    assert_eq!(rest(&scene, S), None, "closed");
    let scene = scene.open(S);
    for (now, expected) in [(0, Some(6 * S)), (S, Some(5 * S)), (6 * S - 1, Some(1)), (6 * S, None)] {
        assert_eq!(rest(&scene, now), expected, "at {now}");
    }
    let _trial = scene.admit(6 * S).expect("a trial");
    assert_eq!(rest(&scene, S), None, "half open, whatever the time");
    scene.breaker.force_open(Tick(S));
    assert_eq!(rest(&scene, 100 * S), Some(u64::MAX), "an operator alone ends that");
    scene.breaker.force_closed(Tick(S));
    assert_eq!(rest(&scene, S), None, "forced closed");
}
