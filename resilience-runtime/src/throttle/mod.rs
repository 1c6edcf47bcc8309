//! Adaptive throttling: requests to a service that rejects most of them are not sent. In: outcomes of requests. Out:
//! whether to send the next one. A pure rule over sharded counts: time, settings and the random draw are passed in
//! with each call.

mod reading;
mod rule;
#[cfg(test)]
mod tests;

pub(crate) use rule::Throttle;
