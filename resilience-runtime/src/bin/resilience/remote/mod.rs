//! Another process, by the server of its dashboard: questions go in, what it answers comes out.

mod address;
mod client;

pub(crate) use client::Remote;
