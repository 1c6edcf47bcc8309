//! Advice by what a running process has measured of a service. Out: new values, or the conditions that do not hold.

mod all;
mod breaker;
mod budget;
mod bulkhead;
mod conditions;
mod hedge;
mod step;
mod timeout;

pub(super) use all::measured;
