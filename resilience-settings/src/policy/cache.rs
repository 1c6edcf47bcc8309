//! The checked settings of a response cache.

use std::time::Duration;

use super::fields::settings;
use crate::keys::value::CacheMode;

settings! {
    /// How long answers are kept, and how many.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct CacheSettings {
        /// How long an answer is fresh.
        pub ttl: Duration = CacheTtl,
        /// How long it may still be served after that: when the call fails, and in `ReadThrough` while one caller fetches
        /// a new one.
        pub stale_for: Duration = CacheStaleFor,
        /// How many answers are kept; at least 1.
        pub capacity: u32 = CacheCapacity,
        /// When it answers.
        pub mode: CacheMode = CacheMode,
    }
}

impl Default for CacheSettings {
    /// Fresh for a minute, served for five more, a thousand answers, only on failure.
    fn default() -> Self {
        Self::of(|_| None)
    }
}
