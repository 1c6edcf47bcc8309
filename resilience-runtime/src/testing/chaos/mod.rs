//! Faults on purpose: errors, delays, hangs, panics, rejections and wrong results, injected into the attempts of services,
//! without touching the code that calls them.
//!
//! A [`rule`] says whom it hits and with what; it acts while its [guard](ArmedRule) lives. Where nothing is armed, an attempt pays
//! one load of one `bool`, and without feature `testing` none of this exists.
//!
//! ```
//! use std::io;
//! use resilience_runtime::testing::{self, chaos};
//! use resilience_runtime::{RejectionKind, comprehensive_retry};
//!
//! #[comprehensive_retry(service = "db", max_attempts = 2, base_delay = "1ms")]
//! async fn load(id: u64) -> Result<u64, io::Error> {
//!     Ok(id)
//! }
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! testing::isolated(async {
//!     let down = chaos::rule("db").error(|| io::Error::from(io::ErrorKind::TimedOut)).arm();
//!     assert_eq!(load(7).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
//!     assert_eq!(down.injected(), 2);
//!     drop(down);
//!     assert_eq!(load(7).await.unwrap(), 7);
//!
//!     // The function runs, and returns what it never would.
//!     let _wrong = chaos::rule("db@load").change_ok(|id: &mut u64| *id += 1).count(1).arm();
//!     assert_eq!(load(7).await.unwrap(), 8);
//! })
//! .await;
//! # }
//! ```
//!
//! When a rule is disarmed or expires, attempts that wait or hang by it go on at once, and are not hit any more.
//!
//! Each injection is counted under the name of its rule ([`injections`](crate::monitor::snapshot::ServiceSnapshot), on the page
//! for Prometheus `resilience_chaos_injections_total`) and is an event of target `resilience::chaos`.
//!
//! # Types
//!
//! A rule has an error of one type, and the services that it hits have functions that return others. An attempt takes an
//! error if it is of the type of its function, and an [`io::Error`](std::io::Error) also if its own is `From<io::Error>`.
//! A call by a handle knows only its own type. What a rule with [`change_ok`](RuleBuilder::change_ok)
//! changes is [`Injectable`](crate::Injectable), and returned by an annotated function. A function that does not take what a rule
//! has runs as if there were none, and that is a [finding](crate::Registry::findings).
//! So is a rule that is armed for a service or a function which the program does not have.
//!
//! To take an error out of a rule, an attempt must know that its type borrows nothing, which for a type parameter cannot be
//! asked. So a function whose error is one, or an associated type of one, is sure to take it only where its bounds say
//! `Injectable`; where they say `From<io::Error>`, it is made from one as any other. A call by a handle has errors that are `'static` anyway. One thing does not compile with this feature alone: an
//! error that is a parameter of an `impl` block, with a name of three letters or more, whose bounds say `Unpin` and not
//! `'static`. Add `'static` there.
//!
//! # Clients
//!
//! An [`io::Error`](std::io::Error), as [`io_error`](RuleBuilder::io_error), the steps of a [script](crate::testing::script) and
//! `error = "connection_refused"` in files have, becomes the error of a client where its feature is on and the function returns that
//! error, or one that is `From` it: what the client itself reports when that happens to its connection. Nothing is opened
//! or sent for it.
//!
//! | feature | error | as |
//! | --- | --- | --- |
//! | `reqwest` | `reqwest::Error` | no connection: refused, unreachable, no address; an answer that breaks off or times out: everything else |
//! | `reqwest-middleware` | `reqwest_middleware::Error` | the same, as `Reqwest` |
//! | `hyper-util` | `hyper_util::client::legacy::Error` | no connection |
//! | `tonic` | `tonic::Status` | the code that `tonic` has for it: `Unavailable`, `DeadlineExceeded` |
//! | `sqlx` | `sqlx::Error` | `Io` |
//! | `tokio-postgres` | `tokio_postgres::Error` | a connection that breaks |
//! | `redis`, `redis-1` | `redis::RedisError` | `Io` |
//!
//! Other errors of these clients, such as a status, are made by a closure: `.error(|| tonic::Status::resource_exhausted("busy"))`,
//! also for functions whose error is `From` the client's.
//!
//! # From outside
//!
//! Rules of `[chaos]` tables in a file, and those that an operator arms over HTTP, act only in a process that has called
//! [`allow`]. Their errors are named: a kind of the standard library, such as `timed_out`, or what the program has
//! [registered](register).
//!
//! ```toml
//! [chaos.slow-evening]
//! target = "db"                          # a service, `db@load` for one function of it, or `*`
//! latency = "lognormal(200ms, 0.5)"      # or `200ms`, `uniform(100ms, 300ms)`, `normal(…)`, `exponential(…)`, `pareto(…)`
//! error = "timed_out"                    # or `hang = true`, `panic = true`, `reject = "circuit_open"`
//! rate = 0.2                             # a fifth of the attempts
//! count = 1000                           # then it is over
//! after = "10s"                          # the first 10 s nothing, then in each minute 5 s long
//! for = "5s"
//! every = "1m"
//! expires_after = "1h"
//! ```

mod armed;
mod register;
mod rule;

pub use self::armed::ArmedRule;
pub use self::register::{allow, is_allowed, register, rules};
pub use self::rule::{RuleBuilder, rule};
pub use crate::chaos::RuleStatus;
pub use resilience_settings::distribution::Distribution;
