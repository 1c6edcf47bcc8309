//! Behaviour on the real clock, with real files and many threads.

mod greedy;
mod handles;
mod idempotency;
mod monitor;
mod no_threads;
mod permits;
mod rate_slots;
mod runtime;
mod threads;
mod yielding;
