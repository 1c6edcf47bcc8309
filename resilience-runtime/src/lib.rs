//! Retries, circuit breakers, retry budgets and live settings behind one attribute on an `async fn`.
//!
//! Any call to something remote fails sometimes, and naive retries turn a small failure into an outage. This
//! crate makes such a call safe:
//!
//! ```
//! use resilience_runtime::comprehensive_retry;
//!
//! #[comprehensive_retry(service = "claude_api", kind = AiService, max_attempts = 5, base_delay = "2s")]
//! async fn call_claude(prompt: &str) -> Result<String, std::io::Error> {
//!     Ok(format!("an answer to {prompt}"))
//! }
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! assert_eq!(call_claude("hello").await.unwrap(), "an answer to hello");
//! # }
//! ```
//!
//! All functions that name one service share its breaker and its budget, kept in the [`registry()`]. What they do
//! by default is set by the [kind](ServiceKind) of the service; what they do in this program by the attribute and by
//! a TOML file ([`load_config_from_file`], [`watch_config_file`]), which may change while the program runs.
//!
//! # One call, from the outside in
//!
//! `deadline > idempotency > degradation > admission by priority > retry (budget) > hedge > breaker > throttle > rate limit >
//! bulkhead > attempt timeout > body`
//!
//! Deadline, retry with budget, breaker and attempt timeout are on unless switched off; the rest is off until written.
//!
//! * A **deadline** bounds everything that waits. It holds for the annotated calls inside the body too.
//! * A failure is **retried** when its error says so ([`classify`]), attempts and deadline allow it, the breaker
//!   will not be open by then, and the service's [budget](policy::BudgetSettings) pays for it.
//! * The **breaker** takes the vote of each attempt. An answer is a success, also one that says no; a throttled
//!   attempt and our own rejections are no vote.
//! * The **attempt timeout** ends one run of the body. It starts with the body, and its timer is armed only when the
//!   body has to wait.
//!
//! If any attempt returned an `Err` of its own, the last such error is the result, whatever ended the call. Only a
//! call without one ends in a [`Rejection`], turned into the error type by `From<Rejection>` or `on_rejection`.
//!
//! A call that is dropped gives everything back at once and is counted as cancelled. An attempt that was dropped
//! when it was older than `slow_call` (or half its timeout) counts as a failure: a dependency that hangs until
//! its callers give up does trip the breaker.
//!
//! # Degradation
//!
//! When a call has failed, others may answer for it, in this order: its response cache, a redirect, a fallback, a
//! static response. The error of such a source goes on to the next; when none has an answer, the *first* error is
//! the result. Retries and the breaker have seen that error before, and the counters show the call as it went;
//! [`answered_by`] tells who answered.
//!
//! * A redirect or an asynchronous fallback may use what is left of the deadline, or `degrade_timeout` (by default
//!   the attempt timeout) where that is longer, and never goes beyond the deadline of an outer call. The cache and
//!   the static response answer at once, also when the deadline has passed.
//! * A redirect is a call like any other, also of the same service. One that leads back to a function that is being
//!   answered for is rejected at once ([`RejectionKind::RedirectCycle`]); the chain then goes on where it was.
//! * The cache keeps the `Ok` values that bodies gave, never an answer of another source. With `ReadThrough` it
//!   answers before the call, and concurrent calls with one key share one execution: if the call that leads is
//!   dropped, the next one leads; if it fails, the next two do, so that a dead service meets neither a stampede nor
//!   an endless queue. Each has its own error then, and waits no longer than its own deadline.
//!
//! # Without an attribute
//!
//! A [handle](Resilient) makes the same calls for closures, and for services whose names are known at run time only. It is
//! made once; [`deadline`](ResilientCall::deadline), [`priority`](ResilientCall::priority) and
//! [`partition`](ResilientCall::partition) of one call are said at the call, and so are its
//! [`fallback`](ResilientCall::fallback) and the rules that are code; [its page](Resilient) lists what attributes set and
//! where a handle does. [`resilient_call`] is the short form.
//! [`with_deadline`] and [`with_priority`] hold for all calls inside a future.
//!
//! # Load
//!
//! * A **bulkhead** bounds how many attempts of a service run at once. Who finds it full waits in a bounded queue:
//!   first come first served within a priority, the higher priority first, and a wait of 250 ms weighs as much as
//!   one level of priority, so that nobody starves. A retry leaves it while it sleeps. When a permit comes free, a waiter
//!   whose call has no more time left than the median of recent bodies is passed over and ends with
//!   [`RejectionKind::WouldMissDeadline`], though no permit stays free for that; and once a waiter was lost to time, the
//!   newest call goes first and priority is strict, until nobody waits: under lasting overload, first come first served
//!   would serve everybody too late. In a full queue the less important waiters make room for the others.
//! * A **rate limit** spreads the attempts of a service evenly. Who may wait (`max_wait`) gets a slot in the order of
//!   coming, and reserves none: whoever is dropped or refused leaves its slot to the next. Who could not have one in
//!   time is turned away at once. A **throttle** keeps back, with growing probability, what the service would turn away
//!   anyway. After a wait for either queue the breaker is asked again.
//! * A waiter that is not polled keeps nobody from a permit, or from a slot under the rate limit, for long: after 100 ms the
//!   next is called as well, and whoever is polled first takes it.
//! * Under pressure the process **sheds** calls, the least important first ([`start_load_shedding`]). What was admitted
//!   further out is not thrown away halfway. [`with_priority`] says how important one request is.
//! * With **partitions** (`partition = expr`), tenants or hosts of one service have breakers, budgets and limits of
//!   their own: a bounded number of them, of which idle healthy ones make room first.
//! * A **hedge** starts a copy of a slow attempt: a full attempt with a vote, a permit and a token of its own. The
//!   loser is abandoned. Only for what is declared idempotent.
//!
//! # Nested calls
//!
//! An annotated call inside another shares the outer deadline and inherits its priority. A call of the same service
//! inside a call of that service passes through: it has no slot, token, retry or vote of its own, and leaves the
//! answer for a failure to the outer call.
//!
//! A rejection of an inner call is not retried by the outer call and is no vote in its breaker, time-outs excepted. Whether
//! it is what came out of a body is decided in this order: by a rule written on the outer function (`record_if` decides
//! the vote alone); by whether the rejection still exists when the body ends, at any depth and in clones too; by
//! [`Classify`] and the source chain; and for an error of which nothing is known, by whether the inner call's rejection was
//! lost in becoming that call's error. What the body drops or replaces is the body's own error.
//!
//! # Features
//!
//! | feature | for |
//! | --- | --- |
//! | `macros` (default) | the attributes and `#[derive(Classify)]` |
//! | `config` (default) | settings from TOML files, followed while the program runs; without it, attributes and [`update_service`] decide |
//! | `reqwest-013`, `reqwest-middleware-05`, `hyper-util-01`, `tonic-014`, `sqlx-09`, `tokio-postgres-07`, `redis-1` | classification of the errors of these clients, by major version; without the number, as `reqwest`, it is the newest major that is known, and follows it |
//! | `redis`, `redis-rustls` | [a store](store) of idempotency records on Redis or Valkey, the second with TLS, and the classification of `redis-1` |
//! | `anyhow`, `eyre` | [`Classify`] for their reports, which [handles](Resilient) need; attributes do without |
//! | `json` | results of `idempotency(store = …)`, which are kept as JSON |
//! | `serde` | `Serialize` for the snapshots of [`monitor()`] |
//! | `server` | `start_prometheus_server`: the page for Prometheus, the dashboard, its stream and its API over HTTP, or as an `axum::Router` |
//! | `otel`, `otel-histogram`, `otel-views` | metrics through a meter provider of OpenTelemetry: [`open_telemetry`] |
//! | `testing` | module `testing`: registries of their own for tests, on tokio's paused clock, load from an open loop; the program's own registry is as without it |
//! | `advice` | [`config`]`::advice` and `ConfigFile::advise`: what a file of settings is better changed in, as `resilience advise` says it |
//! | `schema` | [`config`]`::json_schema`: the JSON Schema of files of settings, by which editors complete and check them |
//! | `cli` | the program `resilience`, which checks and explains files of settings: `cargo install resilience-runtime --features cli` |
//!
//! # Cost
//!
//! A call that succeeds allocates nothing, takes no lock and looks nothing up by name. What was ever in force as
//! settings stays in memory ([`Registry::interned_policies`]). [`performance`] has figures beside other libraries,
//! [`internals`] says how they come about. [`dependencies`] says what else is compiled, and why.

