//! Data: the checked settings of a response cache.

use std::time::Duration;

use super::fields::{choose, settings};
use crate::keys::value::CacheMode;

settings! {
    /// How long answers are kept, and how many: at least one.
    ///
    /// One that is no longer fresh is served when the call fails, and in `ReadThrough` while one caller fetches a new one.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct CacheSettings {}
}

impl Default for CacheSettings {
    /// Fresh for a minute, served for five more, a thousand answers, only on failure.
    fn default() -> Self {
        Self::of(|_| None)
    }
}
