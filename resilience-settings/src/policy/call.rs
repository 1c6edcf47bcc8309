//! The checked settings of one call site, immutable and compared by content.

use std::time::Duration;

use super::cache::CacheSettings;
use super::hedge::{AdaptiveTimeout, HedgeSettings};
use super::numbers::{Multiplier, Ratio};
use crate::Priority;
use crate::keys::value::{NestedRetries, Strategy};

/// The settings of every call that one call site makes, frozen while the call runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "four parts of a call are switched on their own")]
pub struct CallPolicy {
    /// How often the body may run, the first time included; at least 1.
    pub max_attempts: u32,
    /// The delays between attempts.
    pub backoff: Backoff,
    /// How long one run of the body may take.
    pub attempt_timeout: Option<Duration>,
    /// How the attempt timeout follows the latencies, when it does; `attempt_timeout` is then its ceiling.
    pub adaptive_timeout: Option<AdaptiveTimeout>,
    /// How long the whole call may take.
    pub deadline: Option<Duration>,
    /// Whether the body may run twice; `None` when nobody said.
    pub idempotent: Option<bool>,
    /// Which HTTP status codes are retried, when written.
    pub retryable_status_codes: Option<StatusCodes>,
    /// The longest wait that a server may ask for.
    pub max_retry_after: Duration,
    /// Whether to retry above an inner call that gave up.
    pub nested_retries: NestedRetries,
    /// How important the call is; `None` inherits the outer call's.
    pub priority: Option<Priority>,
    /// Copies of slow attempts, when on.
    pub hedge: Option<HedgeSettings>,
    /// The response cache, when on.
    pub cache: Option<CacheSettings>,
    /// How long a redirect or an asynchronous fallback may take once the deadline has passed; `None` takes the
    /// attempt timeout.
    pub degrade_timeout: Option<Duration>,
    /// Whether failed attempts are retried at all.
    pub retry_enabled: bool,
    /// Whether the calls of this site ask the breaker, and vote in it.
    pub circuit_breaker_enabled: bool,
    /// Whether retries and hedges of this site are paid out of the budget of the service.
    pub retry_budget_enabled: bool,
    /// Whether cache, redirect, fallback and static response answer for a failed call.
    pub degradation_enabled: bool,
}

/// What the delay strategies need.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Backoff {
    /// How the delay grows.
    pub strategy: Strategy,
    /// Where it starts.
    pub base_delay: Duration,
    /// Where it ends.
    pub max_delay: Duration,
    /// How fast it grows.
    pub multiplier: Multiplier,
    /// Which share is left to chance; `None` takes the strategy's own default.
    pub jitter: Option<Ratio>,
}

impl Backoff {
    /// The settings of a strategy: no delay is longer than `max_delay`; the multiplier is 2 and the jitter
    /// is the strategy's own until set.
    pub fn new(strategy: Strategy, base_delay: Duration, max_delay: Duration) -> Self {
        Self { strategy, base_delay, max_delay, multiplier: Multiplier::TWO, jitter: None }
    }
}

/// A set of HTTP status codes from 100 to 599.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StatusCodes([u64; 8]);

impl StatusCodes {
    /// The set of these codes; codes out of range are left out.
    pub fn new(codes: &[u16]) -> Self {
        let mut set = Self::default();
        for &code in codes {
            if let Some((word, bit)) = Self::place(code) {
                set.0[word] |= bit;
            }
        }
        set
    }

    /// Whether the set has the code.
    pub fn contains(&self, code: u16) -> bool {
        Self::place(code).is_some_and(|(word, bit)| self.0[word] & bit != 0)
    }

    fn place(code: u16) -> Option<(usize, u64)> {
        let index = usize::from(code.checked_sub(100)?);
        (index < 500).then_some((index / 64, 1 << (index % 64)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_codes_has_exactly_its_codes() {
        let set = StatusCodes::new(&[100, 429, 503, 599, 7, 600]);
        for code in 0..=700 {
            assert_eq!(set.contains(code), [100, 429, 503, 599].contains(&code), "{code}");
        }
    }
}
