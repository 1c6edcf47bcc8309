//! Random scripts against a plain reference model, which keeps every result and adds them all up.

use std::time::Duration;

use resilience_settings::policy::{BreakerSettings, Ratio, Window};

use proptest::prelude::*;

use super::super::{Admitted, Vote};
use super::rig::Rig;
use crate::breaker_state::BreakerState;
use crate::breaker_state::totals::BreakerTotals;
use crate::clock::Tick;

#[derive(Clone, Debug)]
enum Step {
    Admit,
    Settle(prop::sample::Index, Vote),
    Pass(u64),
    ForceOpen,
    ForceClosed,
    Reset,
}

struct Model {
    settings: BreakerSettings,
    state: BreakerState,
    generation: u32,
    results: Vec<(u64, Vote)>,
    until: u64,
    reopens: u32,
    /// Trials that count: their number, and when their lifetime ends.
    trials: Vec<(usize, u64)>,
    admitted: usize,
    successes: u32,
}

impl Model {
    fn enter(&mut self, state: BreakerState) {
        self.state = state;
        self.generation += 1;
        self.results.clear();
        self.trials.clear();
        self.successes = 0;
    }

    fn open(&mut self, now: u64) {
        let doubled = self.settings.open_for.as_nanos() << self.reopens.min(60);
        let full = doubled.min(self.settings.max_open_for.as_nanos());
        let (low, high) = (full - full / 10, (full + full / 10).min(self.settings.max_open_for.as_nanos()));
        self.until = now + u64::try_from(u128::midpoint(low, high)).unwrap();
        self.enter(BreakerState::Open);
    }

    fn admit(&mut self, now: u64) -> bool {
        self.admitted += 1;
        if self.state == BreakerState::Open && now >= self.until {
            self.enter(BreakerState::HalfOpen);
        }
        match self.state {
            BreakerState::Closed | BreakerState::ForcedClosed => true,
            BreakerState::HalfOpen => {
                let useful = self.settings.success_threshold - self.successes;
                self.trials.retain(|(_, until)| now < *until);
                let free = self.trials.len() < self.settings.half_open_calls.min(useful) as usize;
                if free {
                    let hold = u64::try_from(self.settings.max_open_for.as_nanos()).unwrap();
                    self.trials.push((self.admitted, now + hold));
                }
                free
            }
            _ => false,
        }
    }

    fn settle(&mut self, generation: u32, number: usize, vote: Vote, now: u64) {
        if generation != self.generation {
            return;
        }
        let failed = matches!(vote, Vote::Failure | Vote::SlowFailure);
        let slow = matches!(vote, Vote::SlowSuccess | Vote::SlowFailure);
        match self.state {
            BreakerState::HalfOpen => {
                let Some(place) = self.trials.iter().position(|trial| trial.0 == number) else { return };
                let (_, until) = self.trials.swap_remove(place);
                if vote == Vote::None || now >= until {
                } else if failed || slow && self.settings.slow_call.is_some() {
                    self.reopens += 1;
                    self.open(now);
                } else {
                    self.successes += 1;
                    if self.successes == self.settings.success_threshold {
                        self.reopens = 0;
                        self.enter(BreakerState::Closed);
                    }
                }
            }
            BreakerState::Closed if vote != Vote::None => {
                self.results.push((now, vote));
                if (failed || slow) && self.is_reached(now, failed) {
                    self.reopens = 0;
                    self.open(now);
                }
            }
            _ => {}
        }
    }

    fn is_reached(&self, now: u64, failed: bool) -> bool {
        let is_failure = |vote: &Vote| matches!(vote, Vote::Failure | Vote::SlowFailure);
        let row = self.results.iter().rev().take_while(|(_, vote)| is_failure(vote)).count();
        if failed && self.settings.consecutive_failures.is_some_and(|limit| row >= limit as usize) {
            return true;
        }
        let window: Vec<Vote> = match self.settings.window {
            Window::Calls(size) => {
                self.results.iter().rev().take(size as usize).map(|(_, vote)| *vote).collect()
            }
            Window::Time(length) => {
                let slice = u64::try_from(length.as_nanos()).unwrap() / 10;
                let recent = self.results.iter().filter(|(at, _)| at / slice + 10 >= now / slice);
                recent.map(|(_, vote)| *vote).collect()
            }
            other => unreachable!("{other:?} is no window"),
        };
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let share = |part: usize| part as f64 / window.len() as f64;
        let failures = window.iter().filter(|vote| is_failure(vote)).count();
        let slow = window.iter().filter(|vote| matches!(vote, Vote::SlowSuccess | Vote::SlowFailure)).count();
        window.len() >= self.settings.min_calls as usize
            && (share(failures) >= self.settings.failure_rate.get()
                || self.settings.slow_call.is_some() && share(slow) >= self.settings.slow_rate.get())
    }
}

