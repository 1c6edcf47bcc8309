//! In: the failures of a service that is called too rarely for rates. Out: whether that is enough of them to open.
//!
//! Below `min_calls` results in the window a share says nothing, and under light traffic that is always. What is asked
//! instead: the last so many results were failures, of several calls and in living memory. Several calls, because one
//! request that can never succeed brings a failure per attempt. The row is told of failures alone: whether there was a
//! success in between, it finds by adding up what the threads have counted, so that a success writes nothing for it.

use std::collections::VecDeque;
use std::sync::PoisonError;
use std::time::Duration;

use super::vote::Counts;
use crate::clock::{Tick, nanos};
use crate::policy::BreakerSettings;
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicU64, Ordering};

/// How many calls the failures must be of. In simulations, two open it several times a day where a twentieth of
/// the requests can never succeed; four take longer for nothing.
const CALLS: usize = 3;

/// How long a failure counts: three calls a minute apart, with room for retries; what is older says little of now.
const MEMORY: Duration = Duration::from_mins(5);

/// The call that a result is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// When it began; zero if that is not known. Several calls can begin at the same time.
    pub(crate) call: Tick,
    /// Whether the result is that of its first attempt, of which each call has one.
    pub(crate) is_first: bool,
}

impl Origin {
    /// Of a result that does not count as a failure.
    pub(crate) const NONE: Self = Self { call: Tick(0), is_first: false };
}

/// What a failure is weighed by.
#[derive(Clone, Copy, Debug)]
pub(in crate::breaker) struct FailureContext {
    /// The generation that it belongs to.
    pub(in crate::breaker) generation: u32,
    /// What the window holds with it.
    pub(in crate::breaker) counts: Counts,
    /// A number that changes with each success.
    pub(in crate::breaker) successes: u64,
}

/// The failures in a row that are kept for quiet times.
#[derive(Debug, Default)]
pub(in crate::breaker) struct QuietFailures {
    /// The slice in which rates began to mean something, as `1 << 32 | mark`: until it ends they go on to, and failures
    /// then come too fast for a lock each.
    busy: AtomicU64,
    run: Mutex<FailureRun>,
}

/// What follows one success, or the beginning.
#[derive(Debug, Default)]
struct FailureRun {
    generation: u32,
    successes: u64,
    failures: VecDeque<(Tick, Origin)>,
}

impl QuietFailures {
    /// Whether it is known that the window of this mark holds enough for rates.
    #[inline]
    pub(in crate::breaker) fn is_busy(&self, mark: u32) -> bool {
        self.busy.load(Ordering::Relaxed) == busy(mark)
    }

    /// Counts a failure; whether it is enough. `mark` names the slice of a window of time.
    pub(in crate::breaker) fn fail(
        &self,
        mark: Option<u32>,
        now: Tick,
        origin: Origin,
        context: FailureContext,
        settings: &BreakerSettings,
    ) -> bool {
        let Some(limit) = settings.quiet_failures.map(|limit| limit.max(1) as usize) else { return false };
        let FailureContext { generation, counts, successes } = context;
        if counts.total() >= u64::from(settings.min_calls) {
            if let Some(mark) = mark {
                self.busy.store(busy(mark), Ordering::Relaxed);
            }
            return false;
        }
        let mut run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        if (run.generation, run.successes) != (generation, successes) {
            run.failures.clear();
            (run.generation, run.successes) = (generation, successes);
        }
        run.failures.push_back((now, origin));
        while run.failures.len() > limit {
            run.failures.pop_front();
        }
        counts.failures() == counts.total()
            && run.failures.len() == limit
            && run.failures.iter().all(|(at, _)| now.nanos_since(*at) <= nanos(MEMORY))
            && are_of_calls(&run.failures, CALLS.min(limit))
    }

    /// The settings have changed.
    pub(in crate::breaker) fn forget_busy(&self) {
        self.busy.store(0, Ordering::Relaxed);
    }
}

fn busy(mark: u32) -> u64 {
    1 << 32 | u64::from(mark)
}

