//! Data: the checked settings of one call site, immutable and compared by content.

use std::time::Duration;

use super::cache::CacheSettings;
use super::fields::{choose, settings};
use super::hedge::{AdaptiveTimeout, HedgeSettings};
use super::idempotency::IdempotencySettings;
use super::numbers::{Multiplier, Ratio};
use super::status_codes::StatusCodes;
use crate::Priority;
use crate::keys::value::{NestedRetries, Strategy};

settings! {
    /// The settings of every call that one call site makes, frozen while the call runs.
    ///
    /// There is at least one attempt. A `priority` of `None` inherits the outer call's, `idempotent` is `None` when nobody said,
    /// and a `degrade_timeout` of `None` takes the attempt timeout.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct CallPolicy {
        /// The delays between attempts.
        pub backoff: Backoff => Backoff::of(|_| None),
        /// How long one run of the body may take.
        pub attempt_timeout: Option<Duration> => None,
        /// How the attempt timeout follows the latencies, when it does; `attempt_timeout` is then its ceiling.
        pub adaptive_timeout: Option<AdaptiveTimeout> => None,
        /// Copies of slow attempts, when on.
        pub hedge: Option<HedgeSettings> => None,
        /// The response cache, when on.
        pub cache: Option<CacheSettings> => None,
        /// Protection by an idempotency key, when on.
        pub idempotency: Option<IdempotencySettings> => None,
    }
}

settings! {
    /// What the delay strategies need; a `jitter` of `None` takes the strategy's own default.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct Backoff {}
}

impl Backoff {
    /// The settings of a strategy: no delay is longer than `max_delay`; the multiplier is 2 and the jitter
    /// is the strategy's own until set.
    pub fn new(strategy: Strategy, base_delay: Duration, max_delay: Duration) -> Self {
        Self { strategy, base_delay, max_delay, multiplier: Multiplier::TWO, jitter: None }
    }
}
