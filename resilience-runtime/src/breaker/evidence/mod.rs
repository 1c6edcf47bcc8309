//! The evidence by which a breaker opens: votes, counted in windows and in a row. Whether it is enough, `opening` decides.
//!
//! Votes are counted in a window of time (`time_window`) or of calls (`count_window`), and failures in a row by
//! `streak`. `next_evaluation` says when the rates can have been reached at the earliest, and `quiet_failures` opens
//! the breaker of a rarely called service without a rate.

pub(super) mod cast_vote;
pub(super) mod count_window;
pub(super) mod next_evaluation;
pub(super) mod quiet_failures;
pub(super) mod streak;
pub(super) mod time_window;
pub(super) mod vote;
pub(super) mod vote_sink;
