//! Counts retries in a sliding window, for `quota`. In: events with their time. Out: an upper bound on the events of the last
//! window, in bounded memory.
//!
//! Counts are kept per slice, and a slice counts until all of it has left the window: an event counts for the length of
//! the window and up to one slice more. So a limit on this count is never exceeded in any interval of the window's
//! length, wherever it starts. One record per event would be exact, but unbounded.

use crate::clock::Tick;

/// Events in `N` slices: `N - 1` make up the window, and one more is the current one.
#[derive(Debug)]
pub(super) struct Sliding<const N: usize> {
    slice: u64,
    newest: u64,
    counts: [u32; N],
    total: u32,
}

impl<const N: usize> Sliding<N> {
    /// `slice` is the length of a slice in nanoseconds.
    pub(super) const fn of_slices(slice: u64) -> Self {
        Self { slice, newest: 0, counts: [0; N], total: 0 }
    }

    /// Moves on to `now`; an earlier time counts as the newest slice.
    pub(super) fn advance(&mut self, now: Tick) {
        let slice = now.0 / self.slice;
        if slice.saturating_sub(self.newest) >= N as u64 {
            self.counts = [0; N];
            self.total = 0;
            self.newest = slice;
        }
        while self.newest < slice {
            self.newest += 1;
            let place = Self::place(self.newest);
            self.total = self.total.saturating_sub(self.counts[place]);
            self.counts[place] = 0;
        }
    }

    /// How many events the window holds, as of the last `advance`.
    pub(super) fn total(&self) -> u32 {
        self.total
    }

    pub(super) fn add(&mut self) {
        let place = Self::place(self.newest);
        // Saturated: every limit is exceeded by then anyway.
        if self.total < u32::MAX {
            self.counts[place] += 1;
            self.total += 1;
        }
    }

    /// Takes back an event of that time, if it still counts.
    pub(super) fn remove(&mut self, at: Tick) {
        let slice = at.0 / self.slice;
        let place = Self::place(slice);
        if slice <= self.newest && self.newest - slice < N as u64 && self.counts[place] > 0 {
            self.counts[place] -= 1;
            self.total -= 1;
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "below N")]
    fn place(slice: u64) -> usize {
        (slice % N as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_interval_of_the_window_sees_more_than_the_limit(
            gaps in prop::collection::vec(prop_oneof![0..40_u64, 90..130_u64], 1..300), limit in 1..8_u32,
        ) {
            // Ten slices of 10 make up a window of 100.
            let mut sliding = Sliding::<11>::of_slices(10);
            let (mut now, mut granted) = (0, Vec::new());
            for gap in gaps {
                now += gap;
                sliding.advance(Tick(now));
                if sliding.total() < limit {
                    sliding.add();
                    granted.push(now);
                } else {
                    // Too strict by no more than one slice.
                    let recent = granted.iter().filter(|at| **at + 110 > now).count();
                    prop_assert!(recent >= limit as usize);
                }
                let within = granted.iter().filter(|at| **at + 100 >= now).count();
                prop_assert!(within <= limit as usize);
            }
        }
    }

    #[test]
    fn an_event_that_was_taken_back_no_longer_counts() {
        let mut sliding = Sliding::<11>::of_slices(10);
        sliding.advance(Tick(55));
        sliding.add();
        sliding.add();
        sliding.advance(Tick(90));
        sliding.remove(Tick(55));
        assert_eq!(sliding.total(), 1);
        sliding.remove(Tick(90));
        assert_eq!(sliding.total(), 1, "nothing happened then");
        sliding.advance(Tick(160));
        sliding.remove(Tick(55));
        assert_eq!(sliding.total(), 0);
        sliding.advance(Tick::MAX);
        sliding.remove(Tick(55));
        assert_eq!(sliding.total(), 0);
    }
}
