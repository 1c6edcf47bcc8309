//! Counts results in a window of calls (`window = 20`). In: votes. Out: how many of each kind are among exactly the last N.
//! Separate from the time window because the order of all results matters, so that all threads write one place, under its lock.

use std::collections::VecDeque;

use super::vote::{Counts, Vote};

/// The last N results of one generation, with running totals.
#[derive(Debug, Default)]
pub(in crate::breaker) struct CountWindow {
    generation: u32,
    results: VecDeque<Vote>,
    counts: Counts,
}

impl CountWindow {
    /// Adds a result and evicts all but the last `size`. The memory grows with the results, so a large window with
    /// few calls stays small. A result of an earlier generation is ignored.
    #[inline]
    pub(in crate::breaker) fn push(&mut self, vote: Vote, generation: u32, size: u32) {
        if vote == Vote::None || !self.enter(generation) {
            return;
        }
        self.results.push_back(vote);
        self.add(vote);
        self.shrink(size);
    }

    /// The totals of a generation.
    pub(in crate::breaker) fn counts(&self, generation: u32) -> Counts {
        if self.generation == generation { self.counts } else { Counts::default() }
    }

    /// Evicts all but the newest `size` results.
    pub(in crate::breaker) fn shrink(&mut self, size: u32) {
        while self.results.len() > size.max(1) as usize {
            if let Some(place) = self.results.pop_front().and_then(Vote::index) {
                self.counts.0[place] = self.counts.0[place].saturating_sub(1);
            }
        }
    }

    /// Replaces the contents by the newest `size` results of a time window, given slice by slice. The order within a
    /// slice is unknown: its results are spread evenly, and of a slice that does not fit whole each kind keeps its
    /// share.
    pub(in crate::breaker) fn refill(
        &mut self,
        newest_first: impl Iterator<Item = Counts>,
        generation: u32,
        size: u32,
    ) {
        self.results.clear();
        self.counts = Counts::default();
        self.generation = generation;
        let mut room = u64::from(size.max(1));
        for slice in newest_first {
            for vote in spread(slice).take(usize::try_from(room).unwrap_or(usize::MAX)) {
                self.results.push_front(vote);
                self.add(vote);
                room -= 1;
            }
        }
    }

    /// Switches to a generation; `false` if it is an earlier one. Wrapping: only neighbouring generations are ever
    /// compared.
    fn enter(&mut self, generation: u32) -> bool {
        match generation.wrapping_sub(self.generation) {
            0 => true,
            ahead if ahead < u32::MAX / 2 => {
                self.results.clear();
                self.counts = Counts::default();
                self.generation = generation;
                true
            }
            _ => false,
        }
    }

    fn add(&mut self, vote: Vote) {
        if let Some(place) = vote.index() {
            self.counts.0[place] = self.counts.0[place].saturating_add(1);
        }
    }
}

/// The results of a slice, each kind spread evenly over the whole: after `k` of `n`, a kind with `c` results has been
/// returned about `c · k / n` times.
fn spread(slice: Counts) -> impl Iterator<Item = Vote> {
    let total = u128::from(slice.total());
    let mut given = [0_u128; 4];
    (1..=total).map(move |step| {
        let owed = |kind: usize| (u128::from(slice.0[kind]) * step).saturating_sub(given[kind] * total);
        let kind = (0..4).max_by_key(|kind| owed(*kind)).unwrap_or_default();
        given[kind] += 1;
        Vote::RESULTS[kind]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window_of(votes: &[Vote], size: u32) -> CountWindow {
        let mut count_window = CountWindow::default();
        for &vote in votes {
            count_window.push(vote, 0, size);
        }
        count_window
    }

    #[test]
    fn exactly_the_last_results_count() {
        let votes = [Vote::Failure, Vote::Failure, Vote::SlowFailure, Vote::Success, Vote::SlowSuccess];
        assert_eq!(window_of(&votes, 3).counts(0), Counts([1, 1, 0, 1]));
        assert_eq!(window_of(&votes, 9).counts(0), Counts([1, 1, 2, 1]));
        assert_eq!(window_of(&[Vote::None], 3).counts(0), Counts::default());
    }

    #[test]
    fn old_results_are_evicted_for_ever() {
        let mut count_window = window_of(&[Vote::Failure; 100], 100);
        for _ in 0..100 {
            count_window.push(Vote::Success, 0, 100);
        }
        assert_eq!(count_window.counts(0), Counts([100, 0, 0, 0]));
    }

    #[test]
    fn a_smaller_ring_keeps_the_newest_and_a_larger_one_keeps_all() {
        let mut count_window = window_of(&[Vote::Failure, Vote::Success, Vote::Success], 3);
        count_window.shrink(2);
        assert_eq!(count_window.counts(0), Counts([2, 0, 0, 0]));
        count_window.push(Vote::Failure, 0, 5);
        assert_eq!(count_window.counts(0), Counts([2, 0, 1, 0]));
    }

    #[test]
    fn a_new_generation_starts_empty_and_an_old_one_is_ignored() {
        let mut count_window = window_of(&[Vote::Failure; 3], 9);
        assert_eq!(count_window.counts(1), Counts::default());
        count_window.push(Vote::Success, 1, 9);
        count_window.push(Vote::Failure, 0, 9);
        assert_eq!(count_window.counts(1), Counts([1, 0, 0, 0]));
        assert_eq!(count_window.counts(0), Counts::default());
    }

    #[test]
    fn refilled_from_slices_it_has_the_newest_and_their_mix() {
        let mut count_window = CountWindow::default();
        let slices = [Counts([2, 0, 0, 0]), Counts([50, 0, 50, 0]), Counts([0, 0, 999, 0])];
        count_window.refill(slices.into_iter(), 4, 22);
        assert_eq!(count_window.counts(4), Counts([12, 0, 10, 0]));
        count_window.shrink(2);
        assert_eq!(count_window.counts(4), Counts([2, 0, 0, 0]));
        count_window.refill(slices.into_iter(), 4, u32::MAX);
        assert_eq!(count_window.counts(4), Counts([52, 0, 1049, 0]));
    }
}
