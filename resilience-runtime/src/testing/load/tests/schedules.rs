//! Which starts schedules come to, and which schedules come to none.

use std::time::Duration;

use crate::testing::load::Schedule;

const SECOND: Duration = Duration::from_secs(1);

fn count(starts: &[Duration], from: f64, to: f64) -> usize {
    starts.iter().filter(|start| (from..to).contains(&start.as_secs_f64())).count()
}

#[test]
fn even_starts_are_counted_exactly() {
    let starts = Schedule::constant(3.0, 10 * SECOND).starts(1).unwrap();
    assert_eq!(starts.len(), 30);
    assert_eq!((starts[0], starts[3], starts[27]), (Duration::ZERO, SECOND, 9 * SECOND));
}

#[test]
fn poisson_starts_have_the_mean_and_the_variance_of_independent_ones() {
    let starts = Schedule::poisson(1_000.0, 100 * SECOND).starts(7).unwrap();
    let mean = 100_000.0;
    #[expect(clippy::cast_precision_loss, reason = "small")]
    let of = |count: usize| count as f64;
    assert!((of(starts.len()) - mean).abs() < 5.0 * mean.sqrt(), "{}", starts.len());
    // Over windows of 10 ms with 10 calls each on average, the variance is the mean; even starts have none.
    let mut windows = vec![0_u32; 10_000];
    for start in &starts {
        windows[usize::try_from(start.as_millis() / 10).unwrap()] += 1;
    }
    let variance = windows.iter().map(|count| (f64::from(*count) - 10.0).powi(2)).sum::<f64>() / 10_000.0;
    assert!((9.0..11.0).contains(&variance), "{variance}");
    assert!(starts.is_sorted());
    assert_ne!(
        starts,
        Schedule::poisson(1_000.0, 100 * SECOND).starts(8).unwrap(),
        "another seed, other starts"
    );
}

#[test]
fn a_ramp_has_three_quarters_of_its_calls_in_its_second_half() {
    for ramp in [Schedule::ramp(0.0, 200.0, 10 * SECOND), Schedule::ramp(200.0, 0.0, 10 * SECOND)] {
        let starts = ramp.starts(1).unwrap();
        assert_eq!(starts.len(), 1_000, "{ramp}");
        let (early, late) = (count(&starts, 0.0, 5.0), count(&starts, 5.0, 10.0));
        assert!(early.abs_diff(250) <= 1 || late.abs_diff(250) <= 1, "{ramp}: {early} {late}");
    }
}

#[test]
fn a_spike_stands_where_it_was_put() {
    let spike = Schedule::spike(10.0, 100.0, 10 * SECOND, 4 * SECOND, 2 * SECOND);
    let starts = spike.starts(1).unwrap();
    assert_eq!(starts.len(), 40 + 200 + 40);
    assert_eq!(count(&starts, 4.0, 6.0), 200);
    let random = spike.at_random().starts(3).unwrap();
    assert!((140..260).contains(&count(&random, 4.0, 6.0)));
}

#[test]
fn replayed_starts_begin_at_zero_and_are_in_order() {
    let replay = Schedule::replay([5, 3, 4].map(Duration::from_secs));
    assert_eq!(replay.starts(1).unwrap(), [0, 1, 2].map(Duration::from_secs));
    assert_eq!(replay.lasts(), 2 * SECOND);
}

#[test]
fn what_cannot_be_kept_is_refused() {
    for (schedule, message) in [
        (Schedule::constant(f64::NAN, SECOND), "a rate of NaN calls per second"),
        (Schedule::constant(-1.0, SECOND), "a rate of -1 calls per second"),
        (Schedule::constant(0.0, SECOND), "no call starts in this time"),
        (Schedule::constant(10.0, Duration::ZERO), "no call starts in this time"),
        (Schedule::replay([]), "no call starts in this time"),
        (Schedule::constant(1e9, Duration::from_hours(1)), "3600000000000 calls are more than 10000000"),
        (
            Schedule::replay([Duration::ZERO, Duration::MAX]),
            "the last call would start after 213503982334601 days",
        ),
        (Schedule::spike(1.0, 2.0, SECOND, SECOND, SECOND), "the spike ends after the load"),
    ] {
        let error = schedule.starts(1).unwrap_err();
        assert!(error.is_schedule() && error.to_string().starts_with(message), "{schedule:?}: {error}");
    }
}