// Which feature an item needs, shown beside it. Set by docs.rs, which has the compiler for it.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(test)]
#[macro_use]
mod fixtures;

mod background;
mod breaker;
mod breaker_state;
mod budget;
mod bulkhead;
mod call;
#[cfg(feature = "testing")]
mod chaos;
pub mod classify;
mod clock;
pub mod config;
mod counting;
mod degrade;
/// What comes in with this crate: every direct dependency with its reason.
#[doc = include_str!("../docs/dependencies.md")]
pub mod dependencies {}
mod ending;
mod events;
pub mod export;
#[doc = include_str!("../docs/internals.md")]
pub mod internals {}
pub mod idempotency;
mod into_error;
mod late_thread;
mod mark;
pub mod monitor;
mod observe;
/// Metrics and spans for OpenTelemetry: set-up, what is sent, cardinality.
#[doc = include_str!("../docs/opentelemetry.md")]
pub mod open_telemetry {}
/// What a call costs: what was measured and how, what came out, and what to distrust.
#[expect(clippy::doc_markdown, reason = "names of cases, as the programs print them")]
#[doc = include_str!("../docs/performance.md")]
pub mod performance {}
pub mod policy;
mod priority;
mod ratelimit;
/// From a symptom on the dashboard to its cause, and to the key that changes it; where the alerts lead to.
#[doc = include_str!("../docs/reading_the_dashboard.md")]
pub mod reading_the_dashboard {}
mod recent;
pub mod registry;
mod rejection;
mod shed;
mod source;
pub mod store;
#[doc(hidden)]
pub mod support;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
mod thread;
mod throttle;
mod timer;
mod wakers;

