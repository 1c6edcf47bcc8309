//! An address goes in, connections are served, each within limits of time.

mod address;
mod connections;
mod patient;

pub(super) use address::listen;
pub(super) use connections::serve;
