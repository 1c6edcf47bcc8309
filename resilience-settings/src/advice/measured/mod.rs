//! The rules for what a running process has measured: new values, or the conditions for them that do not hold.

mod all;
mod breaker;
mod budget;
mod bulkhead;
mod conditions;
mod hedge;
mod step;
mod timeout;

pub(super) use all::measured;
