//! The server of the dashboard, asked over loopback by a client that speaks HTTP by hand: what a real one would put right
//! is what is tested here.

mod actions;
mod alone;
mod announced;
mod client;
mod fleet;
mod limits;
mod reading;
mod rules;
mod scrape;
mod shutdown;
mod stream;
mod units;
