//! What a breaker counts, when it opens, and what is told of it.

mod breaker_totals;
mod last_calls;
mod light;
mod votes;
