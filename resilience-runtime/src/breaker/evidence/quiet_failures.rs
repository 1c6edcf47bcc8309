//! Weighs the failures of a service under light traffic (`quiet_failures`); `opening` decides by it. In: the failures of a service
//! that is called too rarely for rates. Out: whether they are enough.
//!
//! With fewer than `min_calls` results in the window a rate means nothing, and under light traffic that is always the
//! case. The rule here asks instead: were the last results all failures, at least `quiet_failures` of them, of several
//! calls, and recent? Several calls, because one request that can never succeed brings a failure per attempt. Only failures are
//! recorded: whether there was a success in between is found by adding up the counters of all threads, so that a
//! success writes nothing for this rule.

use std::collections::VecDeque;
use std::time::Duration;

use resilience_settings::policy::BreakerSettings;

use super::vote::Counts;
use crate::clock::{Tick, nanos};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, lock};

/// How many different calls the failures must belong to. In simulations, two calls open the breaker several times a
/// day if a twentieth of the requests can never succeed; four take longer without a gain.
const CALLS: usize = 3;

/// How long a failure counts: long enough for three calls a minute apart and their retries. Older ones say little
/// about now.
const MEMORY: Duration = Duration::from_mins(5);

/// The call that a result belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// When the call began; zero if not known. Several calls can begin at the same time.
    pub(crate) call: Tick,
    /// Whether the result is that of the first attempt, of which each call has one.
    pub(crate) is_first: bool,
}

impl Origin {
    /// For results that are not counted as failures.
    pub(crate) const NONE: Self = Self { call: Tick(0), is_first: false };
}

/// The state of the window when a failure is counted.
#[derive(Clone, Copy, Debug)]
pub(in crate::breaker) struct FailureContext {
    /// The generation that the failure belongs to.
    pub(in crate::breaker) generation: u32,
    /// The results in the window, this failure included.
    pub(in crate::breaker) counts: Counts,
    /// A number that changes with each success.
    pub(in crate::breaker) successes: u64,
}

/// The recent failures of a service with light traffic.
#[derive(Debug, Default)]
pub(in crate::breaker) struct QuietFailures {
    /// The slice in which the window reached `min_calls`, as `1 << 32 | mark`: until that slice ends, rates are
    /// meaningful, and failures then come too fast for a lock each.
    busy: AtomicU64,
    run: Mutex<FailureRun>,
}

/// The failures since the last success.
#[derive(Debug, Default)]
struct FailureRun {
    generation: u32,
    successes: u64,
    failures: VecDeque<(Tick, Origin)>,
}

impl QuietFailures {
    /// Whether the window of this mark is known to hold enough results for rates.
    #[inline]
    pub(in crate::breaker) fn is_busy(&self, mark: u32) -> bool {
        self.busy.load(Ordering::Relaxed) == busy(mark)
    }

    /// Counts a failure; whether it opens the breaker. `mark` is the slice of a time window.
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
        let mut run = lock(&self.run);
        if (run.generation, run.successes) != (generation, successes) {
            run.failures.clear();
            (run.generation, run.successes) = (generation, successes);
        }
        run.failures.retain(|(at, _)| now.nanos_since(*at) <= nanos(MEMORY));
        run.failures.push_back((now, origin));
        while run.failures.len() > limit {
            let spare = spare(&run.failures);
            run.failures.remove(spare);
        }
        counts.failures() == counts.total()
            && run.failures.len() == limit
            && are_of_calls(&run.failures, CALLS.min(limit))
    }

    /// Forgets the busy slice, because settings have changed.
    pub(in crate::breaker) fn forget_busy(&self) {
        self.busy.store(0, Ordering::Relaxed);
    }
}

fn busy(mark: u32) -> u64 {
    1 << 32 | u64::from(mark)
}

/// Which failure says least: the oldest retry of a call that has another failure here, or else the oldest of all. If the oldest
/// always went, calls of as many attempts as there are places would follow each other for ever and never be three.
fn spare(failures: &VecDeque<(Tick, Origin)>) -> usize {
    let of_call = |call| failures.iter().filter(|(_, origin)| origin.call == call).count();
    failures.iter().position(|(_, Origin { call, is_first })| !is_first && of_call(*call) > 1).unwrap_or(0)
}

/// Whether the failures belong to at least `least` calls. Failures of one call share its start time, and at most one
/// of them is of a first attempt.
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

    /// One failure at a time in seconds, of the call that began then, with these results in the window.
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
    fn calls_of_many_attempts_are_several_too() {
        for attempts in 1..9 {
            let quiet = QuietFailures::default();
            let opened = (0..9 * attempts).position(|turn| {
                let call = turn / attempts;
                fail(&quiet, 10 * call, call, turn % attempts == 0, 0, failures(1))
            });
            // The first attempt of the third call, if there are five failures by then.
            assert_eq!(opened.map(|turn| turn as u64), Some((2 * attempts).max(4)), "{attempts} attempts");
        }
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
