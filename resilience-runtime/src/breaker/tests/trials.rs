//! What a half-open breaker promises, one scenario each.

use std::time::Duration;

use super::super::{Breaker, Refused, StateChange, Vote};
use super::{Fixture, MS, S, after};
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

#[test]
fn enough_good_trials_close_it_with_an_empty_window_and_short_breaks() {
    let fixture = Fixture::small().open(S);
    let trial = fixture.admit(6 * S).expect("first trial");
    assert!(fixture.settle(trial, Vote::Failure, 6 * S).is_some());
    assert_eq!(fixture.admit(6 * S).map(drop), after(10_000));
    assert_eq!(fixture.call(Vote::Success, 16 * S), None);
    let closed = fixture.call(Vote::SlowSuccess, 16 * S);
    assert_eq!(closed, Some(StateChange { from: BreakerState::HalfOpen, to: BreakerState::Closed }.into()));
    assert_eq!(fixture.breaker.counts(Tick(16 * S), Some(&fixture.settings)).total(), 0);
    fixture.calls(Vote::Failure, 3, 16 * S);
    assert_eq!(fixture.breaker.state(), BreakerState::Closed);
    fixture.calls(Vote::Failure, 1, 16 * S);
    assert_eq!(fixture.admit(16 * S).map(drop), after(5_000), "no longer doubled");
}

#[test]
fn failed_trials_double_the_break_up_to_the_longest() {
    let fixture = Fixture::small().open(S);
    let mut now = S;
    for millis in [5_000, 10_000, 20_000, 40_000, 57_000, 57_000] {
        assert_eq!(fixture.admit(now).map(drop), after(millis));
        now += millis * MS;
        assert!(fixture.call(Vote::Failure, now).is_some());
    }
}

#[test]
fn a_slow_trial_fails_when_slowness_is_looked_at() {
    let mut fixture = Fixture::small().open(S);
    fixture.settings.slow_call = Some(Duration::from_secs(1));
    assert!(fixture.call(Vote::SlowSuccess, 6 * S).is_some());
    assert_eq!(fixture.breaker.state(), BreakerState::Open);
}

#[test]
fn only_so_many_trials_run_at_once_and_none_that_could_not_matter() {
    let fixture = Fixture::small().open(S);
    let first = fixture.admit(6 * S).expect("first trial");
    let _second = fixture.admit(6 * S).expect("second trial");
    assert_eq!(fixture.admit(6 * S).map(drop), Err(Refused { retry_after: None }));
    assert_eq!(fixture.settle(first, Vote::Success, 6 * S), None);
    assert!(fixture.admit(6 * S).is_err(), "the trial under way decides");
}

#[test]
fn a_trial_without_a_vote_gives_its_slot_back() {
    let fixture = Fixture::small().open(S);
    for _ in 0..1_000 {
        let trials = [fixture.admit(6 * S), fixture.admit(6 * S)];
        assert!(fixture.admit(6 * S).is_err());
        for trial in trials {
            assert_eq!(fixture.settle(trial.expect("a free slot"), Vote::None, 6 * S), None);
        }
    }
    fixture.call(Vote::Success, 6 * S);
    assert!(fixture.call(Vote::Success, 6 * S).is_some(), "never stuck");
}

#[test]
fn results_of_an_earlier_state_do_not_vote_in_a_later_one() {
    let fixture = Fixture::small();
    let early = fixture.admit(S).expect("closed");
    let fixture = fixture.open(S);
    let stale = fixture.admit(6 * S).expect("trial of the first half-open state");
    assert_eq!(fixture.settle(early, Vote::Success, 6 * S), None);
    assert_eq!(fixture.settle(early, Vote::Failure, 6 * S), None);
    assert_eq!(fixture.breaker.state(), BreakerState::HalfOpen);

    let failed = fixture.admit(6 * S).expect("second trial");
    assert!(fixture.settle(failed, Vote::Failure, 6 * S).is_some());
    let trials = [fixture.admit(16 * S).expect("trial"), fixture.admit(16 * S).expect("trial")];
    for vote in [Vote::Success, Vote::Success, Vote::Failure, Vote::None, Vote::None, Vote::None] {
        assert_eq!(fixture.settle(stale, vote, 16 * S), None);
        assert_eq!(fixture.breaker.state(), BreakerState::HalfOpen);
        assert!(fixture.admit(16 * S).is_err(), "an old trial gives back no slot of the new ones");
    }
    assert_eq!(fixture.settle(trials[0], Vote::Success, 16 * S), None);
    assert!(fixture.settle(trials[1], Vote::Success, 16 * S).is_some());
    for trial in trials {
        assert_eq!(fixture.settle(trial, Vote::Failure, 16 * S), None);
    }
    assert_eq!(fixture.breaker.counts(Tick(16 * S), Some(&fixture.settings)).total(), 0);
}

#[test]
fn a_threshold_lowered_to_what_went_well_closes_with_the_next_attempt() {
    let mut fixture = Fixture::small().open(S);
    fixture.settings.success_threshold = 5;
    fixture.calls(Vote::Success, 2, 6 * S);
    fixture.settings.success_threshold = 2;
    let admitted = fixture.admit(6 * S).expect("not stuck");
    assert_eq!(
        admitted.transition(),
        Some(StateChange { from: BreakerState::HalfOpen, to: BreakerState::Closed })
    );
    assert!(!admitted.is_trial());
}

#[test]
fn a_trial_that_does_not_end_in_time_loses_its_place_and_its_vote() {
    let timeout = Some(Duration::from_secs(1));
    for (timeout, hold) in [(timeout, 1_100 * MS), (None, 60 * S)] {
        for vote in [Vote::Success, Vote::SlowSuccess, Vote::Failure, Vote::SlowFailure, Vote::None] {
            let fixture = Fixture::small().open(S);
            let admit = |now| Breaker::admit(&fixture.breaker, Tick(now), &fixture.settings, timeout);
            let [first, second] = [6 * S, 6 * S].map(|now| admit(now).expect("a trial"));
            assert!(admit(6 * S + hold - 1).is_err(), "both may still be under way");
            let later = 6 * S + hold;
            let next = admit(later).expect("their places are free");
            // Whatever their results are, and however often they are settled.
            for late in [first, second, first] {
                assert_eq!(fixture.settle(late, vote, later), None);
                assert_eq!(fixture.breaker.state(), BreakerState::HalfOpen);
            }
            let last = admit(later).expect("the second place");
            assert!(admit(later).is_err(), "there are two places");
            assert_eq!(fixture.settle(next, Vote::Success, later), None);
            assert!(fixture.settle(last, Vote::Success, later).is_some(), "those count");
        }
    }
}

#[test]
fn a_late_result_does_not_vote_though_nobody_has_asked_for_its_place() {
    let fixture = Fixture::small().open(S);
    let trial = fixture.admit(6 * S).expect("a trial");
    assert_eq!(fixture.settle(trial, Vote::Failure, 66 * S), None);
    assert_eq!(fixture.breaker.state(), BreakerState::HalfOpen);
    let trial = fixture.admit(66 * S).expect("a trial");
    assert!(fixture.settle(trial, Vote::Failure, 126 * S - 1).is_some(), "in time");
}
