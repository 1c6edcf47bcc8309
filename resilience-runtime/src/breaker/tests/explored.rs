//! The word of a breaker, the book of its trials, its rows and its patience, in every order.

use std::sync::Arc;
use std::time::Duration;

use loom::thread;

use super::super::evidence::patience::Patience;
use super::super::evidence::streak::Streak;
use super::super::evidence::vote::Counts;
use super::super::state::Word;
use super::super::{Admitted, Transition, Vote};
use super::{S, Scene};
use crate::breaker_state::BreakerState;
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::policy::{BreakerSettings, Ratio};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::explored::{Fault, Wrong, explore, finds};

/// One failure opens it, for five seconds.
fn touchy() -> BreakerSettings {
    settings!(BreakerSettings {
        quiet_failures: None,
        consecutive_failures: Some(1),
        half_open_calls: 2,
        success_threshold: 2,
        ..BreakerSettings::default()
    })
}

fn scene() -> Arc<Scene> {
    Arc::new(Scene::new(touchy()))
}

impl Scene {
    /// By a thread that shares its part, which takes the fewest steps.
    fn settles(&self, admitted: Admitted, vote: Vote, now: u64) -> Option<Transition> {
        self.breaker.settle_on(Slot::nth(usize::MAX), admitted, vote, Tick(now), &self.settings, || 0.5)
    }

    fn opened(self: Arc<Self>) -> Arc<Self> {
        let first = self.admit(S).expect("it is closed");
        self.settles(first, Vote::Failure, S).expect("it opens");
        self
    }
}

/// Runs both at once.
fn together<T: 'static, U>(
    scene: &Arc<Scene>,
    one: impl FnOnce(&Scene) -> T + 'static,
    other: impl FnOnce(&Scene) -> U,
) -> (T, U) {
    let thread = {
        let scene = Arc::clone(scene);
        thread::spawn(move || one(&scene))
    };
    let other = other(scene);
    (thread.join().expect("it ends well"), other)
}

fn two_that_fail_open_it_once() {
    let scene = scene();
    let [one, other] = [(); 2].map(|()| scene.admit(S).expect("it is closed"));
    let (told, too) = together(
        &scene,
        move |scene| scene.settles(one, Vote::Failure, S),
        |scene| scene.settles(other, Vote::Failure, S),
    );
    assert!(told.is_some() != too.is_some(), "{told:?} {too:?}");
    assert_eq!(scene.breaker.state(), BreakerState::Open);
}

fn whoever_sees_it_open_sees_its_break() {
    let scene = scene();
    let one = scene.admit(S).expect("it is closed");
    let (_, (refused, rest)) = together(
        &scene,
        move |scene| scene.settles(one, Vote::Failure, S),
        |scene| (scene.admit(S), scene.breaker.state().is_open().then(|| scene.breaker.retry_after(Tick(S)))),
    );
    let five = Some(Duration::from_secs(5));
    assert!(rest.is_none_or(|rest| rest == five), "{rest:?}");
    match refused {
        Ok(admitted) => assert!(!admitted.is_trial(), "the break has only begun"),
        Err(refused) => assert_eq!(refused.retry_after, five),
    }
}

/// Two ask for trials, one after the other twice, where there are two.
fn no_more_trials_than_may() {
    let scene = scene().opened();
    let trials = |scene: &Scene| [(); 2].map(|()| scene.admit(7 * S).ok()).into_iter().flatten().count();
    let (one, other) = together(&scene, trials, trials);
    assert_eq!(one + other, 2);
}

/// A trial of one break ends late, while another one fails and the trials after the next break begin.
fn a_late_trial_gives_no_place_of_the_next_ones_back() {
    let scene = scene().opened();
    let [late, failing] = [(); 2].map(|()| scene.admit(7 * S).expect("a trial"));
    let (_, begun) = together(
        &scene,
        move |scene| scene.settles(late, Vote::None, 7 * S),
        |scene| {
            scene.settles(failing, Vote::Failure, 7 * S).expect("it opens again");
            [(); 3].map(|()| scene.admit(60 * S).ok()).into_iter().flatten().count()
        },
    );
    assert_eq!(begun, 2);
}

