//! Services: a room for one, with all that it owns. In: a name, and settings. Out: all live state of that name, which every call
//! site that names it shares; what it tells of itself; and what operators do with it.
//!
//! What a [`Service`] owns:
//!
//! | what | field | how many | written by | file |
//! | --- | --- | --- | --- | --- |
//! | settings in force | `policy` | one | loads, updates | `../interner.rs` |
//! | state of the calls that have no partition | `unpartitioned` | one [`ServiceState`] | attempts | `service_state.rs` |
//! | state of the calls of each partition | `partitions` | one [`ServiceState`] each, `max_partitions` at most | attempts | `../partitions/` |
//! | counters | `counters` | one for each thread that called it | calls | `monitor/counters.rs` |
//! | recent latencies, where a site asks for a quantile | `recent` | one | attempts | `monitor/` |
//! | when rare events were last kept | `event_limits` | one for each kind | breakers, empty budgets | `event_limits.rs` |
//! | the stores that were asked for its keys | `stores` | one | calls with keys in a store | `../idempotency/` |
//! | its place among nested calls | `id`, `call_path` | one | nobody | `../call_path.rs` |
//!
//! A [`ServiceState`] is a breaker, a budget, a bulkhead, a rate limit and a throttle. What every success writes of these, votes,
//! deposits and local permits, lies in a [`ThreadShard`] for each thread.
//!
//! Clock, timers, pressure, the cap on retries, and the tables of settings and call paths belong to the registry:
//! `../shared.rs`. What is written at a call site, and its response cache, belongs to the site: `../site/`.
//!
//! Partitions are walked with `Partitions::all` and `Partitions::occupied`, and shown with [`Service::list_partitions`].
//! Nothing is ever freed, so that calls hold plain references.

mod breaker_override;
mod counter_sums;
mod event_limits;
mod observed_seats;
mod operator;
mod partition;
mod readings;
#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod service;
mod service_state;
mod steps;

pub(in crate::registry) use self::breaker_override::BreakerOverride;
pub(crate) use self::observed_seats::ObservedSeat;
pub use self::partition::Partition;
pub use self::service::Service;
pub(crate) use self::service_state::{ServiceState, ShardWriter, ThreadShard};
