//! Load from an open loop: calls start when a schedule says so, whatever became of the earlier ones, and their times count
//! from the intended start.
//!
//! A loop that waits for an answer before it sends the next request (a *closed* loop) stops asking while the server stalls,
//! so the stall is one slow call among thousands. Users do not stop asking. [`load`](fn@load) computes all starts first,
//! keeps to them, and measures from them.
//!
//! * A generator that was itself late measures itself: when the 99th percentile of *actual start − intended start* is above
//!   5 ms and above 10 % of the median latency, the run is [saturated](Report::is_saturated) and has no percentiles.
//! * A limit on calls in flight protects the machine that generates. Calls that it keeps from starting are counted, are no
//!   successes, and rank above all that were measured: if they are 2 % of the calls, there is no `p99`, and thresholds
//!   on it are missed.
//! * On tokio's paused clock everything is exact and takes no time, as long as the body waits for timers alone: a body that
//!   waits for a real socket sees the clock leap, as in every paused test.

mod arrivals;
mod builder;
mod call_end;
mod error;
mod pace;
mod progress;
mod recorder;
mod report;
mod run;
mod running;
mod schedule;
mod sequence;
mod terminal;
#[cfg(test)]
mod tests;
mod threshold;

pub use builder::{Load, load};
pub(super) use call_end::{CallEnd, ended};
pub use error::LoadError;
pub use progress::Progress;
pub use report::{Baseline, Change, Comparison, Report, ThresholdResult, Verdict};
pub use schedule::Schedule;
pub(super) use sequence::one_after_another;
pub use terminal::takes_commands;
pub use threshold::{Threshold, ThresholdError};
