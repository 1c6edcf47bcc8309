//! The arguments that say what is requested go in, requests come out, and what a response counts as.

use std::path::Path;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Url};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::failure::Failure;
use crate::reading;
use resilience_runtime::config::parse_duration;

/// How long an address may take to answer that it is there.
const REACHABLE: Duration = Duration::from_secs(5);

/// What is requested.
#[derive(Debug, clap::Args)]
pub(crate) struct Requests {
    /// The address, such as `http://127.0.0.1:8080/health`.
    url: String,

    /// The method.
    #[arg(long, short = 'X', default_value = "GET")]
    method: String,

    /// A header, such as `accept: text/plain`; may be given several times.
    #[arg(long, short = 'H', value_name = "NAME: VALUE")]
    header: Vec<String>,

    /// The body; `@FILE` is the content of a file, and `@-` the standard input.
    #[arg(long, short = 'd', value_name = "TEXT")]
    body: Option<String>,

    /// How long a request may take from its actual start.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = parse_duration)]
    timeout: Duration,
}

/// A request that can be sent again and again.
#[derive(Clone, Debug)]
pub(super) struct Request {
    client: Client,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// Why a request counts as failed.
#[derive(Debug)]
pub(super) enum Failed {
    Status(u16),
    Timeout,
    Connect,
    Other,
}

impl Failed {
    /// What it is counted under.
    pub(super) fn class(&self) -> String {
        match self {
            Self::Status(status) => format!("status {status}"),
            Self::Timeout => "timeout".to_owned(),
            Self::Connect => "no connection".to_owned(),
            Self::Other => "broken response".to_owned(),
        }
    }
}

impl From<reqwest::Error> for Failed {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::Timeout
        } else if error.is_connect() {
            Self::Connect
        } else {
            Self::Other
        }
    }
}

impl Requests {
    /// Where the body is read from, if it is in a file.
    pub(super) fn body_file(&self) -> Option<&Path> {
        self.body.as_deref().and_then(|body| body.strip_prefix('@')).map(Path::new)
    }

    /// Reads the arguments, and makes sure that somebody listens at the address.
    pub(super) async fn prepare(&self) -> Result<Request, Failure> {
        let url = self.url()?;
        let method = Method::from_bytes(self.method.as_bytes())
            .map_err(|_| Failure::unusable(format!("`{}` is no method of HTTP", self.method)))?;
        let headers = self.header.iter().map(|line| header(line)).collect::<Result<_, _>>()?;
        let body = match self.body_file() {
            Some(path) => reading::bytes(path)?,
            None => self.body.as_deref().unwrap_or_default().as_bytes().to_vec(),
        };
        // Neither redirects nor a proxy: what is measured is this address.
        let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(self.timeout).build();
        let client =
            client.map_err(|error| Failure::unusable(format!("cannot make a client for HTTP: {error}")))?;
        reach(&url).await?;
        Ok(Request { client, method, url, headers, body })
    }

    fn url(&self) -> Result<Url, Failure> {
        let url = Url::parse(&self.url).map_err(|error| {
            Failure::unusable(format!("`{}` is no address: {error}", self.url))
                .with_help("write one such as `http://127.0.0.1:8080/health`")
        })?;
        match url.scheme() {
            "http" => Ok(url),
            "https" => Err(Failure::unusable("this program is built without TLS")
                .with_help("name the address of the service behind its proxy, with `http://`")),
            other => Err(Failure::unusable(format!("`{other}` is no scheme that can be loaded"))
                .with_help("write an address with `http://`")),
        }
    }
}

fn header(line: &str) -> Result<(HeaderName, HeaderValue), Failure> {
    let parts = line.split_once(':').and_then(|(name, value)| {
        Some((name.trim().parse::<HeaderName>().ok()?, value.trim().parse::<HeaderValue>().ok()?))
    });
    parts.ok_or_else(|| {
        Failure::unusable(format!("`{}` is no header", line.escape_debug()))
            .with_help("write its name and its value, such as `accept: text/plain`")
    })
}

/// A load on an address where nobody listens says nothing, so it does not begin.
async fn reach(url: &Url) -> Result<(), Failure> {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(80);
    let reason = match timeout(REACHABLE, TcpStream::connect((host.as_str(), port))).await {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {REACHABLE:?}"),
    };
    Err(Failure::unusable(format!("cannot reach `{host}` at port {port}: {reason}")))
}

impl Request {
    /// Sends it and reads the whole response. A status from 400 on is a failure.
    pub(super) async fn send(self) -> Result<(), Failed> {
        let request = self.client.request(self.method, self.url).headers(self.headers).body(self.body);
        let mut response = request.send().await?;
        let status = response.status();
        while response.chunk().await?.is_some() {}
        if status.is_client_error() || status.is_server_error() {
            return Err(Failed::Status(status.as_u16()));
        }
        Ok(())
    }
}
