//! Tests: "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015), reproduced with our delays: clients contend for one
//! versioned row: they read it, write it back, and try again on a conflict.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::policy::{Backoff, Ratio, Strategy};

use super::delay;

const RUNS: u32 = 100;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Read,
    Write { version: u64 },
    Answer { written: bool },
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// One hop through the network: |Normal(10 ms, 2 ms)|, in nanoseconds (Box and Muller).
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few milliseconds")]
fn hop(chance: &mut SmallRng) -> u64 {
    let (radius, angle): (f64, f64) = (1.0 - chance.random::<f64>(), chance.random());
    let normal = (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos();
    ((10.0 + 2.0 * normal).abs() * 1e6) as u64
}

/// Runs until every client has written once; returns the number of writes tried, and the time taken in seconds.
fn contend(backoff: &Backoff, clients: usize, seed: u64) -> (f64, f64) {
    let mut chance = SmallRng::seed_from_u64(seed);
    let mut failed = vec![(0_u32, backoff.base_delay); clients];
    let mut queue = BinaryHeap::new();
    for client in 0..clients {
        queue.push(Reverse((hop(&mut chance), client, Event::Read)));
    }
    let (mut version, mut writes, mut end) = (0, 0_u32, 0);
    while let Some(Reverse((now, client, event))) = queue.pop() {
        let (wait, next) = match event {
            // The read's answer, and the write's request.
            Event::Read => (hop(&mut chance) + hop(&mut chance), Event::Write { version }),
            Event::Write { version: read } => {
                writes += 1;
                let written = read == version;
                version += u64::from(written);
                (hop(&mut chance), Event::Answer { written })
            }
            Event::Answer { written: true } => {
                end = now;
                continue;
            }
            Event::Answer { written: false } => {
                let (attempt, previous) = &mut failed[client];
                *attempt += 1;
                *previous = delay(backoff, *attempt, *previous, 1.0, chance.random());
                (nanos(*previous) + hop(&mut chance), Event::Read)
            }
        };
        queue.push(Reverse((now + wait, client, next)));
    }
    (f64::from(writes), Duration::from_nanos(end).as_secs_f64())
}

/// The means over the runs.
fn mean(strategy: Strategy, jitter: Option<f64>, base: u64, clients: usize) -> (f64, f64) {
    let mut backoff = Backoff::new(strategy, Duration::from_millis(base), Duration::from_secs(2));
    backoff.jitter = jitter.map(Ratio::saturating);
    let (mut calls, mut time) = (0.0, 0.0);
    for seed in 0..u64::from(RUNS) {
        let (writes, end) = contend(&backoff, clients, seed);
        calls += writes / f64::from(RUNS);
        time += end / f64::from(RUNS);
    }
    (calls, time)
}

#[test]
fn jitter_more_than_halves_the_calls_of_a_hundred_contending_clients() {
    let none = mean(Strategy::Fixed, None, 0, 100);
    let exponential = mean(Strategy::Exponential, None, 5, 100);
    let decorrelated = mean(Strategy::DecorrelatedJitter, None, 5, 100);
    let full = mean(Strategy::ExponentialJitter, None, 5, 100);
    let equal = mean(Strategy::ExponentialJitter, Some(0.5), 5, 100);
    let all = format!("{none:?} {exponential:?} {decorrelated:?} {full:?} {equal:?}");

    assert!(full.0 < exponential.0 / 2.0, "{all}");
    assert!(none.0 > exponential.0 && exponential.0 > decorrelated.0, "{all}");
    assert!(decorrelated.0 > full.0 && decorrelated.0 > equal.0, "{all}");
    assert!((full.0 / equal.0 - 1.0).abs() < 0.15, "{all}");

    assert!(exponential.1 > equal.1 && equal.1 > full.1, "{all}");
    assert!(full.1 >= 0.9 * decorrelated.1, "{all}");
}

#[test]
fn the_lead_of_jitter_grows_with_the_number_of_clients() {
    let lead = |clients| {
        mean(Strategy::Exponential, None, 5, clients).0
            / mean(Strategy::ExponentialJitter, None, 5, clients).0
    };
    let (few, many) = (lead(10), lead(190));
    assert!(few > 0.9 && many > few * 1.3, "{few} {many}");
}
