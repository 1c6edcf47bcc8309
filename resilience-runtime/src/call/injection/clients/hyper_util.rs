//! Makes errors of the client of `hyper-util`, to inject them. In: one of the standard library. Out: what the client reports when
//! its connector fails with it, which is the only way to one of its errors that needs no connection.

use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Executor, Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::client::legacy::{Client, Error};
use tower_service::Service;

use super::of_io::OfIo;
use super::polled::polled;

impl OfIo for Error {
    fn of_io(error: io::Error) -> Option<Self> {
        let client: Client<_, String> = Client::builder(Idle).build(Failing(Some(error)));
        polled(client.get(http::Uri::from_static("http://chaos.invalid/")))?.err()
    }
}

/// Runs nothing: without a connection there is nothing to run.
#[derive(Clone, Copy)]
struct Idle;

impl<F> Executor<F> for Idle {
    fn execute(&self, _: F) {}
}

/// Fails to connect, once with its error.
struct Failing(Option<io::Error>);

impl Clone for Failing {
    /// The client connects with a clone, of which it makes one.
    fn clone(&self) -> Self {
        Self(self.0.as_ref().map(|error| io::Error::new(error.kind(), error.to_string())))
    }
}

impl Service<http::Uri> for Failing {
    type Response = Nothing;
    type Error = io::Error;
    type Future = Ready<io::Result<Nothing>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Uri) -> Self::Future {
        ready(Err(self.0.take().unwrap_or_else(|| io::ErrorKind::NotConnected.into())))
    }
}

/// The connection that is never made.
enum Nothing {}

impl Connection for Nothing {
    fn connected(&self) -> Connected {
        match *self {}
    }
}

impl Read for Nothing {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        match *self {}
    }
}

impl Write for Nothing {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        match *self {}
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match *self {}
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match *self {}
    }
}
