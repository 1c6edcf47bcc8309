//! Simulated days of light traffic: a dead service opens the breaker soon, and occasional failures hardly ever do.

use resilience_settings::policy::BreakerSettings;

use super::super::{CastVote, Origin};
use super::{Fixture, S};
use crate::breaker::Vote;
use crate::breaker_state::BreakerState;
use crate::clock::Tick;
use crate::counting::shard::Slot;

/// Splitmix, so that each run simulates the same days.
struct Chance(u64);

impl Chance {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a fraction has")]
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The time to the next of events that come with this mean rate.
    fn gap(&mut self, per_second: f64) -> f64 {
        -(1.0 - self.unit()).ln() / per_second
    }
}

/// Independent calls of three attempts, with full jitter from 200 ms.
struct Traffic {
    per_second: f64,
    days: f64,
    /// How long an attempt takes.
    latency: f64,
    /// The share of attempts that fail, each by itself.
    failing: f64,
    /// The share of calls of which every attempt fails.
    poison: f64,
}

const DAY: f64 = 86_400.0;
const CALM: Traffic = Traffic { per_second: 0.1, days: 10.0, latency: 0.05, failing: 0.0, poison: 0.0 };

/// A result: when it came, of which call, whether of its first attempt, and whether it succeeded.
struct Event {
    at: f64,
    call: f64,
    is_first: bool,
    is_good: bool,
}

impl Traffic {
    fn events(&self) -> Vec<Event> {
        let (mut chance, mut events, mut call) = (Chance(1), Vec::new(), 0.0);
        loop {
            call += chance.gap(self.per_second);
            if call > self.days * DAY {
                break;
            }
            let (is_poison, mut at) = (chance.unit() < self.poison, call);
            for attempt in 0..3 {
                at += self.latency;
                let is_good = !is_poison && chance.unit() >= self.failing;
                events.push(Event { at, call, is_first: attempt == 0, is_good });
                if is_good {
                    break;
                }
                at += chance.unit() * 0.2 * f64::from(1 << attempt);
            }
        }
        events.sort_by(|one, other| one.at.total_cmp(&other.at));
        events
    }

    /// When the closed breaker opens, in seconds.
    fn openings(&self) -> Vec<f64> {
        let fixture = Fixture::new(BreakerSettings::default());
        let mut openings = Vec::new();
        for event in self.events() {
            let now = nanos(event.at);
            // Open, or half-open with its trials under way: it does not run.
            let Ok(admitted) = fixture.admit(now) else { continue };
            let vote = if event.is_good { Vote::Success } else { Vote::Failure };
            let origin = Origin { call: Tick(nanos(event.call)), is_first: event.is_first };
            let cast = CastVote { vote, origin, at: Tick(now) };
            let changed =
                fixture.breaker.settle_cast(Slot::current(), admitted, cast, &fixture.settings, || 0.5);
            if changed.is_some_and(|it| it.from == BreakerState::Closed && it.to == BreakerState::Open) {
                openings.push(event.at);
            }
        }
        openings
    }

    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    fn a_day(&self) -> f64 {
        self.openings().len() as f64 / self.days
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of some days")]
fn nanos(seconds: f64) -> u64 {
    (seconds * 1e9) as u64
}

#[test]
fn what_is_dead_opens_it_within_three_calls() {
    for per_second in [0.05, 0.1] {
        let dead = Traffic { per_second, days: 0.01, failing: 1.0, ..CALM };
        let opened = dead.openings()[0];
        let mut calls: Vec<f64> =
            dead.events().iter().filter(|it| it.at <= opened).map(|it| it.call).collect();
        calls.sort_by(f64::total_cmp);
        calls.dedup();
        assert_eq!(calls.len(), 3, "{per_second}: {calls:?}");
    }
}

#[test]
fn what_hangs_for_ten_seconds_opens_it_too() {
    let hanging = Traffic { days: 0.01, latency: 10.0, failing: 1.0, ..CALM };
    let opened = hanging.openings()[0];
    assert!(opened < 60.0, "{opened}");
}

#[test]
fn a_tenth_of_failures_opens_it_at_most_once_a_day() {
    for (per_second, days) in [(0.1, 5.0), (0.5, 3.0), (1.0, 2.0), (2.0, 1.0)] {
        let often = Traffic { per_second, days, failing: 0.1, ..CALM }.a_day();
        assert!(often <= 1.0, "{per_second}: {often}");
    }
}

#[test]
fn a_twentieth_of_requests_that_can_never_succeed_opens_it_at_most_twice_a_day() {
    for (per_second, days) in [(0.1, 10.0), (0.5, 4.0)] {
        let often = Traffic { per_second, days, poison: 0.05, ..CALM }.a_day();
        assert!(often <= 2.0, "{per_second}: {often}");
    }
}

#[test]
fn successes_of_other_threads_and_of_long_ago_end_the_row() {
    for slots in [vec![Slot::current()], vec![Slot::nth(usize::MAX)]] {
        let fixture = Fixture::new(BreakerSettings::default());
        let mut call = 0;
        let mut result = |vote, at: u64, slot| {
            call += 1;
            let admitted = fixture.admit(at * S).expect("it is closed");
            let origin = Origin { call: Tick(call), is_first: true };
            let cast = CastVote { vote, origin, at: Tick(at * S) };
            fixture.breaker.settle_cast(slot, admitted, cast, &fixture.settings, || 0.5)
        };
        for round in 0..50 {
            // Seventeen seconds later, nothing counted is in the window any more, and the place of its slice is used
            // again.
            let start = round * 88;
            for slot in &slots {
                assert!(result(Vote::Success, start, *slot).is_none());
            }
            for failure in 1..5 {
                assert!(result(Vote::Failure, start + failure * 17, slots[0]).is_none(), "round {round}");
            }
        }
        assert!(result(Vote::Failure, 50 * 88, slots[0]).is_some(), "the fifth in a row");
    }
}
