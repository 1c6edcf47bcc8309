//! What a breaker promises while closed, open or forced, one scenario each.

use std::time::Duration;

use resilience_settings::policy::{BreakerSettings, Ratio};

use super::super::{Refused, StateChange, Vote};
use super::{Fixture, MS, S, after};
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

#[test]
fn a_breaker_opens_at_the_failure_rate_and_not_before_enough_calls() {
    for fixture in [Fixture::small(), Fixture::counting(100)] {
        fixture.calls(Vote::Failure, 3, S);
        assert_eq!(fixture.breaker.state(), BreakerState::Closed);
        let opened = fixture.call(Vote::Failure, S);
        assert_eq!(
            opened.map(|opened| StateChange { from: opened.from, to: opened.to }),
            Some(StateChange { from: BreakerState::Closed, to: BreakerState::Open })
        );
    }
}

#[test]
fn the_rate_is_reached_when_it_is_equal() {
    let fixture = Fixture::new(settings!(BreakerSettings {
        failure_rate: Ratio::saturating(0.1),
        min_calls: 30,
        ..BreakerSettings::default()
    }));
    fixture.calls(Vote::Success, 27, S);
    fixture.calls(Vote::Failure, 2, S);
    assert_eq!(fixture.breaker.state(), BreakerState::Closed);
    assert!(fixture.call(Vote::Failure, S).is_some(), "3 of 30 is a tenth");
}

#[test]
fn an_open_breaker_rejects_until_the_break_ends() {
    let fixture = Fixture::small().open(S);
    assert_eq!(fixture.admit(S).map(drop), after(5_000));
    assert_eq!(fixture.admit(6 * S - MS).map(drop), after(1));
    assert_eq!(fixture.breaker.retry_after(Tick(2 * S)), Some(Duration::from_secs(4)));
    assert!(fixture.breaker.would_reject_at(Tick(6 * S - 1)));
    assert!(!fixture.breaker.would_reject_at(Tick(6 * S)));

    let trial = fixture.admit(6 * S).expect("the break is over");
    assert!(trial.is_trial());
    let half_open = StateChange { from: BreakerState::Open, to: BreakerState::HalfOpen };
    assert_eq!(trial.transition(), Some(half_open));
    assert_eq!(fixture.breaker.retry_after(Tick(6 * S)), None);
}

#[test]
fn successes_alone_never_open_it() {
    for fixture in [Fixture::small(), Fixture::counting(10)] {
        fixture.calls(Vote::Failure, 3, S);
        for _ in 0..100 {
            assert_eq!(fixture.call(Vote::Success, S), None);
        }
    }
}

#[test]
fn failures_that_left_the_window_do_not_count() {
    let fixture = Fixture::small();
    fixture.calls(Vote::Failure, 3, S);
    assert_eq!(fixture.call(Vote::Failure, 13 * S), None);
    let fixture = Fixture::counting(10);
    fixture.calls(Vote::Failure, 3, S);
    fixture.calls(Vote::Success, 10, S);
    fixture.calls(Vote::Failure, 4, S);
    assert_eq!(fixture.breaker.state(), BreakerState::Closed, "4 of the last 10");
    assert!(fixture.call(Vote::Failure, S).is_some(), "5 of the last 10");
}

#[test]
fn slow_results_open_it_only_when_asked_to_look_at_them() {
    let mut fixture = Fixture::small();
    fixture.calls(Vote::SlowSuccess, 20, S);
    assert_eq!(fixture.breaker.state(), BreakerState::Closed);
    fixture.settings.slow_call = Some(Duration::from_secs(1));
    fixture.calls(Vote::Success, 5, 20 * S);
    fixture.calls(Vote::SlowSuccess, 19, 20 * S);
    assert_eq!(fixture.breaker.state(), BreakerState::Closed, "19 of 24 are below 0.8");
    assert!(fixture.call(Vote::SlowSuccess, 20 * S).is_some());
}

#[test]
fn failures_in_a_row_open_it_whatever_the_rate() {
    let settings = settings!(BreakerSettings { consecutive_failures: Some(3), ..BreakerSettings::default() });
    let fixture = Fixture::new(settings);
    fixture.calls(Vote::Success, 1000, S);
    fixture.calls(Vote::Failure, 2, S);
    fixture.call(Vote::Success, S);
    fixture.calls(Vote::Failure, 2, S);
    fixture.call(Vote::SlowSuccess, S);
    fixture.calls(Vote::SlowFailure, 2, S);
    assert_eq!(fixture.breaker.state(), BreakerState::Closed);
    assert!(fixture.call(Vote::Failure, S).is_some());
}

