//! Connections of the server. In: an address. Out: connections that are served, each within time limits.

mod address;
mod connections;
mod write_timeout;

pub(super) use address::listen;
pub(super) use connections::serve;