fn settings() -> impl Strategy<Value = BreakerSettings> {
    let window = prop_oneof![
        (100..3_000_u64).prop_map(|millis| Window::Time(Duration::from_millis(millis))),
        (1..30_u32).prop_map(Window::Calls),
    ];
    let rates = (1..=10_u32, 1..=10_u32, any::<bool>(), prop::option::of(2..8_u32));
    (window, 1..20_u32, rates, 1..=4_u32, 1..=4_u32).prop_map(
        |(
            window,
            min_calls,
            (failure, slow, look_at_slow, consecutive_failures),
            half_open_calls,
            threshold,
        )| {
            settings!(BreakerSettings {
                failure_rate: Ratio::saturating(f64::from(failure) / 10.0),
                min_calls,
                quiet_failures: None,
                window,
                slow_call: look_at_slow.then_some(Duration::from_secs(1)),
                slow_rate: Ratio::saturating(f64::from(slow) / 10.0),
                consecutive_failures,
                open_for: Duration::from_millis(500),
                max_open_for: Duration::from_secs(3),
                half_open_calls,
                success_threshold: threshold,
            })
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let vote = prop_oneof![
        6 => Just(Vote::Success), 5 => Just(Vote::Failure), 1 => Just(Vote::SlowFailure),
        2 => Just(Vote::SlowSuccess), 1 => Just(Vote::None),
    ];
    prop_oneof![
        40 => Just(Step::Admit),
        40 => (any::<prop::sample::Index>(), vote).prop_map(|(which, vote)| Step::Settle(which, vote)),
        15 => (0..200_u64).prop_map(Step::Pass),
        3 => (0..5_000_u64).prop_map(Step::Pass),
        1 => prop_oneof![Just(Step::ForceOpen), Just(Step::ForceClosed)],
        1 => Just(Step::Reset),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_breaker_does_what_the_plain_one_does(settings in settings(), steps in prop::collection::vec(step(), 1..400)) {
        let breaker = Rig::default();
        let mut model = Model {
            settings: settings.clone(), state: BreakerState::Closed, generation: 0, results: Vec::new(),
            until: 0, reopens: 0, trials: Vec::new(), admitted: 0, successes: 0,
        };
        let mut now = 0;
        let mut totals = BreakerTotals::default();
        let mut under_way: Vec<(Admitted, u32, usize)> = Vec::new();
        for step in steps {
            let before = model.state;
            let mut told = None;
            match step {
                Step::Admit => {
                    let admitted = breaker.admit(Tick(now), &settings);
                    prop_assert_eq!(admitted.is_ok(), model.admit(now));
                    if let Ok(admitted) = admitted {
                        told = admitted.transition().map(Into::into);
                        under_way.push((admitted, model.generation, model.admitted));
                    }
                }
                Step::Settle(_, _) if under_way.is_empty() => {}
                Step::Settle(which, vote) => {
                    let (admitted, generation, number) = under_way.swap_remove(which.index(under_way.len()));
                    told = breaker.settle(admitted, vote, Tick(now), &settings, || 0.5);
                    model.settle(generation, number, vote, now);
                }
                Step::Pass(millis) => {
                    now += millis * 1_000_000;
                    totals.spend(model.state, millis * 1_000_000);
                }
                Step::ForceOpen | Step::ForceClosed | Step::Reset => {
                    let (target, transition) = match step {
                        Step::ForceOpen => (BreakerState::ForcedOpen, breaker.force_open(Tick(now))),
                        Step::ForceClosed => (BreakerState::ForcedClosed, breaker.force_closed(Tick(now))),
                        _ => (BreakerState::Closed, breaker.reset(Tick(now))),
                    };
                    told = transition;
                    if target == BreakerState::Closed || target != model.state {
                        model.enter(target);
                        model.reopens = 0;
                    }
                }
            }
            prop_assert_eq!(breaker.state(), model.state);
            if before != model.state {
                totals.count(before, model.state);
            }
            let mut read = BreakerTotals::default();
            breaker.add_totals(&mut read, Tick(now));
            prop_assert_eq!(read, totals);
            prop_assert_eq!(told.map(|told| (told.from, told.to)), (before != model.state).then_some((before, model.state)));
        }
    }
}
