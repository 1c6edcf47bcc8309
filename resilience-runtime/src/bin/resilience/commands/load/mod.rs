//! `resilience load`: an address and a schedule go in, latencies and a verdict come out.

mod arrivals;
mod command;
mod request;

pub(crate) use command::Load;
