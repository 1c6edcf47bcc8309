//! What holds for any script: never more than the limit says, and never less.

use std::time::Duration;

use proptest::prelude::*;

use super::super::RateLimit;
use super::super::limit::UNIT;
use super::{MS, S, ask, drain, of};
use crate::clock::Tick;
use crate::policy::{RateSettings, Tokens};

#[derive(Clone, Copy, Debug)]
struct Come {
    after: u64,
    patience: u64,
}

fn come() -> impl Strategy<Value = Come> {
    (prop_oneof![Just(0), 0..50 * MS, 0..2 * S], 0..2 * S)
        .prop_map(|(after, patience)| Come { after, patience })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_interval_sees_more_starts_than_the_burst_and_the_rate(
        comers in prop::collection::vec(come(), 1..150), millionths in 200_000..200_000_000_u64, burst in 1..12_u32,
        max_wait in 0..3 * S,
    ) {
        let limit = RateLimit::default();
        let settings = RateSettings { per_second: Tokens::from_millionths(millionths), ..of(0.0, burst, max_wait) };
        let (mut now, mut starts) = (S, Vec::new());
        for Come { after, patience } in comers {
            now += after;
            match limit.turn(&settings, Tick(now), Duration::from_nanos(patience)) {
                Ok(wait) => {
                    let wait = u64::try_from(wait.as_nanos()).unwrap();
                    prop_assert!(wait <= max_wait.min(patience));
                    starts.push(now + wait);
                }
                Err(later) => prop_assert!(later > Duration::ZERO),
            }
        }
        prop_assert!(starts.is_sorted(), "turns come in the order of asking");
        for (first, from) in starts.iter().enumerate() {
            for (last, until) in starts.iter().enumerate().skip(first) {
                let flow = u128::from(until - from) * u128::from(millionths);
                let most = u128::from(burst) * u128::from(UNIT) + flow;
                prop_assert!((last - first + 1) as u128 * u128::from(UNIT) <= most);
            }
        }
    }

    /// And nothing that is allowed is withheld: with a burst, who comes a little late loses nothing.
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
        let flow = u128::from(now - gap) * u128::from(millionths) / u128::from(UNIT);
        prop_assert!(starts + 1 >= u128::from(burst) + flow, "{} of {}", starts, flow);
    }

    #[test]
    fn the_told_wait_is_exact(per_second in 1..1_000_u32, burst in 1..5_u32, patience in 0..S) {
        let limit = RateLimit::default();
        let settings = of(f64::from(per_second), burst, patience);
        let later = (0..).find_map(|_| ask(&limit, &settings, S).err()).unwrap();
        prop_assert!(ask(&limit, &settings, S + later - 1).is_err());
        prop_assert_eq!(ask(&limit, &settings, S + later), Ok(patience));
    }
}
