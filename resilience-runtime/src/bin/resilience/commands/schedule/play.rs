//! Draws the delays of many calls that keep failing, for `resilience schedule`. In: a policy. Out: how they are spread.

use std::time::Duration;

use resilience_runtime::policy::{CallPolicy, Ratio};
use serde::Serialize;

/// More retries than this are not shown one by one.
const MOST_SHOWN: u32 = 50;

/// More delays than this are not drawn for the sums, once those that are shown have been: it takes a second, for which a build
/// without optimization gets through a tenth.
const MOST_DRAWN: u32 = if cfg!(debug_assertions) { 500_000 } else { 5_000_000 };

/// The delay before one retry, or all delays together, in seconds.
#[derive(Debug, Serialize)]
pub(super) struct Spread {
    /// Of a retry its number, from 1.
    pub(super) retry: Option<u32>,
    pub(super) least: f64,
    pub(super) p50: f64,
    pub(super) p90: f64,
    pub(super) p99: f64,
    pub(super) most: f64,
    pub(super) mean: f64,
}

#[derive(Debug, Serialize)]
pub(super) struct Played {
    pub(super) strategy: &'static str,
    pub(super) calls: u32,
    pub(super) seed: u64,
    /// How many retries a call makes at most; none is no limit.
    pub(super) retries_of_call: Option<u32>,
    /// The first of them.
    pub(super) retries: Vec<Spread>,
    /// How many of them are in the sums.
    pub(super) retries_in_total: u32,
    /// The delays of a call, in all.
    pub(super) total: Option<Spread>,
    /// In seconds; none is no deadline.
    pub(super) deadline: Option<f64>,
}

impl Played {
    /// Retry by retry, of all calls at once: so there is one delay of each call to keep, however many retries it makes.
    pub(super) fn of(policy: &CallPolicy, retries: u32, calls: u32, seed: u64, rate: Ratio) -> Self {
        let drawn = retries.min((MOST_DRAWN / calls).max(MOST_SHOWN));
        let delays = |call| policy.backoff.delays().seeded(seed.wrapping_add(call)).at_failure_rate(rate);
        let mut of_calls: Vec<_> = (0..u64::from(calls)).map(delays).collect();
        let mut totals = vec![Duration::ZERO; of_calls.len()];
        let mut shown = Vec::new();
        for retry in 1..=drawn {
            let mut of_retry = Vec::with_capacity(if retry <= MOST_SHOWN { of_calls.len() } else { 0 });
            for (call, total) in of_calls.iter_mut().zip(&mut totals) {
                let delay = call.next().unwrap_or_default();
                *total = total.saturating_add(delay);
                if retry <= MOST_SHOWN {
                    of_retry.push(delay);
                }
            }
            if retry <= MOST_SHOWN {
                shown.push(Spread::of(Some(retry), of_retry));
            }
        }
        Self {
            strategy: policy.backoff.strategy.name(),
            calls,
            seed,
            retries_of_call: Some(retries).filter(|retries| *retries < u32::MAX - 1),
            retries: shown,
            retries_in_total: drawn,
            total: (retries > 0).then(|| Spread::of(None, totals)),
            deadline: policy.deadline.map(|deadline| deadline.as_secs_f64()),
        }
    }

    /// Whether the sums have all retries.
    pub(super) fn is_whole(&self) -> bool {
        self.retries_of_call == Some(self.retries_in_total)
    }

    /// What the table does not have.
    pub(super) fn notes(&self) -> Vec<String> {
        let all = self.retries_of_call.map_or_else(|| "as many as fit".to_owned(), |all| all.to_string());
        let (shown, summed) = (self.retries.len(), self.retries_in_total);
        let mut notes = Vec::new();
        if self.retries_of_call.is_none_or(|all| all > MOST_SHOWN) {
            notes.push(format!("the first {shown} retries are shown, of {all}"));
        }
        if !self.is_whole() {
            notes.push(format!("`all` is the sum of the first {summed} retries, of {all}"));
        }
        notes
    }
}

impl Spread {
    /// Of at least one delay.
    fn of(retry: Option<u32>, mut delays: Vec<Duration>) -> Self {
        delays.sort_unstable();
        // The nearest rank: a delay that there was.
        let at = |percent: usize| {
            let rank = (delays.len() * percent).div_ceil(100).max(1);
            delays.get(rank - 1).map_or(0.0, Duration::as_secs_f64)
        };
        // In whole nanoseconds: a sum of floating-point seconds of one delay is not that delay.
        let sum: Duration = delays.iter().sum();
        let count = u32::try_from(delays.len()).unwrap_or(u32::MAX).max(1);
        let mean = (sum / count).as_secs_f64();
        Self { retry, least: at(0), p50: at(50), p90: at(90), p99: at(99), most: at(100), mean }
    }
}
