//! Sends requests over HTTP and reads responses. `reqwest` makes the one and reads the other; what sends them is its own client's
//! client.
//!
//! With its TLS, `reqwest` would need a cryptography to be chosen before `Client::new()` in every program of a workspace that
//! has this one in it, or a compiler for C++ to build another.

use std::error::Error;
use std::future::poll_fn;
use std::io;
use std::time::Duration;

use http::{Request, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use reqwest::header::HeaderMap;
use reqwest::{Body, Method, Response, Url};
use tower_service::Service as _;

use super::trust::Trust;
use crate::failure::Failure;

/// Sends requests, and keeps their connections for later ones. Follows no redirect and uses no proxy: whom it asks is whom it
/// was told to ask.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    connector: HttpsConnector<HttpConnector>,
    client: legacy::Client<HttpsConnector<HttpConnector>, Body>,
}

/// Why there is no connection.
#[derive(Debug)]
pub(crate) struct Unreachable {
    why: String,
    help: Option<&'static str>,
}

impl Client {
    /// For an address, which decides whether certificates are read.
    pub(crate) fn new(url: &Url, trust: &Trust) -> Result<Self, Failure> {
        let is_secured = url.scheme() == "https";
        if !is_secured {
            trust.is_unused()?;
        }
        let mut tcp = HttpConnector::new();
        // What comes after the connection is the matter of the connector around it.
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connector = HttpsConnector::from((tcp, trust.settings(is_secured)?));
        let mut builder = legacy::Client::builder(TokioExecutor::new());
        let client = builder.pool_timer(TokioTimer::new()).build(connector.clone());
        Ok(Self { connector, client })
    }

    /// Connects, with TLS where the address says so, and asks nothing.
    pub(crate) async fn reach(&self, uri: Uri) -> Result<(), Unreachable> {
        let mut connector = self.connector.clone();
        let ready = poll_fn(|context| connector.poll_ready(context)).await;
        let connected = match ready {
            Ok(()) => connector.call(uri).await.map(drop),
            Err(error) => Err(error),
        };
        connected.map_err(|error| Unreachable::of(&*error))
    }

    /// Sends a request. Its body may follow the answer.
    pub(crate) async fn send(&self, request: Request<Body>) -> Result<Response, legacy::Error> {
        let response = self.client.request(request).await?;
        Ok(Response::from(response.map(Body::wrap)))
    }
}

/// A request without a body, with the name and the password of its address as a header.
pub(crate) fn prepared(method: Method, url: Url, headers: HeaderMap) -> Result<Request<()>, Failure> {
    let maker = reqwest::Client::builder().no_proxy().build();
    let made = maker.and_then(|maker| maker.request(method, url).headers(headers).build());
    let made = made.and_then(Request::<Body>::try_from);
    Ok(made.map_err(|error| Failure::unusable(format!("this cannot be requested: {error}")))?.map(|_| ()))
}

impl Unreachable {
    /// What happened first: the errors around it say that somebody wanted to connect.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Self {
        let mut cause = error;
        while let Some(inner) = within(cause) {
            cause = inner;
        }
        let help = match cause.downcast_ref() {
            Some(rustls::Error::InvalidCertificate(_)) => {
                Some("`--ca FILE` trusts the authorities of a file too, and `--insecure` trusts anybody")
            }
            Some(rustls::Error::InvalidMessage(_)) => {
                Some("if the server speaks without TLS there, write the address with `http://`")
            }
            _ => None,
        };
        Self { why: cause.to_string(), help }
    }

    /// The same after so long without an answer.
    pub(crate) fn after(time: Duration) -> Self {
        Self { why: format!("no answer within {time:?}"), help: None }
    }

    /// What to do where the reason itself does not say it.
    pub(crate) fn or_help(self, help: &'static str) -> Self {
        Self { help: self.help.or(Some(help)), ..self }
    }

    /// Tells it of what was to be reached.
    pub(crate) fn of_what(self, what: &str) -> Failure {
        let failure = Failure::unusable(format!("cannot reach {what}: {}", self.why));
        match self.help {
            Some(help) => failure.with_help(help),
            None => failure,
        }
    }
}

/// The error in an error. That in an [`io::Error`] is not its source, whose text it takes for its own.
fn within<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
