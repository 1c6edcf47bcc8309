//! What a breaker knows of its dependency: votes, and the rules that say when they are bad enough to open it.
//!
//! Votes go into a window of time (`window`) or of calls (`count_window`), and into a count of failures in a row (`streak`).
//! `patience` says when the rates are worth another look, and `quiet` when the failures of a rarely called service open
//! the breaker without a rate.

pub(super) mod count_window;
pub(super) mod next_evaluation;
pub(super) mod quiet_failures;
pub(super) mod streak;
pub(super) mod time_window;
pub(super) mod vote;
pub(super) mod vote_sink;
