//! One breaker used by many threads.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use resilience_settings::policy::BreakerSettings;

use super::super::Vote;
use super::{Fixture, S};
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

#[test]
fn trials_never_exceed_their_number_and_never_get_stuck() {
    let fixture = Fixture::new(settings!(BreakerSettings {
        half_open_calls: 3,
        success_threshold: 1_000_000,
        ..BreakerSettings::default()
    }))
    .open(S);
    let (under_way, most) = (AtomicU32::new(0), AtomicU32::new(0));
    let give_up = Instant::now() + Duration::from_mins(1);
    std::thread::scope(|scope| {
        for thread in 0..8_u64 {
            let (fixture, under_way, most) = (&fixture, &under_way, &most);
            scope.spawn(move || {
                // Each thread has to get this many trials, however often it is turned away in between.
                for round in 0..2_000_u64 {
                    let trial = loop {
                        if let Ok(trial) = fixture.admit(6 * S) {
                            break trial;
                        }
                        assert!(Instant::now() < give_up, "no trial for thread {thread} in round {round}");
                        std::thread::yield_now();
                    };
                    assert!(trial.is_trial());
                    most.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    if round % 16 == thread {
                        std::thread::yield_now();
                    }
                    // Counted as ended before it settles: afterwards another thread may already hold its permit.
                    under_way.fetch_sub(1, Ordering::SeqCst);
                    let vote = if (round + thread) % 3 == 0 { Vote::Success } else { Vote::None };
                    fixture.settle(trial, vote, 6 * S);
                }
            });
        }
    });
    assert!(most.load(Ordering::SeqCst) <= 3);
    for _ in 0..3 {
        assert!(fixture.admit(6 * S).is_ok(), "all slots are free again");
    }
    assert!(fixture.admit(6 * S).is_err());
}

#[test]
fn threads_that_fail_together_open_it_once_and_in_time() {
    for round in 0..200 {
        let fixture =
            Fixture::new(settings!(BreakerSettings { min_calls: 40, ..BreakerSettings::default() }));
        let (opened, settled) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        let Ok(admitted) = fixture.admit(S + round) else {
                            break;
                        };
                        settled.fetch_add(1, Ordering::SeqCst);
                        let told = fixture.settle(admitted, Vote::Failure, S + round);
                        opened.fetch_add(u32::from(told.is_some()), Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(opened.load(Ordering::SeqCst), 1);
        // 40 failures open it; each other thread may have one more under way.
        let settled = settled.load(Ordering::SeqCst);
        assert!((40..=43).contains(&settled), "{settled}");
    }
}

#[test]
fn everything_at_once_leaves_a_breaker_that_works() {
    let fixture = Fixture::new(settings!(BreakerSettings {
        min_calls: 4,
        consecutive_failures: Some(3),
        ..BreakerSettings::default()
    }));
    let now = AtomicU64::new(S);
    std::thread::scope(|scope| {
        for thread in 0..6_u32 {
            let (fixture, now) = (&fixture, &now);
            scope.spawn(move || {
                for round in 0..5_000_u32 {
                    let at = now.fetch_add(S / 500, Ordering::Relaxed);
                    match (thread, round % 97) {
                        (0, 0) => drop(fixture.breaker.force_open(Tick(at))),
                        (0, 30) => drop(fixture.breaker.force_closed(Tick(at))),
                        (0, 60) => drop(fixture.breaker.reset(Tick(at))),
                        (1, 50) => {
                            fixture.breaker.reshape(
                                Some(&fixture.settings),
                                Some(&fixture.settings),
                                Tick(at),
                            );
                        }
                        _ => {
                            if let Ok(admitted) = fixture.admit(at) {
                                let vote = [Vote::Failure, Vote::Success, Vote::None][(round % 3) as usize];
                                fixture.breaker.settle(admitted, vote, Tick(at), &fixture.settings, || 0.1);
                            }
                        }
                    }
                }
            });
        }
    });
    fixture.breaker.reset(Tick(now.load(Ordering::Relaxed)));
    let fixture = fixture.open(now.load(Ordering::Relaxed));
    let later = now.load(Ordering::Relaxed) + 60 * S;
    fixture.calls(Vote::Success, 2, later);
    assert_eq!(fixture.breaker.state(), BreakerState::Closed);
}

#[test]
fn nobody_sees_an_open_breaker_without_its_break() {
    for _ in 0..500 {
        let fixture = Fixture::small();
        let fixture = &fixture;
        std::thread::scope(|scope| {
            let reader = scope.spawn(move || {
                loop {
                    match fixture.admit(S) {
                        Ok(admitted) => assert!(!admitted.is_trial(), "the break has only begun"),
                        Err(refused) => return refused,
                    }
                }
            });
            fixture.calls(Vote::Failure, 4, S);
            let refused = reader.join().expect("the reader saw no trial");
            assert_eq!(refused.retry_after, Some(Duration::from_secs(5)));
        });
    }
}

#[test]
fn trials_that_fail_together_open_it_once() {
    for _ in 0..20 {
        let fixture = Fixture::small().open(S);
        let trials = [fixture.admit(6 * S).expect("trial"), fixture.admit(6 * S).expect("trial")];
        let (start, told) = (Barrier::new(3), AtomicU32::new(0));
        std::thread::scope(|scope| {
            // Held until both have seen the half-open state and wait for the lock.
            let held = fixture.breaker.locked();
            for trial in trials {
                let (fixture, start, told) = (&fixture, &start, &told);
                scope.spawn(move || {
                    start.wait();
                    let transition = fixture.settle(trial, Vote::Failure, 6 * S);
                    told.fetch_add(u32::from(transition.is_some()), Ordering::SeqCst);
                });
            }
            start.wait();
            std::thread::sleep(Duration::from_millis(5));
            drop(held);
        });
        assert_eq!(told.load(Ordering::SeqCst), 1);
        assert_eq!(fixture.breaker.retry_after(Tick(6 * S)), Some(Duration::from_secs(10)), "doubled once");
    }
}
