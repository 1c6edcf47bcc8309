//! Requests to the server of another process. The token of its operator comes from the environment, where other users of the
//! machine do not see it.

use std::env;
use std::error::Error;
use std::time::Duration;

use reqwest::{Client, Method, Response, StatusCode, Url};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::address::address;
use super::stream::Messages;
use crate::failure::Failure;

/// Where the token of an operator is taken from, as the server takes it.
const TOKEN: &str = "RESILIENCE_OPERATOR_TOKEN";
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The server of another process.
pub(crate) struct Remote {
    base: Url,
    token: Option<String>,
    client: Client,
    runtime: Runtime,
}

impl Remote {
    /// The server at this address, of which nothing is asked yet.
    pub(crate) fn new(text: &str) -> Result<Self, Failure> {
        let base = address(text)?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Failure::from)?;
        let client = Client::builder().connect_timeout(PATIENCE).no_proxy().build();
        let client = client.map_err(|error| Failure::unusable(format!("no client for requests: {error}")))?;
        Ok(Self { base, token: env::var(TOKEN).ok().filter(|token| !token.is_empty()), client, runtime })
    }

    /// How people call it.
    pub(crate) fn name(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Asks it something.
    pub(crate) fn get(&self, path: &[&str]) -> Result<Value, Failure> {
        let answer = self.ask(&Method::GET, path, None)?;
        // An action may be answered with nothing, a question may not.
        if answer.is_null() { Err(self.no_dashboard()) } else { Ok(answer) }
    }

    /// Has it do something.
    pub(crate) fn post(&self, path: &[&str], body: &Value) -> Result<Value, Failure> {
        self.ask(&Method::POST, path, Some(body))
    }

    /// Has it undo something.
    pub(crate) fn delete(&self, path: &[&str]) -> Result<Value, Failure> {
        self.ask(&Method::DELETE, path, None)
    }

    /// Its stream of what changes, from after the message of this id on.
    pub(crate) fn messages(&self, after: Option<&str>) -> Result<Messages<'_>, Failure> {
        let response = self.runtime.block_on(async {
            let mut request = self.request(&Method::GET, &["api", "events"], None)?;
            request = request.header("accept", "text/event-stream");
            if let Some(id) = after {
                request = request.header("last-event-id", id);
            }
            let response = self.answered(request.send().await).await?;
            // Of anything else it would be said again and again that it is gone.
            let content = response.headers().get("content-type").and_then(|value| value.to_str().ok());
            if content.is_some_and(|content| content.starts_with("text/event-stream")) {
                Ok(response)
            } else {
                Err(self.no_dashboard())
            }
        })?;
        Ok(Messages::new(response, &self.runtime))
    }

    fn ask(&self, method: &Method, path: &[&str], body: Option<&Value>) -> Result<Value, Failure> {
        self.runtime.block_on(async {
            let request = self.request(method, path, body)?.timeout(PATIENCE);
            let response = self.answered(request.send().await).await?;
            let text = response.text().await.map_err(|error| self.unreachable(&error))?;
            if text.trim().is_empty() {
                return Ok(Value::Null);
            }
            serde_json::from_str(&text).map_err(|_| self.no_dashboard())
        })
    }

    fn no_dashboard(&self) -> Failure {
        Failure::unusable(format!("{} does not answer as the server of a dashboard does", self.name()))
    }

    fn request(
        &self,
        method: &Method,
        path: &[&str],
        body: Option<&Value>,
    ) -> Result<reqwest::RequestBuilder, Failure> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| Failure::unusable(format!("{} has no paths", self.base)))?
            .pop_if_empty()
            .extend(path);
        let mut request = self.client.request(method.clone(), url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        // Actions are taken as JSON alone.
        if *method != Method::GET {
            request = request.header("content-type", "application/json");
        }
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        Ok(request)
    }

    async fn answered(&self, sent: reqwest::Result<Response>) -> Result<Response, Failure> {
        let response = sent.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let text = response.text().await.unwrap_or_default();
        let said = serde_json::from_str::<Value>(&text).ok();
        let said = said.as_ref().and_then(|body| body.get("error")?.as_str()).unwrap_or("no reason given");
        let failure = Failure::unusable(format!("{} refuses ({}): {said}", self.name(), status.as_u16()));
        Err(match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                failure.with_help(format!("the token of its operator is taken from {TOKEN}"))
            }
            _ => failure,
        })
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        // The innermost cause is what happened: the others say that a request was sent.
        let mut cause: &dyn Error = error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        Failure::unusable(format!("cannot reach {}: {cause}", self.name())).with_help(
            "the process serves it with `start_prometheus_server(port)`, or with `[global] prometheus_enabled = true`",
        )
    }
}
