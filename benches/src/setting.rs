//! What ours and the peers are all configured with.
//!
//! Breakers need at least as many results as the peers' default windows hold; no limit is ever reached, so that
//! the price of asking is measured and not that of waiting. The attributes in `cases` repeat these numbers, because
//! an attribute takes literals; `tests/ours_is_configured_alike.rs` compares them.

use std::time::Duration;

/// Attempts of a call, the first included.
pub const ATTEMPTS: u32 = 3;
/// The delay after the first failure. It doubles, with jitter.
pub const BASE_DELAY: Duration = Duration::from_millis(10);
/// How long one attempt may take.
pub const TIMEOUT: Duration = Duration::from_secs(1);
/// What a breaker with a time window looks back on.
pub const WINDOW: Duration = Duration::from_secs(30);
/// Results before a breaker may open; also the length of a window that counts calls.
pub const MIN_CALLS: u32 = 100;
/// The share of failures that opens a breaker.
pub const FAILURE_RATE: f32 = 0.5;
/// Attempts that may run at once.
pub const CONCURRENT: usize = 1024;
/// Calls per second of the rate limits: more than a processor can make.
pub const PER_SECOND: u32 = 1_000_000_000;
