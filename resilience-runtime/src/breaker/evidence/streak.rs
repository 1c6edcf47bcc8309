//! Counts consecutive failures; `opening` compares them with `consecutive_failures`. In: failures and successes. Out: how many
//! failures came in a row. Separate from the windows because a rate has no order and a streak has no length of time.

use crate::sync::atomic::{AtomicU64, Ordering};

const COUNT: u64 = u32::MAX as u64;

/// `generation << 32 | consecutive failures`: the generation lets a late result be recognised and ignored.
#[derive(Debug, Default)]
pub(in crate::breaker) struct Streak(AtomicU64);

impl Streak {
    /// Adds a failure; returns the length of the streak.
    pub(in crate::breaker) fn fail(&self, generation: u32) -> u32 {
        let row = |word: u64| match generation.wrapping_sub(of(word)) {
            0 if word & COUNT == COUNT => word,
            0 => word + 1,
            ahead if ahead < u32::MAX / 2 => u64::from(generation) << 32 | 1,
            _ => word,
        };
        let before = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |word| Some(row(word)));
        let (Ok(before) | Err(before)) = before;
        let after = row(before);
        if of(after) == generation { count(after) } else { 0 }
    }

    /// Ends the streak. Writes only if there is one, so that successes share no written cache line.
    #[inline]
    pub(in crate::breaker) fn succeed(&self, generation: u32) {
        if self.0.load(Ordering::Relaxed) & COUNT != 0 {
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |word| {
                (of(word) == generation).then_some(u64::from(generation) << 32)
            });
        }
    }

    /// Ends the streak, of whichever generation.
    pub(in crate::breaker) fn forget(&self) {
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |word| Some(word & !COUNT));
    }
}

fn of(word: u64) -> u32 {
    (word >> 32) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half")]
fn count(word: u64) -> u32 {
    word as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_ends_the_row() {
        let streak = Streak::default();
        assert_eq!([streak.fail(0), streak.fail(0), streak.fail(0)], [1, 2, 3]);
        streak.succeed(0);
        assert_eq!(streak.fail(0), 1);
        streak.forget();
        assert_eq!(streak.fail(0), 1);
    }

    #[test]
    fn results_of_an_earlier_generation_do_not_count() {
        let streak = Streak::default();
        streak.fail(4);
        assert_eq!(streak.fail(5), 1);
        assert_eq!(streak.fail(4), 0);
        streak.succeed(4);
        assert_eq!(streak.fail(5), 2);
        assert_eq!(Streak(AtomicU64::new(COUNT)).fail(0), u32::MAX);
    }

    #[test]
    fn a_generation_is_later_by_less_than_half_of_all() {
        let far = u32::MAX / 2;
        assert_eq!(Streak::default().fail(far - 1), 1);
        assert_eq!(Streak::default().fail(far), 0, "it may as well be earlier");
    }
}
