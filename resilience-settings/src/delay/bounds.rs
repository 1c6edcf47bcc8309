//! Tests: bounds that every strategy of delays keeps for any settings and any attempt number.

use std::time::Duration;

use proptest::prelude::{
    Just, ProptestConfig, Strategy as Generate, any, prop, prop_assert, prop_oneof, proptest,
};

use super::delay;
use crate::policy::{Backoff, Multiplier, Ratio, Strategy};

fn any_duration() -> impl Generate<Value = Duration> {
    prop_oneof![
        Just(Duration::ZERO),
        Just(Duration::from_nanos(1)),
        Just(Duration::MAX),
        (any::<u64>(), 0..1_000_000_000_u32).prop_map(|(secs, nanos)| Duration::new(secs, nanos)),
        (0..100_000_000_000_u64).prop_map(Duration::from_nanos),
    ]
}

fn any_backoff() -> impl Generate<Value = Backoff> {
    (
        prop::sample::select(Strategy::ALL),
        any_duration(),
        any_duration(),
        prop_oneof![1.0..10.0, 1.0..f64::MAX],
        prop::option::of(0.0..=1.0),
    )
        .prop_map(|(strategy, base, max, multiplier, jitter)| {
            let mut settings = Backoff::new(strategy, base, max);
            settings.multiplier = Multiplier::new(multiplier).unwrap();
            settings.jitter = jitter.map(Ratio::saturating);
            settings
        })
}

fn any_step() -> impl Generate<Value = u32> {
    prop_oneof![0..20_u32, 0..1_000_000_u32, Just(u32::MAX)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_delay_is_above_the_cap(
        settings in any_backoff(), step in any_step(), previous in any_duration(),
        stress in prop_oneof![1.0..=4.0, any::<f64>()], draw in prop_oneof![0.0..1.0, any::<f64>()],
    ) {
        prop_assert!(delay(&settings, step, previous, stress, draw) <= settings.max_delay);
    }

    #[test]
    fn jitter_stays_within_its_share(settings in any_backoff(), step in any_step(), draw in 0.0..1.0) {
        let at = |draw| delay(&settings, step, settings.base_delay, 1.0, draw);
        prop_assert!(at(0.0) <= at(draw) && at(draw) <= at(1.0));
        if let (Some(jitter), Strategy::Exponential | Strategy::Linear | Strategy::Fibonacci) =
            (settings.jitter, settings.strategy)
        {
            let (low, high) = (at(0.0).as_secs_f64(), at(1.0).as_secs_f64());
            prop_assert!((low - high * (1.0 - jitter.get())).abs() <= high * 1e-9 + 2e-9);
        }
    }

    #[test]
    fn without_jitter_delays_never_shrink(settings in any_backoff(), step in 1..1_000_000_u32) {
        let mut settings = settings;
        settings.jitter = Some(Ratio::ZERO);
        let at = |step| delay(&settings, step, settings.base_delay, 1.0, 0.0);
        prop_assert!(at(step) <= at(step + 1));
    }
}
