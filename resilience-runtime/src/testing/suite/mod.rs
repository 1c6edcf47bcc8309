//! All that is known of a service's resilience, tested in one run: its settings, its behaviour while things fail, under load,
//! and what a call costs.
//!
//! ```
//! use std::io::ErrorKind;
//! use std::time::Duration;
//!
//! use resilience_runtime::comprehensive_retry;
//! use resilience_runtime::testing::load::Schedule;
//! use resilience_runtime::testing::suite::{Subject, TestSuite};
//! use resilience_runtime::testing::{chaos, isolated, run_comprehensive_test_suite};
//!
//! #[comprehensive_retry(service = "prices")]
//! async fn price(of: u32) -> Result<u32, std::io::Error> {
//!     Ok(of * 100)
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
//! let five_seconds = Duration::from_secs(5);
//! let prices = Subject::new("price", || price(7))
//!     .load(Schedule::poisson(50.0, five_seconds), ["p99 < 80 ms", "success >= 100 %"])
//!     .chaos(
//!         "one attempt of ten fails",
//!         || chaos::rule("prices").io_error(ErrorKind::ConnectionReset).rate(0.1).arm(),
//!         Schedule::poisson(50.0, five_seconds),
//!         ["success > 98 %"],
//!     )
//!     .benchmark(100, ["p99 < 10 ms"]);
//! let report = isolated(run_comprehensive_test_suite(TestSuite::new("prices").subject(prices))).await;
//!
//! assert!(report.has_passed(), "{report}");
//! let for_ci = report.to_junit();
//! # assert!(for_ci.starts_with("<?xml"));
//! # }
//! ```

mod builder;
mod configuration;
mod expectation;
mod junit;
mod outcome;
mod run;
mod stages;
mod text;

pub use builder::{Subject, TestSuite};
pub use expectation::{Expectation, Met};
pub use outcome::{Stage, StageKind, SuiteReport};
pub use run::run_comprehensive_test_suite;