/// Both trials go well at once, and another attempt asks.
fn two_trials_that_go_well_close_it_once() {
    let scene = scene().opened();
    let [one, other] = [(); 2].map(|()| scene.admit(7 * S).expect("a trial"));
    let (told, too) = together(
        &scene,
        move |scene| scene.settles(one, Vote::Success, 7 * S),
        |scene| scene.settles(other, Vote::Success, 7 * S),
    );
    assert!(told.is_some() != too.is_some(), "{told:?} {too:?}");
    assert_eq!(scene.breaker.state(), BreakerState::Closed);
}

/// An attempt of the time before fails while an operator resets.
fn what_is_told_of_is_a_chain() {
    let scene = scene();
    let one = scene.admit(S).expect("it is closed");
    let (told, reset) = together(
        &scene,
        move |scene| scene.settles(one, Vote::Failure, S),
        |scene| scene.breaker.reset(Tick(S)),
    );
    let state = scene.breaker.state();
    match (told, reset) {
        (Some(_), None) => assert_eq!(state, BreakerState::Open),
        (Some(_), Some(_)) | (None, None) => assert_eq!(state, BreakerState::Closed),
        (None, Some(reset)) => panic!("{reset:?}, and nobody has told of what was before"),
    }
}

fn rows_lose_no_failure() {
    let streak = Arc::new(Streak::default());
    let other = {
        let streak = Arc::clone(&streak);
        thread::spawn(move || streak.fail(7))
    };
    let rows = [streak.fail(7), other.join().expect("it ends well")];
    assert!(rows == [1, 2] || rows == [2, 1], "{rows:?}");
}

/// Two threads fail often enough together. Each counts in a part of its own.
fn one_of_those_who_fail_together_sees_the_threshold() {
    struct Both(Patience, [AtomicU64; 2]);
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
            both.0.try_with(1, &settings, || Counts([0, 0, sum(), 0]))
        })
    };
    let both = Arc::new(Both(Patience::default(), [AtomicU64::new(0), AtomicU64::new(0)]));
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
    explore(rows_lose_no_failure);
    explore(one_of_those_who_fail_together_sees_the_threshold);
}

const MACHINE: &str = "breaker/machine.rs";
const SETTLEMENT: &str = "breaker/settlement.rs";
const PATIENCE: &str = "breaker/evidence/patience.rs";

#[test]
fn loom_finds_an_end_of_the_break_that_is_not_ordered_with_the_word() {
    finds(&Fault::weak(MACHINE, &["self.word.store("]), whoever_sees_it_open_sees_its_break);
    finds(
        &Fault::weak("breaker/readings.rs", &["        self.word().state()"]),
        whoever_sees_it_open_sees_its_break,
    );
}

#[test]
fn loom_finds_a_lock_that_is_taken_without_a_second_look() {
    let (closed, open) = (Word::FIRST, Word::FIRST.next(BreakerState::Open));
    let blind = |file, text, word: Word| [Fault::new(Wrong::Blind(word.0), file, text)];
    finds(&blind(SETTLEMENT, "if self.word() != seen {", closed), two_that_fail_open_it_once);
    finds(
        &blind("breaker/admission.rs", "let transition = match self.word().state() {", open),
        no_more_trials_than_may,
    );
}

#[test]
fn loom_finds_a_book_of_trials_without_its_lock() {
    let fault = Fault::weak(MACHINE, &["self.control.lock()"]);
    finds(&fault, no_more_trials_than_may);
}

#[test]
fn loom_finds_a_row_that_is_counted_in_two_steps() {
    let fault = [Fault::new(Wrong::Torn, "breaker/evidence/streak.rs", "let before = self.0.fetch_update(")];
    finds(&fault, rows_lose_no_failure);
}

#[test]
fn loom_finds_patience_that_misses_what_another_thread_has_counted() {
    for wrong in [Wrong::Weak, Wrong::Torn, Wrong::Careless] {
        finds(
            &[Fault::new(wrong, PATIENCE, "self.0.compare_exchange_weak(seen, next")],
            one_of_those_who_fail_together_sees_the_threshold,
        );
    }
}
