//! Assertions on what has happened to a service in an isolated registry: in which order, and how often. What fails prints all of
//! it.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
//! use std::io::{Error, ErrorKind};
//! use resilience_runtime::{RejectionKind, comprehensive_retry, testing};
//! use testing::expect::Happening;
//!
//! #[comprehensive_retry("db", max_attempts = 3, breaker(consecutive_failures = 3, open_for = "30s"))]
//! async fn query() -> Result<u32, Error> {
//!     Err(ErrorKind::ConnectionReset.into())
//! }
//!
//! testing::isolated(async {
//!     query().await.unwrap_err();
//!     query().await.unwrap_err();
//!
//!     testing::expect("db").calls(2).retries(2).then_opens().then_rejects(RejectionKind::CircuitOpen);
//!     testing::expect("db").never(Happening::Succeeds).never(Happening::FallsBack);
//! })
//! .await;
//! # }
//! ```
//!
//! A failed assertion says what was expected, and shows the history with the time since the isolated future began:
//!
//! ```text
//! `db`: expected a retry exactly 3 times, found 2
//! after: a call exactly 2 times
//! what happened to `db` (random numbers from seed 0):
//!         0 s  call of `query`
//!         0 s  attempt 1: retryable (std::io::error::Error)
//!    0.0541 s  attempt 2 begins, a retry
//! …
//! ```

#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod expect;
mod happening;
mod history;
mod words;

pub use self::expect::{Expect, expect};
pub use self::happening::Happening;
