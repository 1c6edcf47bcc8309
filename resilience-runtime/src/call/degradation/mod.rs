//! Degradation around the attempts of a call: its response cache, and the sources that may answer when it has failed.

pub(super) mod cache_lookup;
pub(super) mod degraded;
pub(super) mod source_future;
pub(in crate::call) mod unanswered;
