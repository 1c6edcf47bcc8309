//! Classifies errors of the client of `hyper-util`. In: the error. Out: its classification.

use std::error::Error as _;

use hyper_util::client::legacy::Error;

use crate::classify::classified::Classify;
use crate::classify::facts::Facts;
use crate::classify::recovery::Recovery;
use crate::classify::{chain, peel};

/// By the first row that applies:
///
/// | error | verdict |
/// | --- | --- |
/// | a connector was refused by an annotated call | what that [`Rejection`](crate::Rejection) says |
/// | `https` with a connector for `http` alone | [`never`](Recovery::never) |
/// | no connection, the machine out of files or ports | [`local`](Recovery::local) |
/// | no connection: refused, DNS, a Unix socket that is not there (yet) | [`retry`](Recovery::retry), [`not_sent`](Recovery::not_sent) |
/// | the request is not one that can be sent | [`local`](Recovery::local) |
/// | everything else | what its sources say; [`retry`](Recovery::retry) when they say nothing |
impl Classify for Error {
    fn classify(&self) -> Recovery {
        let sources = || self.source().into_iter().flat_map(peel::walk);
        if let Some(rejection) = self.source().and_then(peel::rejection) {
            return rejection.classify();
        }
        let below = self.source().and_then(chain::search).map(Facts::recovery);
        if self.is_connect() {
            // The connector reports that by its text alone.
            if sources().any(|source| source.to_string().contains("scheme is not http")) {
                return Recovery::never();
            }
            return match below {
                Some(verdict) if verdict.is_local() => verdict,
                // A connector opens no files except the socket of a server that is not up yet.
                _ => Recovery::retry().not_sent(),
            };
        }
        let is_refused = |error: &hyper::Error| error.is_user();
        if sources().filter_map(|source| source.downcast_ref()).any(is_refused)
            // A method, version or address that the client does not accept; it has no query for that.
            || format!("{self:?}").contains("(User")
        {
            return Recovery::local();
        }
        below.unwrap_or(Recovery::retry())
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::task::{Context, Poll};

    use hyper_util::client::legacy::connect::HttpConnector;
    use hyper_util::client::legacy::{Builder, Client};
    use hyper_util::rt::{TokioExecutor, TokioIo};
    use tokio::net::TcpStream;

    use super::*;
    use crate::rejection::{Rejection, RejectionKind};

    /// Never connects; fails with the error that it makes.
    #[derive(Clone)]
    struct Failing(fn() -> io::Error);

    impl tower_service::Service<http::Uri> for Failing {
        type Response = TokioIo<TcpStream>;
        type Error = io::Error;
        type Future = std::future::Ready<io::Result<Self::Response>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: http::Uri) -> Self::Future {
            std::future::ready(Err((self.0)()))
        }
    }

    fn client() -> Builder {
        Client::builder(TokioExecutor::new())
    }

    async fn with(error: fn() -> io::Error) -> Recovery {
        let client: Client<_, String> = client().build(Failing(error));
        let error = client.get(http::Uri::from_static("http://here/")).await.expect_err("no connection");
        assert_eq!(chain::facts(&error).recovery(), error.classify());
        error.classify()
    }

    #[tokio::test]
    async fn without_a_connection_nothing_was_sent() {
        let wanted = Recovery::retry().not_sent();
        assert_eq!(with(|| io::ErrorKind::ConnectionRefused.into()).await, wanted);
        assert_eq!(with(|| io::ErrorKind::NotFound.into()).await, wanted, "a socket that is not there yet");
        assert_eq!(with(|| io::ErrorKind::AddrNotAvailable.into()).await, Recovery::local());
        assert_eq!(with(|| Rejection::new(RejectionKind::CircuitOpen, "db").into()).await, Recovery::local());
    }

    #[tokio::test]
    async fn what_cannot_be_sent_is_not_sent_again() {
        let client: Client<_, String> = client().build(HttpConnector::new());
        let error = client.get(http::Uri::from_static("https://127.0.0.1/")).await.expect_err("no TLS");
        assert_eq!(error.classify(), Recovery::never());
        let error = client.get(http::Uri::from_static("/here")).await.expect_err("no host");
        assert_eq!(error.classify(), Recovery::local());
    }
}
