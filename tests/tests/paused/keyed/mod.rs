//! Calls with idempotency keys, in memory and with a store.

mod copies;
mod idempotency;
mod idempotency_memory;
pub(crate) mod idempotency_store;
mod idempotency_suite;
mod keepers;
mod one_scope;
mod own_store;
mod panicking_store;
mod unkept;
