//! The store on Redis and Valkey, with real servers that are killed, stopped, demoted, filled and cut off. `checks/redis` runs
//! it.

mod advice;
mod conformance;
mod cost;
mod deadlines;
mod kills;
mod memory;
mod network;
mod refusals;
mod replica;
mod rig;
mod rights;
mod tls;
