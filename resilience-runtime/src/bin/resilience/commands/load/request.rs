//! Makes the requests of `resilience load`, and decides what a response counts as. In: the arguments that say what is requested.

use std::path::Path;
use std::time::Duration;

use http::{Request as Prepared, Uri};
use hyper_util::client::legacy;
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Method, Url};
use resilience_runtime::config::parse_duration;
use tokio::time::timeout;

use crate::failure::Failure;
use crate::reading;
use crate::web::{Client, Trust, Unreachable, prepared};

/// How long an address may take to answer that it is there.
const REACHABLE: Duration = Duration::from_secs(5);

/// What is requested.
#[derive(Debug, clap::Args)]
pub(crate) struct Requests {
    /// The address, such as `http://127.0.0.1:8080/health` or `https://shop.example/`.
    url: String,

    #[command(flatten)]
    trust: Trust,

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
    /// All of it but the body.
    head: Prepared<()>,
    body: Vec<u8>,
    timeout: Duration,
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

impl From<legacy::Error> for Failed {
    fn from(error: legacy::Error) -> Self {
        if error.is_connect() { Self::Connect } else { Self::Other }
    }
}

/// Of the body of a response.
impl From<reqwest::Error> for Failed {
    fn from(_: reqwest::Error) -> Self {
        Self::Other
    }
}

impl Requests {
    /// The files that are read: the body, and whom to trust.
    pub(super) fn files(&self) -> [Option<&Path>; 2] {
        [self.body_file(), self.trust.file()]
    }

    fn body_file(&self) -> Option<&Path> {
        self.body.as_deref().and_then(|body| body.strip_prefix('@')).map(Path::new)
    }

    /// Reads the arguments, and makes sure that somebody answers at the address.
    pub(super) async fn prepare(&self) -> Result<Request, Failure> {
        let url = self.url()?;
        let method = Method::from_bytes(self.method.as_bytes())
            .map_err(|_| Failure::unusable(format!("`{}` is no method of HTTP", self.method)))?;
        let mut headers = self.header.iter().map(|line| header(line)).collect::<Result<HeaderMap, _>>()?;
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        let body = match self.body_file() {
            Some(path) => reading::bytes(path)?,
            None => self.body.as_deref().unwrap_or_default().as_bytes().to_vec(),
        };
        let client = Client::new(&url, &self.trust)?;
        let head = prepared(method, url.clone(), headers)?;
        reach(&client, &url, head.uri().clone()).await?;
        Ok(Request { client, head, body, timeout: self.timeout })
    }

    fn url(&self) -> Result<Url, Failure> {
        let url = Url::parse(&self.url).map_err(|error| {
            Failure::unusable(format!("`{}` is no address: {error}", self.url))
                .with_help("write one such as `http://127.0.0.1:8080/health`")
        })?;
        match url.scheme() {
            "http" | "https" => Ok(url),
            other => Err(Failure::unusable(format!("`{other}` is no scheme that can be loaded"))
                .with_help("write an address with `http://` or `https://`")),
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

/// A load on an address where nobody answers says nothing, so it does not begin.
async fn reach(client: &Client, url: &Url, uri: Uri) -> Result<(), Failure> {
    let reached = timeout(REACHABLE, client.reach(uri)).await;
    let reached = reached.unwrap_or_else(|_| Err(Unreachable::after(REACHABLE)));
    reached.map_err(|unreachable| {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let port = url.port_or_known_default().unwrap_or(80);
        unreachable
            .or_help("look whether the server runs, and listens at this address")
            .of_what(&format!("`{host}` at port {port}"))
    })
}

impl Request {
    /// Sends it and reads the whole response. A status from 400 on is a failure.
    pub(super) async fn send(self) -> Result<(), Failed> {
        let Self { client, head, body, timeout: most } = self;
        let request = head.map(|()| Body::from(body));
        timeout(most, answered(&client, request)).await.unwrap_or(Err(Failed::Timeout))
    }
}

async fn answered(client: &Client, request: Prepared<Body>) -> Result<(), Failed> {
    let mut response = client.send(request).await?;
    let status = response.status();
    while response.chunk().await?.is_some() {}
    if status.is_client_error() || status.is_server_error() {
        return Err(Failed::Status(status.as_u16()));
    }
    Ok(())
}
