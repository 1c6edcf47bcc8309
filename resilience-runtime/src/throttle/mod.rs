//! Sparing a service that turns most requests away, by not sending them. A pure rule over sharded counts: time,
//! settings and chance come with each call.

mod reading;
mod rule;
#[cfg(test)]
mod tests;

pub(crate) use rule::Throttle;
