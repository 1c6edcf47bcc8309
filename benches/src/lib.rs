//! Ours beside the peers: one list of cases, and what the programs that measure them share.
//!
//! A [`Case`] makes calls through one library in one configuration. Criterion and the programs in `src/bin` all
//! take theirs from [`cases::all`], so that every figure is about the same thing. That the peers do what they are
//! configured to do is proved by `tests/peers_are_live.rs`, and what ours is configured with by
//! `tests/ours_is_configured_alike.rs`.
//!
//! ```text
//! cargo bench -p benches --bench full_stack                  # or patterns, error_path, open_breaker: criterion
//! cargo run -p benches --profile bench --bin wall            # nanoseconds per call, all cases round by round
//! cargo run -p benches --profile bench --bin instructions    # per call, by valgrind's callgrind
//! cargo run -p benches --profile bench --bin allocations     # and bytes, per call
//! cargo run -p benches --profile bench --bin gates           # ours against the counts pinned in gates.tsv
//! cargo run -p benches --profile bench --bin contention      # calls per second from one thread and from two
//! ```
//!
//! The programs write tab-separated lines: metric, group, case, value, unit, note. They all take `--filter TEXT`,
//! again and again, and `--no-statistics`, which measures ours with `enable_global_metrics = false`.
//!
//! # Fairness
//!
//! * Everybody makes as many attempts with as long delays, and has the same windows, timeouts and limits
//!   ([`setting`]). Where a peer has no such thing, its note says so. Telemetry of the peers is off; statistics of
//!   ours are on, unless the name of the case says otherwise.
//! * No limit is reached and no breaker opens where the group does not say so; a call that does not end as its case
//!   says ends the program.
//! * A body that waits is polled again at once, so that no scheduler is measured. Loops run without tokio's
//!   cooperative budget. One other timer is always armed, as in any program that has work.

pub mod callgrind;
mod case;
pub mod cases;
pub mod config_text;
pub mod distance;
pub mod flags;
pub mod future_sizes;
pub mod measure;
pub mod ops;
pub mod peers;
pub mod report;
pub mod row;
pub mod setting;

pub use case::{Batch, Case, LANES, Outcome};
