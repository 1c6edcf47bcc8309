//! Calls go in, how long they took comes out: the runtimes and the rounds of the timing programs.

use std::fs;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::task::unconstrained;
use tokio::time::sleep;

use crate::Case;

/// A runtime of this thread.
///
/// # Panics
///
/// When the system gives none.
pub fn on_this_thread() -> Runtime {
    with_a_timer(Builder::new_current_thread().enable_all().build().expect("a runtime"))
}

/// A runtime of so many threads beside this one.
///
/// # Panics
///
/// When the system gives none.
pub fn on_threads(threads: usize) -> Runtime {
    let runtime = Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    with_a_timer(runtime.expect("a runtime"))
}

/// A timer that ends sooner than all others wakes the driver when it is armed, with a system call. In a program that
/// has work some other timer is always sooner, and so is this one.
fn with_a_timer(runtime: Runtime) -> Runtime {
    runtime.spawn(async {
        loop {
            sleep(Duration::from_millis(200)).await;
        }
    });
    // Long enough for the task above to have armed it.
    runtime.block_on(async { sleep(Duration::from_millis(5)).await });
    runtime
}

/// The processor time of this thread, so that others on the machine do not count.
///
/// # Errors
///
/// When the system does not tell.
pub fn processor_time() -> Result<Duration, String> {
    const FILE: &str = "/proc/thread-self/schedstat";
    let text = fs::read_to_string(FILE).map_err(|error| format!("{FILE}: {error}"))?;
    let nanos = text.split_whitespace().next().and_then(|field| field.parse().ok());
    nanos.map(Duration::from_nanos).ok_or_else(|| format!("{FILE}: not a number of nanoseconds: `{text}`"))
}

/// How long so many calls take, one after the other. Without tokio's cooperative budget, which would be measured too.
pub fn time(runtime: &Runtime, case: &Case, calls: u64) -> Duration {
    runtime.block_on(async {
        let batch = unconstrained(case.start(0, calls));
        let start = Instant::now();
        batch.await;
        start.elapsed()
    })
}

/// How many calls take about that long, found by trying. `time` is given a number of calls.
pub fn calls_within(target: Duration, mut time: impl FnMut(u64) -> Duration) -> u64 {
    // The first calls also make what the others find made: clocks are calibrated, services registered.
    time(1);
    let mut calls = 1;
    loop {
        let taken = time(calls);
        if taken >= target / 2 || calls >= 1 << 30 {
            let share = target.as_nanos().saturating_mul(u128::from(calls)) / taken.as_nanos().max(1);
            return u64::try_from(share).unwrap_or(u64::MAX).max(1);
        }
        calls *= 4;
    }
}

/// Does something for each of so many, round by round: what happens to the machine then happens to all. Each round
/// starts elsewhere, so that nobody always runs after the same neighbour. Beyond the limit no round begins but the
/// first: on a machine that is busy otherwise there are fewer.
pub fn interleaved(rounds: usize, limit: Duration, many: usize, mut run: impl FnMut(usize)) {
    let start = Instant::now();
    for round in 0..rounds {
        if round > 0 && start.elapsed() >= limit {
            return;
        }
        for place in 0..many {
            run((place + round * 7) % many);
        }
    }
}

/// The value in the middle; nothing of nothing.
pub fn median(samples: &[f64]) -> Option<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&[9.0, 1.0]), Some(5.0));
        assert_eq!(median(&[9.0, 1.0, 2.0]), Some(2.0));
    }

    #[test]
    fn the_number_of_calls_fits_the_time() {
        let per_call = Duration::from_nanos(50);
        let calls = calls_within(Duration::from_millis(8), |calls| per_call * u32::try_from(calls).unwrap());
        assert_eq!(calls, 160_000);
        let slow = calls_within(Duration::from_millis(8), |_| Duration::from_secs(1));
        assert_eq!(slow, 1);
    }

    #[test]
    fn every_round_meets_everybody_and_starts_elsewhere() {
        let mut seen = Vec::new();
        interleaved(2, Duration::MAX, 3, |place| seen.push(place));
        assert_eq!(seen, [0, 1, 2, 1, 2, 0]);
    }

    #[test]
    fn only_the_first_round_goes_beyond_the_limit() {
        let mut seen = Vec::new();
        interleaved(9, Duration::ZERO, 3, |place| seen.push(place));
        assert_eq!(seen, [0, 1, 2]);
    }
}
