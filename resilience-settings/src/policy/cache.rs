//! The checked settings of a response cache.

use std::time::Duration;

use crate::words;

words! {
    /// When a response cache answers.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum CacheMode {
        /// Only when the call has failed.
        #[default]
        OnFailure = "on_failure",
        /// Before the call is made; concurrent calls with one key share one execution.
        ReadThrough = "read_through",
    }
}

/// How long answers are kept, and how many.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CacheSettings {
    /// How long an answer is fresh.
    pub ttl: Duration,
    /// How long it may still be served after that: when the call fails, and in `ReadThrough` while one caller fetches
    /// a new one.
    pub stale_for: Duration,
    /// How many answers are kept; at least 1.
    pub capacity: u32,
    /// When it answers.
    pub mode: CacheMode,
}

impl Default for CacheSettings {
    /// Fresh for a minute, served for five more, a thousand answers, only on failure.
    fn default() -> Self {
        Self {
            ttl: Duration::from_mins(1),
            stale_for: Duration::from_mins(5),
            capacity: 1_000,
            mode: CacheMode::OnFailure,
        }
    }
}
