//! In: a call that has failed, or may be answered early. Out: an answer of its cache, redirect, fallback or fixed response.

pub(super) mod cache_lookup;
pub(super) mod degraded;
pub(super) mod source_future;
pub(in crate::call) mod unanswered;
