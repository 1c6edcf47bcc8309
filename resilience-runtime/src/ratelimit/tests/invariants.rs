//! What holds for attempts that do not wait: never more than the limit says, and never less.

use proptest::prelude::*;

use super::super::{Entry, RateLimit};
use super::{MS, S, drain, of, start};
use crate::clock::Tick;
use crate::policy::{Pace, RateSettings, Tokens};

proptest! {
    /// Nothing that is allowed is withheld: with a burst, who comes a little late loses nothing.
    #[test]
    fn who_always_asks_gets_the_whole_rate(millionths in 500_000..50_000_000_u64, burst in 2..12_u32, gap in 1..5 * MS) {
        let limit = RateLimit::default();
        let settings = RateSettings { per_second: Tokens::from_millionths(millionths), ..of(0.0, burst, 0) };
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
        per_second in 1..1_000_u32, burst in 1..5_u32, max_wait in 0..S, patience in prop_oneof![Just(u64::MAX), 1..S],
    ) {
        let limit = RateLimit::default();
        let settings = of(f64::from(per_second), burst, max_wait);
        drain(&limit, &settings, S);
        let enter = |now: u64| limit.enter(Pace::of(&settings), Tick(now), Tick(now.saturating_add(patience)));
        if let Err(later) = enter(S) {
            let later = u64::try_from(later.as_nanos()).unwrap();
            prop_assert!(later > 0);
            prop_assert!(enter(S + later - 1).is_err());
            prop_assert!(enter(S + later).is_ok());
        }
    }
}

/// Who may not wait does not, also when the turn is there and somebody else is about to take it.
#[test]
fn who_may_not_wait_does_not_overtake() {
    let limit = RateLimit::default();
    let (waits, hurries) = (of(10.0, 2, S), of(10.0, 2, 0));
    drain(&limit, &waits, S);
    let waiter = limit.enter(Pace::of(&waits), Tick(S), Tick::MAX).unwrap();
    assert!(matches!(waiter, Entry::Queued(_)));
    let now = S + 90 * MS;
    assert_eq!(start(&limit, &hurries, now), Err(110 * MS));
    drop(waiter);
    assert_eq!(start(&limit, &hurries, now), Err(10 * MS));
}
