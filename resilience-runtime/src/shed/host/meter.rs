//! Computes the share of a resource that was used recently. In: counters of time used and of time available. Out: the share.

use std::collections::VecDeque;

/// How many samples it looks back: four, a quarter of a second apart. A single sample could consist of one garbage
/// collection, or of one large request.
const LOOKS_BACK: usize = 4;

/// Time used, and time available, since some moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Meter {
    pub(super) busy: f64,
    pub(super) total: f64,
}

/// The last samples of all meters; each sample has the same meters.
#[derive(Debug, Default)]
pub(super) struct Meters {
    samples: VecDeque<Vec<Meter>>,
}

impl Meters {
    /// Adds a sample; returns the share of the most used meter since the oldest sample kept.
    pub(super) fn push(&mut self, sample: Vec<Meter>) -> Option<f64> {
        // A limit was added or removed: the old samples do not match these meters.
        self.samples.retain(|old| old.len() == sample.len());
        let share = self.samples.front().and_then(|old| share(old, &sample));
        self.samples.push_back(sample);
        if self.samples.len() > LOOKS_BACK {
            self.samples.pop_front();
        }
        share
    }
}

fn share(old: &[Meter], new: &[Meter]) -> Option<f64> {
    old.iter()
        .zip(new)
        .filter_map(|(old, new)| {
            let total = new.total - old.total;
            // A counter that stands still or runs backwards: a sandbox that invents its files, or a limit that was
            // lowered.
            (total > 0.0).then(|| ((new.busy - old.busy) / total).max(0.0))
        })
        .reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(busy: f64, total: f64) -> Meter {
        Meter { busy, total }
    }

    #[test]
    fn the_share_is_of_the_last_four_spans() {
        let mut meters = Meters::default();
        let shares: Vec<_> =
            [(0.0, 0.0), (1.0, 1.0), (1.0, 2.0), (1.0, 3.0), (1.0, 4.0), (1.0, 5.0), (3.0, 6.0)]
                .map(|(busy, total)| meters.push(vec![meter(busy, total)]))
                .into();
        let third = Some(1.0 / 3.0);
        assert_eq!(shares, [None, Some(1.0), Some(0.5), third, Some(0.25), Some(0.0), Some(0.5)]);
    }

    #[test]
    fn the_meter_that_is_used_most_counts() {
        let mut meters = Meters::default();
        meters.push(vec![meter(0.0, 0.0), meter(5.0, 10.0)]);
        assert_eq!(meters.push(vec![meter(1.0, 10.0), meter(8.0, 20.0)]), Some(0.3));
    }

    #[test]
    fn a_limit_that_comes_starts_anew() {
        let mut meters = Meters::default();
        meters.push(vec![meter(0.0, 0.0)]);
        assert_eq!(meters.push(vec![meter(9.0, 10.0), meter(9.0, 10.0)]), None);
        assert_eq!(meters.push(vec![meter(10.0, 20.0), meter(9.0, 20.0)]), Some(0.1));
    }

    #[test]
    fn counters_that_stand_still_or_run_backwards_say_nothing() {
        let mut meters = Meters::default();
        meters.push(vec![meter(5.0, 10.0)]);
        assert_eq!(meters.push(vec![meter(5.0, 10.0)]), None);
        assert_eq!(meters.push(vec![meter(4.0, 9.0)]), None);
        assert_eq!(meters.push(vec![]), None);
    }
}
