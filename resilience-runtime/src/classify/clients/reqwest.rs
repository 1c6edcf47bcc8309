//! Classifies `reqwest::Error`. In: the error. Out: its classification and the HTTP status.

use std::error::Error as _;
use std::io;

use reqwest::Error;

use crate::classify::classified::Classify;
use crate::classify::peel;
use crate::classify::recovery::Recovery;

/// By the first row that applies:
///
/// | error | verdict |
/// | --- | --- |
/// | a connector or middleware was refused by an annotated call | what that [`Rejection`](crate::Rejection) says |
/// | it has a status (`error_for_status`) | [`from_status`](Recovery::from_status) |
/// | the request could not be built | [`local`](Recovery::local) |
/// | `https` with a client that was built without TLS | [`never`](Recovery::never) |
/// | no connection (refused, DNS, TLS, connect timeout) | [`retry`](Recovery::retry), [`not_sent`](Recovery::not_sent) |
/// | too many redirects, or one that the policy refused | [`never`](Recovery::never) |
/// | the answer could not be decoded, though it came in whole | [`never`](Recovery::never) |
/// | everything else: timeout, connection lost, body cut short | [`retry`](Recovery::retry) |
///
/// `error_for_status` drops the headers, including `Retry-After`. To obey that header, look at the response first:
///
/// ```
/// # #[derive(Debug)] enum ApiError { Status(u16, Option<std::time::Duration>) }
/// use resilience_runtime::classify::retry_after_from_headers;
///
/// fn check(response: &reqwest::Response) -> Result<(), ApiError> {
///     if response.status().is_success() {
///         return Ok(());
///     }
///     let wait = retry_after_from_headers(response.headers());
///     Err(ApiError::Status(response.status().as_u16(), wait))
/// }
/// # let _ = check;
/// ```
impl Classify for Error {
    fn classify(&self) -> Recovery {
        if let Some(rejection) = self.source().and_then(peel::rejection) {
            return rejection.classify();
        }
        if let Some(status) = self.status() {
            return Recovery::from_status(status.as_u16());
        }
        if self.is_builder() {
            Recovery::local()
        } else if self.is_connect() {
            if lacks_tls(self) { Recovery::never() } else { Recovery::retry().not_sent() }
        } else if self.is_redirect() || (self.is_decode() && !is_cut_short(self)) {
            Recovery::never()
        } else {
            Recovery::retry()
        }
    }

    fn status(&self) -> Option<u16> {
        self.status().map(|status| status.as_u16())
    }
}

/// Whether the client lacks TLS for `https`, which no retry will change. The connector reports that by its text alone.
fn lacks_tls(error: &Error) -> bool {
    error.url().is_some_and(|url| url.scheme() == "https")
        && error
            .source()
            .into_iter()
            .flat_map(peel::walk)
            .any(|source| source.to_string().contains("scheme is not http"))
}

