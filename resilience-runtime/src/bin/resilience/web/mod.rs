//! Requests to other processes over HTTP/1.1, with TLS or without.

mod anybody;
mod client;
mod trust;

pub(crate) use client::{Client, Unreachable, prepared};
pub(crate) use trust::Trust;