pub use background::Monitoring;
pub use breaker_state::BreakerState;
pub use call::{
    Deadline, Injectable, OnRejection, Resilient, ResilientBuilder, ResilientCall, Setting, carry_context,
    current_priority, idempotency_key, resilient_call, resilient_call_with, with_deadline, with_priority,
};
pub use classify::{Classify, Recovery};
pub use config::{ConfigError, Explanation, Fault, Finding};
#[cfg(feature = "config")]
pub use config::{create_default_config_file, validate_config};
pub use degrade::{AnsweredBy, answered_by};
pub use ending::Ending;
pub use export::prometheus::render_prometheus;
#[cfg(feature = "server")]
pub use export::server::start_prometheus_server;
pub use observe::{EventReader, Monitor, monitor};
#[doc(inline)]
pub use policy::{Patch, ServiceKind};
#[cfg(feature = "config")]
pub use registry::{ConfigWatch, load_config_from_file, watch_config_file};
pub use registry::{
    Partition, Registry, Service, Shedding, Site, clear_update, explain, inventory, registry,
    start_load_shedding, update_service,
};
pub use rejection::{Rejection, RejectionKind};
#[cfg(feature = "macros")]
pub use resilience_macros::{
    Classify, comprehensive_retry, graceful_degradation, resilient_service, retry_ai_service, retry_cache,
    retry_database, retry_http_api, retry_message_queue, retry_microservice,
};
#[doc(inline)]
pub use resilience_settings::Priority;
#[doc(inline)]
pub use resilience_settings::delay::Delays;
pub use shed::SheddingLevel;
pub use source::{Answered, Source};
