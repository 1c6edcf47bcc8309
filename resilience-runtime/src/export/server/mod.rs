//! The server of the dashboard and of the page for Prometheus, its live stream and its API. In: snapshots. Out: answers to HTTP
//! requests.
//!
//! [`start_prometheus_server`] runs it on a thread and in a runtime of its own, so that nothing of the program stalls
//! behind it, and the end of the runtime that made the first call does not end it. [`ServerBuilder`] says more: another
//! address, a token, or a [router](ServerBuilder::router) for a server that the program has anyway.
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! use resilience_runtime::export::server::ServerBuilder;
//!
//! let server = ServerBuilder::new().bind(([127, 0, 0, 1], 0)).start()?;
//! println!("the dashboard is at {}", server.url());
//! // Streams are told, requests under way are answered, and the port is free again.
//! drop(server);
//! # Ok(()) }
//! ```
//!
//! | path | what it answers |
//! | --- | --- |
//! | `/` | the dashboard |
//! | `/metrics` | the page for Prometheus, as text 0.0.4 or `OpenMetrics` by `Accept` |
//! | `/health` | 200 for as long as the process answers, with the health scores |
//! | `/ready` | 200 from the first valid configuration until shutdown begins, else 503; a program without a file has one |
//! | `/api/dashboard` | everything: [`DashboardData`](crate::monitor::snapshot::DashboardData) |
//! | `/api/services/{name}` | one service, with its configuration and where each value comes from |
//! | `/api/chaos` | the rules of chaos that are armed, and whether more are allowed |
//! | `/api/events` | the stream of what changes, see below |
//! | `/api/session` | whether operator actions exist, and whether the request brought the token |
//!
//! Neither `/health` nor `/ready` ever depends on a dependency, a breaker or a store: a process that is restarted because
//! its database is away helps nobody.
//!
//! # Who may ask
//!
//! * On loopback, the header `Host` has to name loopback, so that no page of the web reaches the server under a name of its
//!   own that resolves to 127.0.0.1.
//! * Elsewhere, without a token, only `/metrics`, `/health` and `/ready` answer; with one, the rest wants it.
//! * There are no cookies and no CORS headers: other origins can neither read an answer nor send a token.
//! * The token comes from [`ServerBuilder::token`] or from `RESILIENCE_OPERATOR_TOKEN`, never from a file. Clients bring it as
//!   `Authorization: Bearer …`, or as `?token=…`.
//!
//! # Operator actions
//!
//! They exist only when the server has a token, and each wants it. Each ends by itself: after `lifetime_seconds`, an hour
//! unless said, a day at most; also when the server is stopped before. Each is logged with what it changed.
//!
//! * `POST /api/services/{name}/breaker`, `{"action": "force_open", "lifetime_seconds": 600}`; also `force_closed`, and `reset`,
//!   which needs no lifetime. They reach all partitions.
//! * `POST /api/services/{name}/override`, `{"patch": {"max_attempts": 2, "breaker": {"open_for": "10s"}}}`: keys and values as in
//!   the file, above the file. A later one replaces it.
//! * `DELETE /api/services/{name}/override` takes it back. What the program itself set by `update_service` stays.
//! * `POST /api/chaos`, `{"name": "slow-db", "target": "db", "latency": "2s", "rate": 0.2}`: keys and values as in a table
//!   `[chaos.NAME]` of a file; the rule ends after an hour unless `expires_after` says otherwise. Only in a program with feature
//!   `testing` that has called `testing::chaos::allow()`; any other answers 501 or 403.
//! * `DELETE /api/chaos/{name}` disarms a rule that was armed so.
//!
//! # The stream
//!
//! Server-sent events. `snapshot`, each second and sooner when something rare has happened: `{"version", "full", "total",
//! "process", "services"}` with the services
//! that changed; with `full`, the client forgets those that it had. A row has the names of
//! [`ServiceSnapshot`](crate::monitor::snapshot::ServiceSnapshot), without what only the page of a service shows, and with the
//! points of the sparkline as `{"curve": {"calls": […], "bad": […]}}`. The first of a service is whole; after that it has its
//! name and the fields that changed, also within objects: the client merges it into what it knows. Five hundred busy services
//! come whole within three seconds. A client gets at most 270 KB a second, and what does not fit comes later: first rows whose health or breaker
//! changed, then those that were not sent for longest. A slow reader gets the newest state when it reads again, and misses
//! those in between. `Last-Event-ID` resumes within one process. `event` is one
//! [rare event](crate::monitor::snapshot::EventSnapshot); `events_missed` in a snapshot says how many were lost before it. `closed` is the last event before shutdown.

mod actions;
mod answers;
mod builder;
mod closing;
mod configuration;
mod headers;
mod listening;
mod live;
mod page;
mod render;
mod routes;
mod rules;
mod running;
mod shared;
mod shell;
mod token;

pub use builder::{ServerBuilder, start_prometheus_server};
pub use closing::Closing;
pub use running::Server;
