//! Invariants of attempts that do not wait: never more starts than the limit allows, and never fewer.

use std::task::{Context, Waker};

use resilience_settings::policy::{RateSettings, Tokens};

use proptest::prelude::*;

use super::super::{Entry, RateLimit, SlotAnswer};
use super::{MS, S, drain, of, start};
use crate::clock::Tick;
use crate::policy::Pace;

proptest! {
    /// Nothing that is allowed is withheld: with a burst, an attempt that comes a little late loses nothing.
    #[test]
    fn who_always_asks_gets_the_whole_rate(millionths in 500_000..50_000_000_u64, burst in 2..12_u32, gap in 1..5 * MS) {
        let limit = RateLimit::default();
        let settings = settings!(RateSettings { per_second: Tokens::from_millionths(millionths), ..of(0.0, burst, 0) });
        let mut now = 0;
        let mut starts = 0_u128;
        while now < 3 * S {
            starts += drain(&limit, &settings, now) as u128;
            now += gap;
        }
        let flow = u128::from(now - gap) * u128::from(millionths) / u128::from(Pace::UNIT);
        prop_assert!(starts + 1 >= u128::from(burst) + flow, "{} of {}", starts, flow);
    }

    #[test]
    fn the_told_wait_is_exact(
        per_second in 1..1_000_u32, burst in 1..5_u32, max_wait in 0..S, time_left in prop_oneof![Just(u64::MAX), 1..S],
    ) {
        let limit = RateLimit::default();
        let settings = of(f64::from(per_second), burst, max_wait);
        drain(&limit, &settings, S);
        let enter = |now: u64| limit.enter(Pace::of(&settings), Tick(now), Tick(now.saturating_add(time_left)));
        if let Err(later) = enter(S) {
            let later = u64::try_from(later.as_nanos()).unwrap();
            prop_assert!(later > 0);
            prop_assert!(enter(S + later - 1).is_err());
            prop_assert!(enter(S + later).is_ok());
        }
    }
}

/// Attempts that may not wait are refused while others wait.
#[test]
fn who_may_not_wait_does_not_overtake() {
    for burst in [1, 3] {
        let limit = RateLimit::default();
        let (waits, hurries) = (of(10.0, burst, S), of(10.0, burst, 0));
        drain(&limit, &waits, S);
        let waiter = limit.enter(Pace::of(&waits), Tick(S), Tick::MAX).unwrap();
        assert!(matches!(waiter, Entry::Queued(_)));
        assert_eq!(start(&limit, &hurries, S + 90 * MS), Err(110 * MS));
        drop(waiter);
        assert_eq!(start(&limit, &hurries, S + 90 * MS), Err(10 * MS));
        assert_eq!(start(&limit, &hurries, S + 100 * MS), Ok(()));
    }
}

#[test]
fn a_slot_that_is_due_belongs_to_who_waits_and_is_about_to_be_polled() {
    let limit = RateLimit::default();
    let (waits, hurries) = (of(10.0, 3, S), of(10.0, 3, 0));
    drain(&limit, &waits, S);
    let Ok(Entry::Queued(mut waiter)) = limit.enter(Pace::of(&waits), Tick(S), Tick::MAX) else { panic!() };
    let asked = waiter.ask(Pace::of(&waits), Tick(S), &Context::from_waker(Waker::noop()));
    assert!(matches!(asked, SlotAnswer::AskAt(at) if at == Tick(S + 100 * MS)));
    for late in 100..200 {
        assert!(start(&limit, &hurries, S + late * MS).is_err(), "{late}");
    }
    // Until the waiter becomes absent: it has not been polled.
    assert_eq!(start(&limit, &hurries, S + 200 * MS), Ok(()));
    assert_eq!(start(&limit, &hurries, S + 200 * MS), Ok(()));
    assert_eq!(start(&limit, &hurries, S + 200 * MS), Err(100 * MS));
    // Polled again, it is ahead of newcomers again.
    let asked = waiter.ask(Pace::of(&waits), Tick(S + 210 * MS), &Context::from_waker(Waker::noop()));
    assert!(matches!(asked, SlotAnswer::AskAt(at) if at == Tick(S + 300 * MS)));
    assert!(start(&limit, &hurries, S + 300 * MS).is_err());
    let asked = waiter.ask(Pace::of(&waits), Tick(S + 310 * MS), &Context::from_waker(Waker::noop()));
    assert!(matches!(asked, SlotAnswer::Slot(_)));
}

#[test]
fn who_may_not_wait_does_not_even_wait_for_those_that_are_about_to_be_polled() {
    let limit = RateLimit::default();
    let (waits, hurries) = (of(100.0, 3, S), of(100.0, 3, 0));
    drain(&limit, &waits, S);
    let waiter = limit.enter(Pace::of(&waits), Tick(S), Tick::MAX).unwrap();
    // Two slots are due, and one waiter has yet to take its slot.
    assert_eq!(start(&limit, &hurries, S + 25 * MS), Err(1));
    drop(waiter);
    assert_eq!(drain(&limit, &hurries, S + 25 * MS), 2);
}
