//! Loom models of the breaker: its state word, its trials, its streaks and its evaluations under every interleaving.

use std::sync::Arc;
use std::time::Duration;

use resilience_settings::policy::{BreakerSettings, Ratio};

use loom::thread;

use super::super::evidence::next_evaluation::NextEvaluation;
use super::super::evidence::streak::Streak;
use super::super::evidence::vote::Counts;
use super::super::state_word::StateWord;
use super::super::{Admitted, Transition, Vote};
use super::{Fixture, S};
use crate::breaker_state::BreakerState;
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::explored::{Fault, Wrong, explore, finds};

/// One failure opens it, for five seconds.
fn opens_at_once() -> BreakerSettings {
    settings!(BreakerSettings {
        quiet_failures: None,
        consecutive_failures: Some(1),
        half_open_calls: 2,
        success_threshold: 2,
        ..BreakerSettings::default()
    })
}

fn fixture() -> Arc<Fixture> {
    Arc::new(Fixture::new(opens_at_once()))
}

impl Fixture {
    /// Settled by a thread that shares its counters, which takes the fewest steps.
    fn settles(&self, admitted: Admitted, vote: Vote, now: u64) -> Option<Transition> {
        self.breaker.settle_on(Slot::nth(usize::MAX), admitted, vote, Tick(now), &self.settings, || 0.5)
    }

    fn opened(self: Arc<Self>) -> Arc<Self> {
        let first = self.admit(S).expect("it is closed");
        self.settles(first, Vote::Failure, S).expect("it opens");
        self
    }
}

/// Runs both closures at the same time.
fn together<T: 'static, U>(
    fixture: &Arc<Fixture>,
    one: impl FnOnce(&Fixture) -> T + 'static,
    other: impl FnOnce(&Fixture) -> U,
) -> (T, U) {
    let thread = {
        let fixture = Arc::clone(fixture);
        thread::spawn(move || one(&fixture))
    };
    let other = other(fixture);
    (thread.join().expect("it ends well"), other)
}

fn two_that_fail_open_it_once() {
    let fixture = fixture();
    let [one, other] = [(); 2].map(|()| fixture.admit(S).expect("it is closed"));
    let (told, too) = together(
        &fixture,
        move |fixture| fixture.settles(one, Vote::Failure, S),
        |fixture| fixture.settles(other, Vote::Failure, S),
    );
    assert!(told.is_some() != too.is_some(), "{told:?} {too:?}");
    assert_eq!(fixture.breaker.state(), BreakerState::Open);
}

fn whoever_sees_it_open_sees_its_break() {
    let fixture = fixture();
    let one = fixture.admit(S).expect("it is closed");
    let (_, (refused, rest)) = together(
        &fixture,
        move |fixture| fixture.settles(one, Vote::Failure, S),
        |fixture| {
            (
                fixture.admit(S),
                fixture.breaker.state().is_open().then(|| fixture.breaker.retry_after(Tick(S))),
            )
        },
    );
    let five = Some(Duration::from_secs(5));
    assert!(rest.is_none_or(|rest| rest == five), "{rest:?}");
    match refused {
        Ok(admitted) => assert!(!admitted.is_trial(), "the break has only begun"),
        Err(refused) => assert_eq!(refused.retry_after, five),
    }
}

/// Two threads ask for two trials each, where two are allowed.
fn no_more_trials_than_may() {
    let fixture = fixture().opened();
    let trials =
        |fixture: &Fixture| [(); 2].map(|()| fixture.admit(7 * S).ok()).into_iter().flatten().count();
    let (one, other) = together(&fixture, trials, trials);
    assert_eq!(one + other, 2);
}

/// A trial of one break ends late, while another one fails and the trials after the next break begin.
fn a_late_trial_gives_no_place_of_the_next_ones_back() {
    let fixture = fixture().opened();
    let [late, failing] = [(); 2].map(|()| fixture.admit(7 * S).expect("a trial"));
    let (_, begun) = together(
        &fixture,
        move |fixture| fixture.settles(late, Vote::None, 7 * S),
        |fixture| {
            fixture.settles(failing, Vote::Failure, 7 * S).expect("it opens again");
            [(); 3].map(|()| fixture.admit(60 * S).ok()).into_iter().flatten().count()
        },
    );
    assert_eq!(begun, 2);
}

/// Both trials succeed at the same time.
fn two_trials_that_go_well_close_it_once() {
    let fixture = fixture().opened();
    let [one, other] = [(); 2].map(|()| fixture.admit(7 * S).expect("a trial"));
    let (told, too) = together(
        &fixture,
        move |fixture| fixture.settles(one, Vote::Success, 7 * S),
        |fixture| fixture.settles(other, Vote::Success, 7 * S),
    );
    assert!(told.is_some() != too.is_some(), "{told:?} {too:?}");
    assert_eq!(fixture.breaker.state(), BreakerState::Closed);
}

