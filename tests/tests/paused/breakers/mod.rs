//! What a breaker counts, when it opens, and what is told of it.

mod breaker_totals;
mod light;
mod votes;
