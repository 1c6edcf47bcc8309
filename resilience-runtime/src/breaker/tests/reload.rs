//! Settings that change while the breaker is in use.

use std::time::Duration;

use resilience_settings::policy::{BreakerSettings, Ratio, Window};

use super::super::Vote;
use super::{Fixture, S, after};
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

impl Fixture {
    fn reload(&mut self, change: impl FnOnce(&mut BreakerSettings), now: u64) {
        let old = self.settings.clone();
        change(&mut self.settings);
        self.breaker.reshape(Some(&old), Some(&self.settings), Tick(now));
    }
}

#[test]
fn a_lower_threshold_applies_to_the_live_window() {
    let mut fixture =
        Fixture::new(settings!(BreakerSettings { min_calls: 100, ..BreakerSettings::default() }));
    fixture.calls(Vote::Success, 30, S);
    fixture.calls(Vote::Failure, 9, S);
    fixture.reload(
        |settings| {
            settings.min_calls = 40;
            settings.failure_rate = Ratio::saturating(0.25);
        },
        S,
    );
    assert!(fixture.call(Vote::Failure, S).is_some(), "10 of 40");
}

#[test]
fn a_reload_keeps_the_break_and_its_doubling() {
    let mut fixture = Fixture::small().open(S);
    fixture.call(Vote::Failure, 6 * S);
    fixture.reload(
        |settings| {
            settings.open_for = Duration::from_secs(1);
            settings.window = Window::Calls(10);
        },
        7 * S,
    );
    assert_eq!(fixture.admit(7 * S).map(drop), after(9_000));
    assert!(fixture.call(Vote::Failure, 16 * S).is_some());
    assert_eq!(fixture.admit(16 * S).map(drop), after(4_000), "1 s, doubled twice");
}

#[test]
fn trials_under_way_survive_a_reload() {
    let mut fixture = Fixture::small().open(S);
    let trials = [fixture.admit(6 * S).expect("trial"), fixture.admit(6 * S).expect("trial")];
    fixture.reload(|settings| settings.window = Window::Time(Duration::from_mins(1)), 6 * S);
    assert!(fixture.admit(6 * S).is_err());
    assert_eq!(fixture.settle(trials[0], Vote::Success, 6 * S), None);
    assert!(fixture.settle(trials[1], Vote::Success, 6 * S).is_some());
}

#[test]
fn every_change_of_window_starts_from_the_newest_counts() {
    let windows =
        [Window::Time(Duration::from_secs(10)), Window::Time(Duration::from_mins(1)), Window::Calls(20)];
    for from in windows {
        for to in windows {
            let mut fixture = Fixture::small();
            fixture.settings.window = from;
            fixture.settings.min_calls = 20;
            fixture.calls(Vote::Success, 9, S);
            fixture.calls(Vote::Failure, 9, S);
            fixture.reload(|settings| settings.window = to, S);
            let counts = fixture.breaker.counts(Tick(S), Some(&fixture.settings));
            assert_eq!((counts.total(), counts.failures()), (18, 9), "{from:?} to {to:?}");
            fixture.call(Vote::Success, S);
            assert!(fixture.call(Vote::Failure, S).is_some(), "10 of 20, {from:?} to {to:?}");
        }
    }
}

#[test]
fn a_smaller_ring_keeps_the_newest_results() {
    let mut fixture = Fixture::counting(100);
    fixture.calls(Vote::Success, 30, S);
    fixture.calls(Vote::Failure, 3, S);
    fixture.reload(|settings| settings.window = Window::Calls(8), S);
    let counts = fixture.breaker.counts(Tick(S), Some(&fixture.settings));
    assert_eq!((counts.total(), counts.failures()), (8, 3));
    assert!(fixture.call(Vote::Failure, S).is_some(), "4 of the last 8");
}

#[test]
fn there_and_back_counts_nothing_twice() {
    let mut fixture = Fixture::small();
    fixture.settings.min_calls = 100;
    fixture.calls(Vote::Failure, 10, S);
    for seconds in [60, 10, 60, 10] {
        fixture.reload(|settings| settings.window = Window::Time(Duration::from_secs(seconds)), S);
        let counts = fixture.breaker.counts(Tick(S), Some(&fixture.settings));
        assert_eq!(counts.failures(), 10, "{seconds} s");
    }
}

#[test]
fn failures_in_a_row_start_with_the_reload_that_looks_at_them() {
    let mut fixture = Fixture::small();
    fixture.settings.min_calls = 100;
    fixture.settings.consecutive_failures = Some(5);
    fixture.calls(Vote::Failure, 4, S);
    fixture.reload(|settings| settings.consecutive_failures = None, S);
    fixture.calls(Vote::Success, 50, S);
    fixture.reload(|settings| settings.consecutive_failures = Some(5), S);
    fixture.calls(Vote::Failure, 4, S);
    assert_eq!(fixture.breaker.state(), BreakerState::Closed);
    fixture.reload(|settings| settings.consecutive_failures = Some(6), S);
    fixture.calls(Vote::Failure, 2, S);
    assert_eq!(fixture.breaker.state(), BreakerState::Open, "another limit keeps the row");
}

#[test]
fn a_breaker_switched_on_knows_what_was_recorded_while_off() {
    let fixture = Fixture::new(settings!(BreakerSettings {
        window: Window::Time(Duration::from_mins(1)),
        ..BreakerSettings::default()
    }));
    for _ in 0..19 {
        fixture.breaker.record(Vote::Failure, Tick(S));
    }
    fixture.breaker.reshape(None, Some(&fixture.settings), Tick(S));
    assert!(fixture.call(Vote::Failure, S).is_some());
}
