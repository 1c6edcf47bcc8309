//! Decides how many events of single calls are told in a second. In: one of them. Out: whether it is told, and how many before it
//! were not. Failures come in tens of thousands, and what is told of each costs more than the failure.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::Tick;

/// So many in a second.
const PER_SECOND: u64 = 100;
const SECOND: u64 = 1_000_000_000;
const COUNT: u64 = u32::MAX as u64;

/// What was told of the calls of one service lately.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// The second, and below it how many were told in it.
    told: AtomicU64,
    left_out: AtomicU64,
}

impl Pace {
    /// Whether one more may be told, and how many were left out before it that nobody was told of yet.
    pub(crate) fn admit(&self, now: Tick) -> Option<u64> {
        let second = now.0 / SECOND;
        let one_more = |told: u64| match told >> 32 == second & COUNT {
            true if told & COUNT >= PER_SECOND => None,
            true => Some(told + 1),
            false => Some(second << 32 | 1),
        };
        if self.told.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        Some(self.left_out.swap(0, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_are_told_in_a_second_and_how_many_were_not_in_the_next() {
        let pace = Pace::default();
        let admitted = |second: u64, times: u64| {
            let at = |time: u64| Tick(second * SECOND + time * (SECOND / times));
            (0..times).filter_map(|time| pace.admit(at(time))).collect::<Vec<_>>()
        };
        assert_eq!(admitted(1, 10_000), [0; 100]);
        let next = admitted(2, 150);
        assert_eq!((next.len(), next[0], next[1..].iter().sum::<u64>()), (100, 9_900, 0));
        assert_eq!(admitted(5_000_000_000, 3), [50, 0, 0]);
        assert_eq!(admitted(0, 1), [0], "a clock that starts anew");
    }
}
