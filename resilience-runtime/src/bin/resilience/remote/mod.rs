//! Another process, by the server of its dashboard: questions and actions go in, what it answers comes out.

mod address;
mod client;
mod services;
mod stream;

pub(crate) use client::Remote;
pub(crate) use stream::{Message, Messages, Next};
