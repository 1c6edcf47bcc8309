//! What a half-open breaker promises, one scene each.

use std::time::Duration;

use super::super::{Breaker, Change, Refused, Vote};
use super::{MS, S, Scene, after};
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

#[test]
fn enough_good_trials_close_it_with_an_empty_window_and_short_breaks() {
    let scene = Scene::small().open(S);
    let trial = scene.admit(6 * S).expect("first trial");
    assert!(scene.settle(trial, Vote::Failure, 6 * S).is_some());
    assert_eq!(scene.admit(6 * S).map(drop), after(10_000));
    assert_eq!(scene.call(Vote::Success, 16 * S), None);
    let closed = scene.call(Vote::SlowSuccess, 16 * S);
    assert_eq!(closed, Some(Change { from: BreakerState::HalfOpen, to: BreakerState::Closed }.into()));
    assert_eq!(scene.breaker.counts(Tick(16 * S), Some(&scene.settings)).total(), 0);
    scene.calls(Vote::Failure, 3, 16 * S);
    assert_eq!(scene.breaker.state(), BreakerState::Closed);
    scene.calls(Vote::Failure, 1, 16 * S);
    assert_eq!(scene.admit(16 * S).map(drop), after(5_000), "no longer doubled");
}

#[test]
fn failed_trials_double_the_break_up_to_the_longest() {
    let scene = Scene::small().open(S);
    let mut now = S;
    for millis in [5_000, 10_000, 20_000, 40_000, 57_000, 57_000] {
        assert_eq!(scene.admit(now).map(drop), after(millis));
        now += millis * MS;
        assert!(scene.call(Vote::Failure, now).is_some());
    }
}

#[test]
fn a_slow_trial_fails_when_slowness_is_looked_at() {
    let mut scene = Scene::small().open(S);
    scene.settings.slow_call = Some(Duration::from_secs(1));
    assert!(scene.call(Vote::SlowSuccess, 6 * S).is_some());
    assert_eq!(scene.breaker.state(), BreakerState::Open);
}

#[test]
fn only_so_many_trials_run_at_once_and_none_that_could_not_matter() {
    let scene = Scene::small().open(S);
    let first = scene.admit(6 * S).expect("first trial");
    let _second = scene.admit(6 * S).expect("second trial");
    assert_eq!(scene.admit(6 * S).map(drop), Err(Refused { retry_after: None }));
    assert_eq!(scene.settle(first, Vote::Success, 6 * S), None);
    assert!(scene.admit(6 * S).is_err(), "the trial under way decides");
}

#[test]
fn a_trial_without_a_vote_gives_its_slot_back() {
    let scene = Scene::small().open(S);
    for _ in 0..1_000 {
        let trials = [scene.admit(6 * S), scene.admit(6 * S)];
        assert!(scene.admit(6 * S).is_err());
        for trial in trials {
            assert_eq!(scene.settle(trial.expect("a free slot"), Vote::None, 6 * S), None);
        }
    }
    scene.call(Vote::Success, 6 * S);
    assert!(scene.call(Vote::Success, 6 * S).is_some(), "never stuck");
}

#[test]
fn results_of_an_earlier_state_do_not_vote_in_a_later_one() {
    let scene = Scene::small();
    let early = scene.admit(S).expect("closed");
    let scene = scene.open(S);
    let stale = scene.admit(6 * S).expect("trial of the first half-open state");
    assert_eq!(scene.settle(early, Vote::Success, 6 * S), None);
    assert_eq!(scene.settle(early, Vote::Failure, 6 * S), None);
    assert_eq!(scene.breaker.state(), BreakerState::HalfOpen);

    let failed = scene.admit(6 * S).expect("second trial");
    assert!(scene.settle(failed, Vote::Failure, 6 * S).is_some());
    let trials = [scene.admit(16 * S).expect("trial"), scene.admit(16 * S).expect("trial")];
    for vote in [Vote::Success, Vote::Success, Vote::Failure, Vote::None, Vote::None, Vote::None] {
        assert_eq!(scene.settle(stale, vote, 16 * S), None);
        assert_eq!(scene.breaker.state(), BreakerState::HalfOpen);
        assert!(scene.admit(16 * S).is_err(), "an old trial gives back no slot of the new ones");
    }
    assert_eq!(scene.settle(trials[0], Vote::Success, 16 * S), None);
    assert!(scene.settle(trials[1], Vote::Success, 16 * S).is_some());
    for trial in trials {
        assert_eq!(scene.settle(trial, Vote::Failure, 16 * S), None);
    }
    assert_eq!(scene.breaker.counts(Tick(16 * S), Some(&scene.settings)).total(), 0);
}

#[test]
fn a_threshold_lowered_to_what_went_well_closes_with_the_next_attempt() {
    let mut scene = Scene::small().open(S);
    scene.settings.success_threshold = 5;
    scene.calls(Vote::Success, 2, 6 * S);
    scene.settings.success_threshold = 2;
    let admitted = scene.admit(6 * S).expect("not stuck");
    assert_eq!(
        admitted.transition(),
        Some(Change { from: BreakerState::HalfOpen, to: BreakerState::Closed })
    );
    assert!(!admitted.is_trial());
}

#[test]
fn a_trial_that_does_not_end_in_time_loses_its_place_and_its_vote() {
    let timeout = Some(Duration::from_secs(1));
    for (timeout, hold) in [(timeout, 1_100 * MS), (None, 60 * S)] {
        for vote in [Vote::Success, Vote::SlowSuccess, Vote::Failure, Vote::SlowFailure, Vote::None] {
            let scene = Scene::small().open(S);
            let admit = |now| Breaker::admit(&scene.breaker, Tick(now), &scene.settings, timeout);
            let [first, second] = [6 * S, 6 * S].map(|now| admit(now).expect("a trial"));
            assert!(admit(6 * S + hold - 1).is_err(), "both may still be under way");
            let later = 6 * S + hold;
            let next = admit(later).expect("their places are free");
            // Whatever they bring now, and however often.
            for late in [first, second, first] {
                assert_eq!(scene.settle(late, vote, later), None);
                assert_eq!(scene.breaker.state(), BreakerState::HalfOpen);
            }
            let last = admit(later).expect("the second place");
            assert!(admit(later).is_err(), "there are two places");
            assert_eq!(scene.settle(next, Vote::Success, later), None);
            assert!(scene.settle(last, Vote::Success, later).is_some(), "those count");
        }
    }
}

#[test]
fn a_late_result_does_not_vote_though_nobody_has_asked_for_its_place() {
    let scene = Scene::small().open(S);
    let trial = scene.admit(6 * S).expect("a trial");
    assert_eq!(scene.settle(trial, Vote::Failure, 66 * S), None);
    assert_eq!(scene.breaker.state(), BreakerState::HalfOpen);
    let trial = scene.admit(66 * S).expect("a trial");
    assert!(scene.settle(trial, Vote::Failure, 126 * S - 1).is_some(), "in time");
}