/// Whether the failures are of at least so many calls. Those of one call have begun at one time, and one of them at most is
/// of a first attempt.
fn are_of_calls(failures: &VecDeque<(Tick, Origin)>, least: usize) -> bool {
    let mut times: Vec<(Tick, usize)> = Vec::with_capacity(least);
    for (_, Origin { call, is_first }) in failures {
        match times.iter_mut().find(|(time, _)| time == call) {
            Some((_, firsts)) => *firsts += usize::from(*is_first),
            None => times.push((*call, usize::from(*is_first))),
        }
        if times.iter().map(|(_, firsts)| (*firsts).max(1)).sum::<usize>() >= least {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000_000;

    fn failures(number: u64) -> Counts {
        Counts([0, 0, number, 0])
    }

    /// One failure at a time in seconds, of the call that began then; the window holds this.
    fn fail(
        quiet: &QuietFailures,
        at: u64,
        call: u64,
        is_first: bool,
        successes: u64,
        counts: Counts,
    ) -> bool {
        let context = FailureContext { generation: 1, counts, successes };
        let origin = Origin { call: Tick(call * S), is_first };
        quiet.fail(Some(7), Tick(at * S), origin, context, &BreakerSettings::default())
    }

    #[test]
    fn five_failures_of_three_calls_are_enough() {
        let quiet = QuietFailures::default();
        let told = [(1, true), (1, false), (2, true), (2, false), (3, true)]
            .map(|(call, is_first)| fail(&quiet, call, call, is_first, 0, failures(call)));
        assert_eq!(told, [false, false, false, false, true]);
    }

    #[test]
    fn two_calls_are_not_however_often_they_fail() {
        let quiet = QuietFailures::default();
        let told: Vec<_> =
            (0..19).map(|turn| fail(&quiet, turn, 1 + turn % 2, turn < 2, 0, failures(turn))).collect();
        assert!(!told.contains(&true), "{told:?}");
    }

    #[test]
    fn calls_that_begin_together_are_told_apart_by_their_first_attempts() {
        let quiet = QuietFailures::default();
        let told =
            [true, true, false, false, true].map(|is_first| fail(&quiet, 9, 1, is_first, 0, failures(1)));
        assert_eq!(told, [false, false, false, false, true]);
    }

    #[test]
    fn a_success_a_generation_or_time_ends_the_row() {
        let quiet = QuietFailures::default();
        let four = |successes| {
            for call in 0..4 {
                assert!(!fail(&quiet, call, call, true, successes, failures(1)));
            }
        };
        four(0);
        assert!(!fail(&quiet, 5, 5, true, 1, failures(1)), "after a success it is the first");
        four(2);
        let late = fail(&quiet, 301, 301, true, 2, failures(1));
        assert!(!late, "one of the five is older than five minutes");
        assert!(fail(&quiet, 301, 302, true, 2, failures(1)), "and falls out");
        four(3);
        let context = FailureContext { generation: 2, counts: failures(1), successes: 3 };
        let origin = Origin { call: Tick(9), is_first: true };
        assert!(!quiet.fail(None, Tick(5 * S), origin, context, &BreakerSettings::default()));
    }

    #[test]
    fn a_success_in_the_window_keeps_it_closed_and_the_row() {
        let quiet = QuietFailures::default();
        for call in 0..5 {
            assert!(!fail(&quiet, call, call, true, 1, Counts([1, 0, call + 1, 0])));
        }
        assert!(fail(&quiet, 11, 11, true, 1, failures(2)), "once it has left");
    }

    #[test]
    fn where_rates_mean_something_it_says_nothing() {
        let quiet = QuietFailures::default();
        for call in 0..9 {
            assert!(!fail(&quiet, call, call, true, 0, failures(20)));
        }
        assert!(quiet.is_busy(7) && !quiet.is_busy(8));
        quiet.forget_busy();
        assert!(!quiet.is_busy(7) && !quiet.is_busy(0));
    }

    #[test]
    fn it_counts_as_many_as_are_written() {
        for limit in [2, 4, 9] {
            let quiet = QuietFailures::default();
            let settings =
                settings!(BreakerSettings { quiet_failures: Some(limit), ..BreakerSettings::default() });
            let opened = (1..20).find(|&call| {
                let context = FailureContext { generation: 0, counts: failures(1), successes: 0 };
                let origin = Origin { call: Tick(call), is_first: true };
                quiet.fail(None, Tick(call), origin, context, &settings)
            });
            assert_eq!(opened, Some(u64::from(limit)));
        }
        let off = settings!(BreakerSettings { quiet_failures: None, ..BreakerSettings::default() });
        let context = FailureContext { generation: 0, counts: failures(1), successes: 0 };
        let quiet = QuietFailures::default();
        assert!((0..99).all(|call| {
            !quiet.fail(None, Tick(call), Origin { call: Tick(call), is_first: true }, context, &off)
        }));
    }
}
