//! Buckets, sums and quantiles of what was recorded.

use super::*;
use crate::counting::shard::Slot;

#[test]
fn the_buckets_follow_one_another_without_a_gap() {
    assert_eq!(bucket(0), 0);
    for index in 0..BUCKETS - 1 {
        let end = u64::try_from(end(index).as_nanos()).unwrap();
        assert_eq!((bucket(end), bucket(end + 1)), (index, index + 1), "{end} ns");
    }
    let last = u64::try_from(end(BUCKETS - 1).as_nanos()).unwrap();
    assert_eq!(last, (1 << LARGEST) - 1);
    assert_eq!((bucket(last), bucket(u64::MAX)), (BUCKETS - 1, BUCKETS - 1));
}

#[test]
fn the_end_of_a_bucket_is_at_most_an_eighth_above_each_time_in_it() {
    for power in 0..LARGEST {
        for offset in [-1_i64, 0, 1, 7, 12_345] {
            let time = (1_u64 << power).saturating_add_signed(offset);
            let end = u64::try_from(end(bucket(time)).as_nanos()).unwrap();
            assert!((time..=time + time / 8).contains(&end), "{time} ns is in the bucket up to {end} ns");
        }
    }
}

#[test]
fn a_quantile_is_the_time_of_the_call_of_that_rank() {
    let cells = LatencyCells::default();
    for nanos in [1, 2, 3, 4] {
        cells.record(nanos, Slot::current());
    }
    let mut reading = Latency::default();
    cells.read_into(&mut reading);
    for (share, nanos) in [(0.0, 1), (0.25, 1), (0.26, 2), (0.5, 2), (0.75, 3), (0.751, 4), (1.0, 4)] {
        assert_eq!(reading.quantile(share), Some(Duration::from_nanos(nanos)), "{share}");
    }
    for share in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert_eq!(reading.quantile(share), None, "{share}");
    }
    let buckets: Vec<_> = reading.buckets().collect();
    assert_eq!(buckets, [1, 2, 3, 4].map(|nanos| (Duration::from_nanos(nanos), 1)));
    assert_eq!(Latency::default().quantile(0.0), None);
}

#[test]
fn octaves_hold_what_takes_less_than_their_end() {
    let cells = LatencyCells::default();
    let mut reading = Latency::default();
    for nanos in [0, 5, (1 << 17) - 1, 1 << 17, (1 << 18) - 1, 1 << 18, 1 << 39, u64::MAX] {
        cells.record(nanos, Slot::current());
    }
    cells.read_into(&mut reading);
    let octaves: [u64; 24] = reading.octaves(17);
    assert_eq!(octaves[..3], [3, 2, 1]);
    assert_eq!((octaves[22], octaves[23]), (0, 2));
}

#[test]
fn the_quantile_between_two_readings_is_that_of_the_calls_between_them() {
    let cells = LatencyCells::default();
    let read = || {
        let mut reading = Latency::default();
        cells.read_into(&mut reading);
        reading.compact()
    };
    cells.record(1_000_000_000, Slot::current());
    let before = read();
    assert_eq!(quantile_between(&before, &read(), 0.5), None);
    for nanos in [1, 20_000, 40_000, 1 << 41] {
        cells.record(nanos, Slot::current());
    }
    let at = |share| quantile_between(&before, &read(), share).map(|time| time.as_nanos());
    assert!(at(0.5).is_some_and(|time| (20_000..=22_500).contains(&time)));
    assert!(at(0.75).is_some_and(|time| (40_000..=45_000).contains(&time)));
    assert!(at(0.01).is_some_and(|time| time < 600), "what is shorter than the first bucket is in it");
    assert!(at(1.0).is_some_and(|time| time > 1 << 38), "and what is longer than the last in that");
}

#[test]
fn quantiles_are_at_most_an_eighth_too_long() {
    let cells = LatencyCells::default();
    let slot = Slot::current();
    for micros in 1..=1_000 {
        cells.record(micros * 1_000, slot);
    }
    let mut reading = Latency::default();
    cells.read_into(&mut reading);
    reading.add_total(500_500_000);
    assert_eq!(reading.count(), 1_000);
    assert_eq!(reading.total(), Duration::from_micros(500_500));
    let median = reading.quantile(0.5).unwrap();
    assert!((500..=563).contains(&median.as_micros()), "{median:?}");
    let mut double = reading.clone();
    double.merge(&reading);
    assert_eq!(double.total(), 2 * reading.total());
    assert_eq!((double.count(), double.quantile(0.5)), (2_000, Some(median)));
}
