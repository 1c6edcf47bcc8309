//! Who starts when.

use std::sync::Mutex;
use std::time::Duration;

use super::super::RateLimit;
use super::{MS, S, ask, drain, of};
use crate::clock::Tick;
use crate::policy::{RateSettings, Tokens};

#[test]
fn after_the_burst_attempts_start_evenly_spread() {
    let (limit, settings) = (RateLimit::default(), of(10.0, 3, 0));
    assert_eq!(drain(&limit, &settings, S), 3);
    assert_eq!(ask(&limit, &settings, S), Err(100 * MS));
    assert_eq!(ask(&limit, &settings, S + 99 * MS), Err(MS));
    assert_eq!(ask(&limit, &settings, S + 100 * MS), Ok(0));
    assert_eq!(ask(&limit, &settings, S + 100 * MS), Err(100 * MS));
    assert_eq!(drain(&limit, &settings, S + 310 * MS), 2);
    assert_eq!(drain(&limit, &settings, 60 * S), 3, "a long rest brings no more than the burst");
}

#[test]
fn rates_may_be_fractions() {
    for (per_second, apart) in [(0.5, 2 * S), (2.5, 400 * MS), (1.0 / 60.0, 60 * S + 720_043)] {
        let (limit, settings) = (RateLimit::default(), of(per_second, 1, 0));
        assert_eq!(ask(&limit, &settings, 0), Ok(0));
        let wait = ask(&limit, &settings, 0).unwrap_err();
        // A sixtieth is kept in millionths.
        assert!(wait.abs_diff(apart) <= 4 * MS, "{wait}");
        assert_eq!(ask(&limit, &settings, wait), Ok(0));
    }
}

#[test]
fn who_waits_gets_a_turn_in_the_order_of_coming_and_a_newcomer_takes_none_away() {
    let (limit, settings) = (RateLimit::default(), of(10.0, 1, 350 * MS));
    let turns = [(); 4].map(|()| ask(&limit, &settings, 0));
    assert_eq!(turns, [Ok(0), Ok(100 * MS), Ok(200 * MS), Ok(300 * MS)]);
    // The next would be at 400 ms, and within reach 50 ms from now.
    assert_eq!(ask(&limit, &settings, 0), Err(50 * MS));
    assert_eq!(ask(&limit, &settings, 50 * MS), Ok(350 * MS));
    assert_eq!(ask(&limit, &settings, 100 * MS), Err(50 * MS), "just as a turn comes, it is not free");
}

#[test]
fn a_deadline_that_comes_before_the_turn_takes_none() {
    let (limit, settings) = (RateLimit::default(), of(1.0, 1, 5 * S));
    assert_eq!(ask(&limit, &settings, 0), Ok(0));
    let patience = Duration::from_millis(400);
    assert_eq!(limit.turn(&settings, Tick(0), patience), Err(Duration::from_millis(600)));
    assert_eq!(ask(&limit, &settings, 0), Ok(S), "nothing was taken");
    assert_eq!(limit.turn(&settings, Tick(S), Duration::ZERO), Err(Duration::from_secs(1)));
}

#[test]
fn eight_threads_share_the_turns_and_no_two_get_the_same() {
    let (limit, settings) = (RateLimit::default(), of(1_000.0, 1, 100 * S));
    let turns = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let own: Vec<u64> = (0..2_000).filter_map(|_| ask(&limit, &settings, S).ok()).collect();
                turns.lock().unwrap().extend(own);
            });
        }
    });
    let mut turns = turns.into_inner().unwrap();
    turns.sort_unstable();
    let expected: Vec<u64> = (0..16_000).map(|turn| turn * MS).collect();
    assert_eq!(turns, expected);
}

#[test]
fn extremes_do_not_overflow() {
    let rates = [0, 1, 1_000_000, u64::MAX].map(Tokens::from_millionths);
    for per_second in rates {
        for burst in [0, 1, u32::MAX] {
            for max_wait in [Duration::ZERO, Duration::MAX] {
                let settings = RateSettings { per_second, burst, max_wait };
                let limit = RateLimit::default();
                for now in [0, 1, u64::MAX / 2, u64::MAX - 1, u64::MAX, 0] {
                    for _ in 0..3 {
                        let _ = limit.turn(&settings, Tick(now), Duration::MAX);
                    }
                    for other in rates.map(|per_second| RateSettings { per_second, ..settings.clone() }) {
                        limit.reshape(Some(&settings), Some(&other), Tick(now));
                        limit.reshape(Some(&other), None, Tick(now));
                        limit.reshape(None, Some(&settings), Tick(now));
                    }
                }
            }
            let settings = RateSettings { per_second, burst, max_wait: Duration::ZERO };
            assert_eq!(RateLimit::default().turn(&settings, Tick(0), Duration::MAX), Ok(Duration::ZERO));
        }
    }
}