/// Whether the connection broke while the body was received. `is_decode` is true for that too, because the body is read
/// while it is decoded; what distinguishes it from bad JSON is a transport error among the sources.
fn is_cut_short(error: &Error) -> bool {
    error.is_timeout()
        || error.source().into_iter().flat_map(peel::walk).any(|source| {
            source.is::<hyper::Error>()
                || source.downcast_ref::<Error>().is_some_and(Error::is_body)
                // A decompressor that cannot read a complete body reports `InvalidData` or `InvalidInput`.
                || source
                    .downcast_ref::<io::Error>()
                    .is_some_and(|error| error.classify().is_retry())
        })
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::time::Duration;

    use reqwest::{Client, Response};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::classify::chain;

    /// Answers every connection with these bytes and closes it; with `None` it never answers.
    async fn server(answer: Option<&'static str>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            let mut silent = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                match answer {
                    Some(answer) => {
                        let _ = stream.write_all(answer.as_bytes()).await;
                        let _ = stream.shutdown().await;
                    }
                    None => silent.push(stream),
                }
            }
        });
        address
    }

    async fn get(address: SocketAddr) -> Result<Response, Error> {
        get_within(Duration::from_secs(30), address).await
    }

    async fn get_within(timeout: Duration, address: SocketAddr) -> Result<Response, Error> {
        Client::builder().no_proxy().timeout(timeout).build()?.get(format!("http://{address}/")).send().await
    }

    async fn refused() -> Error {
        let free = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let address = free.local_addr().expect("an address");
        drop(free);
        get(address).await.expect_err("nobody listens there any more")
    }

    #[tokio::test]
    async fn a_status_decides_and_is_told() {
        for (answer, status, verdict) in [
            ("HTTP/1.1 503 x\r\ncontent-length: 0\r\n\r\n", 503, Recovery::retry()),
            ("HTTP/1.1 429 x\r\ncontent-length: 0\r\n\r\n", 429, Recovery::throttled()),
            ("HTTP/1.1 404 x\r\ncontent-length: 0\r\n\r\n", 404, Recovery::never()),
        ] {
            let response = get(server(Some(answer)).await).await.expect("an answer");
            let error = response.error_for_status().expect_err("an error status");
            assert_eq!(error.classify(), verdict);
            assert_eq!(Classify::status(&error), Some(status));
            let facts = chain::facts(&error);
            assert_eq!((facts.recovery(), facts.status()), (verdict, Some(status)));
        }
    }

    #[tokio::test]
    async fn a_refused_connection_was_not_sent() {
        let error = refused().await;
        assert_eq!(error.classify(), Recovery::retry().not_sent());
        assert_eq!(Classify::status(&error), None);
    }

    #[tokio::test]
    async fn a_silent_server_is_retried_though_it_may_have_worked() {
        let error =
            get_within(Duration::from_millis(50), server(None).await).await.expect_err("it never answers");
        assert!(error.is_timeout());
        assert_eq!(error.classify(), Recovery::retry());
    }

    #[tokio::test]
    async fn a_connection_closed_without_an_answer_is_retried() {
        let error = get(server(Some("")).await).await.expect_err("it closes the connection");
        assert_eq!(error.classify(), Recovery::retry());
    }

    #[tokio::test]
    async fn a_request_that_cannot_be_built_is_our_own_fault() {
        let error = Client::new().get("no url at all").send().await.expect_err("no url");
        assert!(error.is_builder());
        assert_eq!(error.classify(), Recovery::local());
    }

    #[tokio::test]
    async fn a_redirect_loop_is_the_servers_answer() {
        let address = server(Some("HTTP/1.1 302 x\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n")).await;
        let error = get(address).await.expect_err("it goes round in circles");
        assert!(error.is_redirect());
        assert_eq!(error.classify(), Recovery::never());
    }

    #[tokio::test]
    async fn an_answer_that_is_no_json_is_not_asked_for_again() {
        let address = server(Some("HTTP/1.1 200 x\r\ncontent-length: 4\r\n\r\noops")).await;
        let error = get(address).await.expect("an answer").json::<u32>().await.expect_err("no json");
        assert!(error.is_decode());
        assert_eq!(error.classify(), Recovery::never());
    }

    #[tokio::test]
    async fn a_body_that_is_cut_short_is_asked_for_again() {
        let address = server(Some("HTTP/1.1 200 x\r\ncontent-length: 40\r\n\r\n\"half")).await;
        let error = get(address).await.expect("a head").json::<String>().await.expect_err("half a body");
        assert_eq!(error.classify(), Recovery::retry(), "{error:?}");
    }

    #[tokio::test]
    async fn https_without_tls_is_never_tried_again() {
        let client = Client::builder().no_proxy().build().expect("nothing is asked of it");
        let error = client.get("https://127.0.0.1:9/").send().await.expect_err("it has no TLS");
        assert!(error.is_connect(), "{error:?}");
        assert_eq!(error.classify(), Recovery::never(), "{error:?}");
    }
}