/// An attempt of the closed state fails while an operator resets.
fn what_is_told_of_is_a_chain() {
    let fixture = fixture();
    let one = fixture.admit(S).expect("it is closed");
    let (told, reset) = together(
        &fixture,
        move |fixture| fixture.settles(one, Vote::Failure, S),
        |fixture| fixture.breaker.reset(Tick(S)),
    );
    let state = fixture.breaker.state();
    match (told, reset) {
        (Some(_), None) => assert_eq!(state, BreakerState::Open),
        (Some(_), Some(_)) | (None, None) => assert_eq!(state, BreakerState::Closed),
        (None, Some(reset)) => panic!("{reset:?}, and nobody has told of what was before"),
    }
}

fn streaks_lose_no_failure() {
    let streak = Arc::new(Streak::default());
    let other = {
        let streak = Arc::clone(&streak);
        thread::spawn(move || streak.fail(7))
    };
    let counts = [streak.fail(7), other.join().expect("it ends well")];
    assert!(counts == [1, 2] || counts == [2, 1], "{counts:?}");
}

/// Two threads together fail often enough. Each counts in counters of its own.
fn one_of_those_who_fail_together_sees_the_threshold() {
    struct Both(NextEvaluation, [AtomicU64; 2]);
    let fail = |both: &Both, own: usize| {
        let settings = settings!(BreakerSettings {
            failure_rate: Ratio::saturating(0.5),
            min_calls: 4,
            ..BreakerSettings::default()
        });
        (0..2).any(|_| {
            let failures = both.1[own].load(Ordering::Relaxed);
            both.1[own].store(failures + 1, Ordering::Relaxed);
            let sum = || both.1.iter().map(|part| part.load(Ordering::Relaxed)).sum();
            both.0.evaluate_if_due(1, &settings, || Counts([0, 0, sum(), 0]))
        })
    };
    let both = Arc::new(Both(NextEvaluation::default(), [AtomicU64::new(0), AtomicU64::new(0)]));
    let other = {
        let both = Arc::clone(&both);
        thread::spawn(move || fail(&both, 1))
    };
    let seen = fail(&both, 0) | other.join().expect("it ends well");
    assert!(seen, "4 of 4, and nobody looked at the end");
}

#[test]
fn loom_a_breaker_opens_once_and_with_its_break() {
    explore(two_that_fail_open_it_once);
    explore(whoever_sees_it_open_sees_its_break);
    explore(what_is_told_of_is_a_chain);
}

#[test]
fn loom_trials_are_as_many_as_may_be_and_those_of_one_break_count_for_it_alone() {
    explore(no_more_trials_than_may);
    explore(a_late_trial_gives_no_place_of_the_next_ones_back);
    explore(two_trials_that_go_well_close_it_once);
}

#[test]
fn loom_threads_that_fail_together_lose_no_failure() {
    explore(streaks_lose_no_failure);
    explore(one_of_those_who_fail_together_sees_the_threshold);
}

const BREAKER: &str = "breaker/breaker.rs";
const SETTLEMENT: &str = "breaker/settlement.rs";
const NEXT_EVALUATION: &str = "breaker/evidence/next_evaluation.rs";

#[test]
fn loom_finds_an_end_of_the_break_that_is_not_ordered_with_the_word() {
    finds(&Fault::weak(BREAKER, &["self.word.store("]), whoever_sees_it_open_sees_its_break);
    finds(
        &Fault::weak("breaker/readings.rs", &["        self.word().state()"]),
        whoever_sees_it_open_sees_its_break,
    );
}

#[test]
fn loom_finds_a_lock_that_is_taken_without_a_second_look() {
    let (closed, open) = (StateWord::FIRST, StateWord::FIRST.next(BreakerState::Open));
    let blind = |file, text, word: StateWord| [Fault::new(Wrong::Blind(word.0), file, text)];
    finds(&blind(SETTLEMENT, "if self.word() != seen {", closed), two_that_fail_open_it_once);
    finds(
        &blind("breaker/admission.rs", "let transition = match self.word().state() {", open),
        no_more_trials_than_may,
    );
}

#[test]
fn loom_finds_trials_without_their_lock() {
    let fault = Fault::weak(BREAKER, &["lock(&self.locked)"]);
    finds(&fault, no_more_trials_than_may);
}

#[test]
fn loom_finds_a_streak_that_is_counted_in_two_steps() {
    let fault = [Fault::new(Wrong::Torn, "breaker/evidence/streak.rs", "let before = self.0.fetch_update(")];
    finds(&fault, streaks_lose_no_failure);
}

#[test]
fn loom_finds_an_evaluation_that_misses_what_another_thread_has_counted() {
    for wrong in [Wrong::Weak, Wrong::Torn, Wrong::Careless] {
        finds(
            &[Fault::new(wrong, NEXT_EVALUATION, "self.0.compare_exchange_weak(seen, next")],
            one_of_those_who_fail_together_sees_the_threshold,
        );
    }
}
