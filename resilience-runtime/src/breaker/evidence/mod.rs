//! What a breaker knows of its dependency: votes, and the rules that say when they are bad enough to open it.
//!
//! Votes go into a window of time (`window`) or of calls (`ring`), and into a count of failures in a row (`streak`).
//! `patience` says when the rates are worth another look, and `quiet` when the failures of a rarely called service open
//! the breaker without a rate.

pub(super) mod patience;
pub(super) mod quiet;
pub(super) mod ring;
pub(super) mod streak;
pub(super) mod vote;
pub(super) mod window;
