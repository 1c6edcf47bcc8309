//! The retry budget of a service: retries are limited to a fixed share of its calls, or to a number per length of time,
//! so that retries cannot multiply an outage.

mod account;
mod adaptive;
mod bucket;
#[cfg(test)]
mod published;
mod quota;
mod retry_cap;
mod sliding;
#[cfg(test)]
mod tests;

pub(crate) use account::{Budget, Deposits, Receipt};
pub(crate) use retry_cap::RetryCap;
