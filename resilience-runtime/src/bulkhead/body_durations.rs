//! Measures how long bodies take, by which `queue` refuses waiters. In: the durations of bodies that ended while somebody waited.
//! Out: their median, which is the time that a waiter must have left to be worth a permit.

use std::time::Duration;

use crate::clock::nanos;

/// How many durations are kept. An odd number has one in the middle; 31 follow a change of the service after 16
/// bodies, and keep three slow bodies in a row from passing for the norm.
const KEPT: usize = 31;

/// With fewer there is no median: one slow body must not cause refusals.
const ENOUGH: usize = 5;

/// The last durations, in order of arrival and sorted.
#[derive(Debug, Default)]
pub(super) struct BodyDurations {
    last: [u64; KEPT],
    sorted: [u64; KEPT],
    count: usize,
    /// The index of the oldest, once all places are taken.
    oldest: usize,
}

impl BodyDurations {
    /// Records a body that took this long, or that was cut off after this long: how much longer it would have taken,
    /// nobody knows.
    pub(super) fn record(&mut self, time: Duration) {
        let time = nanos(time);
        let end = if self.count < KEPT {
            self.last[self.count] = time;
            self.count += 1;
            self.count - 1
        } else {
            let gone = std::mem::replace(&mut self.last[self.oldest], time);
            self.oldest = (self.oldest + 1) % KEPT;
            let place = self.sorted.partition_point(|&kept| kept < gone);
            self.sorted.copy_within(place + 1.., place);
            KEPT - 1
        };
        let place = self.sorted[..end].partition_point(|&kept| kept < time);
        self.sorted.copy_within(place..end, place + 1);
        self.sorted[place] = time;
    }

    /// The middle duration, the shorter one of two; `None` while there are too few.
    pub(super) fn median(&self) -> Option<Duration> {
        (self.count >= ENOUGH).then(|| Duration::from_nanos(self.sorted[(self.count - 1) / 2]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn four_bodies_are_no_rule_and_five_are() {
        let mut bodies = BodyDurations::default();
        for time in [40, 10, 30, 20] {
            bodies.record(time * MS);
            assert_eq!(bodies.median(), None);
        }
        bodies.record(50 * MS);
        assert_eq!(bodies.median(), Some(30 * MS));
        bodies.record(1_000 * MS);
        assert_eq!(bodies.median(), Some(30 * MS), "of two in the middle the shorter");
    }

    #[test]
    fn sixteen_bodies_are_enough_to_forget_what_was_usual() {
        let mut bodies = BodyDurations::default();
        for _ in 0..100 {
            bodies.record(MS);
        }
        for _ in 0..15 {
            bodies.record(Duration::MAX);
        }
        assert_eq!(bodies.median(), Some(MS));
        bodies.record(Duration::MAX);
        assert_eq!(bodies.median(), Some(Duration::from_nanos(u64::MAX)));
    }

    proptest! {
        #[test]
        fn it_is_the_median_of_the_last(times in prop::collection::vec(0..40_u64, 1..120)) {
            let mut bodies = BodyDurations::default();
            for (last, time) in (1..).zip(&times) {
                bodies.record(Duration::from_nanos(*time));
                let mut kept = times[..last][last.saturating_sub(KEPT)..].to_vec();
                kept.sort_unstable();
                let middle = Duration::from_nanos(kept[(kept.len() - 1) / 2]);
                prop_assert_eq!(bodies.median(), (last >= ENOUGH).then_some(middle));
            }
        }
    }
}
