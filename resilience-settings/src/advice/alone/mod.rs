//! Advice on one service and its settings, without measurements, rule by rule.

mod all;
mod latency;
mod never;
mod retries;

pub(super) use all::alone;
pub(super) use latency::{has_time, longest_attempt, made_of, worst_case};
pub(super) use retries::deposited;