#[test]
fn forced_states_stay_until_reset() {
    let fixture = Fixture::small();
    let early = fixture.admit(S).expect("closed");
    assert!(fixture.breaker.force_closed(Tick(S)).is_some());
    assert_eq!(fixture.breaker.force_closed(Tick(S)), None);
    fixture.calls(Vote::Failure, 100, S);
    assert_eq!(fixture.breaker.state(), BreakerState::ForcedClosed);
    assert_eq!(fixture.settle(early, Vote::Failure, S), None);

    assert!(fixture.breaker.force_open(Tick(S)).is_some());
    assert_eq!(fixture.admit(u64::MAX).map(drop), Err(Refused { retry_after: None }));
    assert!(fixture.breaker.would_reject_at(Tick::MAX));

    let reset = fixture.breaker.reset(Tick(S));
    assert_eq!(reset, Some(StateChange { from: BreakerState::ForcedOpen, to: BreakerState::Closed }.into()));
    fixture.calls(Vote::Failure, 3, S);
    assert_eq!(fixture.breaker.state(), BreakerState::Closed);
}

#[test]
fn reset_empties_the_window_of_a_closed_breaker_too() {
    for fixture in [Fixture::small(), Fixture::counting(10)] {
        fixture.calls(Vote::Failure, 3, S);
        let early = fixture.admit(S).expect("closed");
        assert_eq!(fixture.breaker.reset(Tick(S)), None);
        assert_eq!(fixture.settle(early, Vote::Failure, S), None);
        assert_eq!(fixture.call(Vote::Failure, S), None);
        assert_eq!(fixture.breaker.counts(Tick(S), Some(&fixture.settings)).failures(), 1);
    }
}

#[test]
fn reset_ends_a_break_and_its_doubling() {
    let fixture = Fixture::small().open(S);
    fixture.call(Vote::Failure, 6 * S);
    assert!(fixture.breaker.reset(Tick(S)).is_some());
    let fixture = fixture.open(6 * S);
    assert_eq!(fixture.admit(6 * S).map(drop), after(5_000));
}

#[test]
fn the_failure_rate_is_known_in_every_sort_of_window_and_without_a_breaker() {
    let rate = |fixture: &Fixture| fixture.breaker.failure_rate(Tick(S), Some(&fixture.settings));
    for fixture in [Fixture::small(), Fixture::counting(2)] {
        fixture.calls(Vote::Success, 3, S);
        assert_eq!(rate(&fixture), None, "too few to say");
        fixture.calls(Vote::Failure, 1, S);
        assert_eq!(rate(&fixture), Some(0.25));
    }
    let fixture = Fixture::small();
    for at in 0..20 {
        let vote = if at % 4 == 0 { Vote::SlowFailure } else { Vote::Success };
        assert_eq!(fixture.breaker.failure_rate(Tick(S), None), None);
        fixture.breaker.record(vote, Tick(S));
    }
    assert_eq!(fixture.breaker.failure_rate(Tick(S), None), Some(0.25));
    assert_eq!(fixture.breaker.failure_rate(Tick(20 * S), None), None);
}

#[test]
fn a_vote_of_nothing_is_no_vote() {
    let fixture = Fixture::small();
    fixture.calls(Vote::None, 100, S);
    assert_eq!(fixture.breaker.counts(Tick(S), Some(&fixture.settings)).total(), 0);
}

#[test]
fn the_rest_of_the_break_is_told_while_nobody_is_let_in() {
    let fixture = Fixture::small();
    let rest = |fixture: &Fixture, now| fixture.breaker.remaining_while_open(Tick(now));
    assert_eq!(rest(&fixture, S), None, "closed");
    let fixture = fixture.open(S);
    for (now, expected) in [(0, Some(6 * S)), (S, Some(5 * S)), (6 * S - 1, Some(1)), (6 * S, None)] {
        assert_eq!(rest(&fixture, now), expected, "at {now}");
    }
    let _trial = fixture.admit(6 * S).expect("a trial");
    assert_eq!(rest(&fixture, S), None, "half open, whatever the time");
    fixture.breaker.force_open(Tick(S));
    assert_eq!(rest(&fixture, 100 * S), Some(u64::MAX), "an operator alone ends that");
    fixture.breaker.force_closed(Tick(S));
    assert_eq!(rest(&fixture, S), None, "forced closed");
}
