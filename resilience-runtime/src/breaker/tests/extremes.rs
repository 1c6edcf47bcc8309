//! Extreme settings and times: they must neither panic nor lock the breaker up.

use std::time::Duration;

use resilience_settings::policy::{BreakerSettings, Ratio, Window};

use proptest::prelude::*;

use super::super::Vote;
use super::rig::Rig;
use crate::clock::Tick;

fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        Just(Duration::ZERO),
        Just(Duration::from_nanos(1)),
        Just(Duration::from_secs(1)),
        Just(Duration::MAX),
    ]
}

fn settings() -> impl Strategy<Value = BreakerSettings> {
    let number = || prop::sample::select(vec![0, 1, 2, 20, u32::MAX]);
    let rate = || prop::sample::select(vec![0.0, 0.000_001, 0.5, 1.0]).prop_map(Ratio::saturating);
    let window = prop_oneof![number().prop_map(Window::Calls), duration().prop_map(Window::Time)];
    let spans = (duration(), duration(), prop::option::of(duration()));
    (window, rate(), rate(), (number(), number(), number(), prop::option::of(number())), spans).prop_map(
        |(window, failure_rate, slow_rate, (min_calls, half_open_calls, success_threshold, row), spans)| {
            let (open_for, max_open_for, slow_call) = spans;
            settings!(BreakerSettings {
                failure_rate,
                min_calls,
                quiet_failures: None,
                window,
                slow_call,
                slow_rate,
                consecutive_failures: row,
                open_for,
                max_open_for,
                half_open_calls,
                success_threshold,
            })
        },
    )
}

fn time() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), Just(u64::MAX), any::<u64>(), 0..10_000_000_000_u64]
}

proptest! {
    #[test]
    fn no_settings_and_no_time_break_it(
        steps in prop::collection::vec((settings(), time(), prop::option::of(0..4_usize), 0.0..1.0), 1..60),
    ) {
        let breaker = Rig::default();
        let mut old = None;
        for (settings, now, vote, draw) in steps {
            breaker.reshape(old.as_ref(), Some(&settings), Tick(now));
            for _ in 0..3 {
                let vote = vote.map_or(Vote::None, |place| Vote::RESULTS[place]);
                if let Ok(admitted) = breaker.admit(Tick(now), &settings) {
                    breaker.settle(admitted, vote, Tick(now), &settings, || draw);
                }
            }
            let rate = breaker.failure_rate(Tick(now), Some(&settings));
            prop_assert!(rate.is_none_or(|rate| (0.0..=1.0).contains(&rate)));
            // No trial is under way and every break is over, so nothing may refuse.
            prop_assert!(breaker.admit(Tick::MAX, &settings).is_ok());
            breaker.force_closed(Tick::MAX);
            breaker.reset(Tick::MAX);
            old = Some(settings);
        }
    }
}

#[test]
fn what_every_attempt_reads_is_on_one_line_and_what_failures_write_on_others() {
    use std::mem::offset_of;

    use super::super::Breaker;

    assert!(align_of::<Breaker>() >= 64);
    let read = [offset_of!(Breaker, word), offset_of!(Breaker, until), offset_of!(Breaker, window)];
    assert!(read.into_iter().all(|offset| offset < 64 - size_of::<u64>()), "{read:?}");
    assert_eq!(offset_of!(Breaker, failures) % 128, 0);
}
