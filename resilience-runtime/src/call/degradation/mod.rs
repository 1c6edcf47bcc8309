//! Answers in place of the body's: `cache_lookup` has them before a call, `degraded` once it has failed. In: a call. Out: an answer
//! of its cache, redirect, fallback or fixed response.

pub(super) mod cache_lookup;
pub(super) mod degraded;
pub(super) mod source_future;
pub(in crate::call) mod unanswered;
