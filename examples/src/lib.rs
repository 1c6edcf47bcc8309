//! What the examples share: an HTTP server that can be killed, one that misbehaves by script, and a narrator of what happens.

mod flaky;
mod loopback;
mod narrator;

pub use flaky::{Act, FlakyServer};
pub use loopback::Loopback;
pub use narrator::{narrate, say};
