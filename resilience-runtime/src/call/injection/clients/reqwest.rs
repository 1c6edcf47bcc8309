//! Makes errors of `reqwest`, to inject them. In: one of the standard library. Out: what the client reports when it finds no
//! connection, or when the answer breaks off.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};

use hyper::body::{Body as HttpBody, Bytes, Frame};
use reqwest::dns::{Name, Resolve, Resolving};
use reqwest::{Body, Client, Error, Response};

use super::of_io::{OfIo, is_of_connecting};
use super::polled::polled;

impl OfIo for Error {
    fn of_io(error: io::Error) -> Option<Self> {
        if is_of_connecting(&error) { unconnected(error) } else { broken_off(error) }
    }
}

thread_local! {
    /// What the look-up of an address is to fail with, which happens within one poll.
    static FAILURE: Cell<Option<io::Error>> = const { Cell::new(None) };
}

/// Looks up no address.
struct Nowhere;

impl Resolve for Nowhere {
    fn resolve(&self, _: Name) -> Resolving {
        let failure = FAILURE.take().unwrap_or_else(|| io::ErrorKind::NotConnected.into());
        Box::pin(std::future::ready(Err(failure.into())))
    }
}

/// A request for which there is no connection.
fn unconnected(error: io::Error) -> Option<Error> {
    // Making one may load certificates, which this one never asks for.
    static CLIENT: OnceLock<Option<Client>> = OnceLock::new();

    let client = CLIENT.get_or_init(|| Client::builder().no_proxy().dns_resolver(Nowhere).build().ok());
    let request = client.as_ref()?.get("http://chaos.invalid/").send();
    FAILURE.set(Some(error));
    let sent = polled(request);
    FAILURE.take();
    sent?.err()
}

/// The body of an answer that fails.
struct Broken(Option<io::Error>);

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(self.0.take().map(Err))
    }
}

/// An answer that breaks off.
fn broken_off(error: io::Error) -> Option<Error> {
    let answer = Response::from(http::Response::new(Body::wrap(Broken(Some(error)))));
    polled(answer.bytes())?.err()
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::classify::{Classify as _, Recovery};

    fn kind(error: &Error) -> Option<io::ErrorKind> {
        let mut source = error.source();
        while let Some(below) = source {
            if let Some(error) = below.downcast_ref::<io::Error>() {
                return Some(error.kind());
            }
            source = below.source();
        }
        None
    }

    #[test]
    fn the_client_reports_what_has_happened_to_its_connection() {
        use io::ErrorKind as Kind;

        let sent = Recovery::retry();
        for (given, is_connect, is_timeout, verdict) in [
            (Kind::ConnectionRefused, true, false, sent.not_sent()),
            (Kind::HostUnreachable, true, false, sent.not_sent()),
            (Kind::TimedOut, false, true, sent),
            (Kind::ConnectionReset, false, false, sent),
            (Kind::BrokenPipe, false, false, sent),
            (Kind::UnexpectedEof, false, false, sent),
        ] {
            let error = Error::of_io(given.into()).expect("the client reports it");
            assert_eq!((error.is_connect(), error.is_timeout()), (is_connect, is_timeout), "{error:?}");
            assert_eq!((kind(&error), error.classify()), (Some(given), verdict), "{error:?}");
        }
    }

    #[tokio::test]
    async fn a_runtime_makes_no_difference() {
        let error = Error::of_io(io::ErrorKind::ConnectionRefused.into()).expect("the client reports it");
        assert!(error.is_connect(), "{error:?}");
    }
}
