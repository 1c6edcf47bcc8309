//! When attempts start, and which are refused.

use std::sync::Mutex;
use std::task::{Context, Waker};
use std::time::Duration;

use resilience_settings::policy::{RateSettings, Tokens};

use super::super::{Entry, RateLimit};
use super::{MS, S, drain, of, start};
use crate::clock::Tick;
use crate::policy::Pace;

#[test]
fn after_the_burst_attempts_start_evenly_spread() {
    let (limit, settings) = (RateLimit::default(), of(10.0, 3, 0));
    assert_eq!(drain(&limit, &settings, S), 3);
    assert_eq!(start(&limit, &settings, S), Err(100 * MS));
    assert_eq!(start(&limit, &settings, S + 99 * MS), Err(MS));
    assert_eq!(start(&limit, &settings, S + 100 * MS), Ok(()));
    assert_eq!(start(&limit, &settings, S + 100 * MS), Err(100 * MS));
    assert_eq!(drain(&limit, &settings, S + 310 * MS), 2);
    assert_eq!(drain(&limit, &settings, 60 * S), 3, "a long rest brings no more than the burst");
}

#[test]
fn rates_may_be_fractions() {
    for (per_second, apart) in [(0.5, 2 * S), (2.5, 400 * MS), (1.0 / 60.0, 60 * S + 720_043)] {
        let (limit, settings) = (RateLimit::default(), of(per_second, 1, 0));
        assert_eq!(start(&limit, &settings, 0), Ok(()));
        let wait = start(&limit, &settings, 0).unwrap_err();
        // The pace is kept in millionths, so a sixtieth is rounded.
        assert!(wait.abs_diff(apart) <= 4 * MS, "{wait}");
        assert_eq!(start(&limit, &settings, wait), Ok(()));
    }
}

/// Enters with a deadline: whether it starts at once, or in how many nanoseconds to try again.
fn enter(limit: &RateLimit, settings: &RateSettings, now: u64, deadline: u64) -> Result<bool, u64> {
    match limit.enter(Pace::of(settings), Tick(now), Tick(deadline)) {
        Ok(Entry::Slot(slot)) => {
            slot.consume();
            Ok(true)
        }
        // The waiter is dropped, which leaves the queue at once.
        Ok(Entry::Queued(_)) => Ok(false),
        Err(later) => Err(u64::try_from(later.as_nanos()).unwrap()),
    }
}

#[test]
fn who_could_not_have_its_slot_in_time_is_turned_away_at_once() {
    let (limit, settings) = (RateLimit::default(), of(10.0, 1, 250 * MS));
    assert_eq!(enter(&limit, &settings, S, u64::MAX), Ok(true));
    assert_eq!(enter(&limit, &settings, S, S + 100 * MS), Err(1), "with the deadline is too late");
    assert_eq!(enter(&limit, &settings, S, S + 100 * MS + 1), Ok(false));
    assert_eq!(enter(&limit, &settings, S, S + 40 * MS), Err(60 * MS + 1));
    assert_eq!(enter(&limit, &settings, S, S), Err(100 * MS));
    let waits = |now| match limit.enter(Pace::of(&settings), Tick(now), Tick::MAX) {
        Ok(Entry::Queued(waiter)) => waiter,
        other => panic!("{other:?}"),
    };
    let _first = waits(S);
    let second = waits(S);
    // Slots are due after 100, 200 and 300 ms; the wait may last 250.
    assert_eq!(enter(&limit, &settings, S, u64::MAX), Err(50 * MS));
    assert_eq!(enter(&limit, &settings, S + 49 * MS, u64::MAX), Err(MS));
    assert_eq!(enter(&limit, &settings, S + 50 * MS, u64::MAX), Ok(false), "to the nanosecond");
    drop(second);
    assert_eq!(enter(&limit, &settings, S, u64::MAX), Ok(false), "one less to wait for");
    // The part of the burst that has not been refilled is taken into account.
    let (limit, settings) = (RateLimit::default(), of(10.0, 3, 250 * MS));
    assert_eq!(drain(&limit, &settings, S), 3);
    assert_eq!(enter(&limit, &settings, S + 30 * MS, S + 100 * MS), Err(1));
    assert_eq!(enter(&limit, &settings, S + 30 * MS, S + 100 * MS + 1), Ok(false));
}

#[test]
fn a_slot_that_is_not_used_goes_back_unless_another_was_given_since() {
    let (limit, settings) = (RateLimit::default(), of(10.0, 2, 0));
    let pace = Pace::of(&settings);
    let take = || limit.try_acquire(pace, Tick(S)).unwrap();
    drop(take());
    assert_eq!(drain(&limit, &settings, S), 2, "as if nobody had asked");
    assert!(limit.is_idle(Tick(S + 200 * MS)) && !limit.is_idle(Tick(S + 199 * MS)));

    limit.forget();
    let (first, second) = (take(), take());
    drop(first);
    assert_eq!(start(&limit, &settings, S), Err(100 * MS), "the second may rely on the first");
    drop(second);
    assert_eq!(drain(&limit, &settings, S), 1);

    limit.forget();
    let late = take();
    assert_eq!(start(&limit, &settings, 2 * S), Ok(()));
    drop(late);
    assert_eq!(drain(&limit, &settings, 2 * S), 1, "a slot of long ago is nothing");
}

#[test]
fn eight_threads_share_the_slots_and_no_two_get_the_same() {
    let (limit, settings) = (RateLimit::default(), of(1_000.0, 1, 0));
    let starts = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let times = (0..2_000).map(|slot| slot * MS);
                let own: Vec<u64> = times.filter(|now| start(&limit, &settings, *now).is_ok()).collect();
                starts.lock().unwrap().extend(own);
            });
        }
    });
    let mut starts = starts.into_inner().unwrap();
    starts.sort_unstable();
    assert!(starts.len() > 100, "{}", starts.len());
    assert!(starts.windows(2).all(|two| two[1] - two[0] >= MS));
}

#[test]
fn extremes_do_not_overflow() {
    let rates = [0, 1, 1_000_000, u64::MAX].map(Tokens::from_millionths);
    for per_second in rates {
        for burst in [0, 1, u32::MAX] {
            for max_wait in [Duration::ZERO, Duration::MAX] {
                let settings = settings!(RateSettings { per_second, burst, max_wait });
                let limit = RateLimit::default();
                let mut waiters = Vec::new();
                for now in [0, 1, u64::MAX / 2, u64::MAX - 1, u64::MAX, 0] {
                    for deadline in [Tick(0), Tick::MAX] {
                        for _ in 0..3 {
                            let entry = limit.enter(Pace::of(&settings), Tick(now), deadline);
                            if let Ok(Entry::Queued(mut waiter)) = entry {
                                let context = Context::from_waker(Waker::noop());
                                let _ = waiter.ask(Pace::of(&settings), Tick(now), &context);
                                waiters.push(waiter);
                            }
                        }
                    }
                    for other in
                        rates.map(|per_second| settings!(RateSettings { per_second, ..settings.clone() }))
                    {
                        limit.reshape(Some(&settings), Some(&other), Tick(now)).wake();
                        limit.reshape(Some(&other), None, Tick(now)).wake();
                        limit.reshape(None, Some(&settings), Tick(now)).wake();
                    }
                }
            }
            let settings = settings!(RateSettings { per_second, burst, max_wait: Duration::ZERO });
            assert_eq!(start(&RateLimit::default(), &settings, 0), Ok(()));
        }
    }
}
