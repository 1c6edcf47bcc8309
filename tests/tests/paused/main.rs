//! Behaviour through the attributes, on tokio's paused clock.

mod attempts;
mod breakers;
mod by_handle;
mod configuration;
mod degrading;
mod foreign;
mod keyed;
mod kit;
mod limits;
mod observed;
mod observing;
mod script;
