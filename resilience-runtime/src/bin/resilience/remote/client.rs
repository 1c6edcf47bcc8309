//! Asks the server of another process. The token of its operator comes from the environment, where other users of the machine do
//! not see it.

use std::env;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Method, Response, StatusCode, Url};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use super::address::address;
use super::stream::Messages;
use crate::failure::Failure;
use crate::web::{Client, Trust, Unreachable, prepared};

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
    pub(crate) fn new(text: &str, trust: &Trust) -> Result<Self, Failure> {
        let base = address(text)?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Failure::from)?;
        let client = Client::new(&base, trust)?;
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
            let mut headers = vec![(ACCEPT, "text/event-stream")];
            headers.extend(after.map(|id| (HeaderName::from_static("last-event-id"), id)));
            let sent = self.send(Method::GET, &["api", "events"], &headers, Body::default());
            let response = timeout(PATIENCE, sent).await.unwrap_or_else(|_| Err(self.is_silent()))?;
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
        // Actions are taken as JSON alone.
        let headers: &[_] = if *method == Method::GET { &[] } else { &[(CONTENT_TYPE, "application/json")] };
        let body = body.map(|body| Body::from(body.to_string())).unwrap_or_default();
        self.runtime.block_on(async {
            let asked = async {
                let response = self.send(method.clone(), path, headers, body).await?;
                response.text().await.map_err(|error| self.unreachable(Unreachable::of(&error)))
            };
            let text = timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err(self.is_silent()))?;
            if text.trim().is_empty() {
                return Ok(Value::Null);
            }
            serde_json::from_str(&text).map_err(|_| self.no_dashboard())
        })
    }

    fn no_dashboard(&self) -> Failure {
        Failure::unusable(format!("{} does not answer as the server of a dashboard does", self.name()))
            .with_help("name the address that the process logs when its server starts, with the path that it is below")
    }

    /// Sends a request, and takes no answer but one of success.
    async fn send(
        &self,
        method: Method,
        path: &[&str],
        more: &[(HeaderName, &str)],
        body: Body,
    ) -> Result<Response, Failure> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| Failure::unusable(format!("{} has no paths", self.base)))?
            .pop_if_empty()
            .extend(path);
        let mut headers = HeaderMap::new();
        for (name, value) in more {
            // An id comes from there.
            headers.insert(name, HeaderValue::from_str(value).map_err(|_| self.no_dashboard())?);
        }
        if let Some(token) = &self.token {
            let value = HeaderValue::from_str(&format!("Bearer {token}"));
            let value = value.map_err(|_| {
                Failure::unusable(format!(
                    "the token in {TOKEN} has characters that no token of a server has"
                ))
            });
            headers.insert(AUTHORIZATION, value?);
        }
        let request = prepared(method, url, headers)?.map(|()| body);
        let sent = self.client.send(request).await;
        let response = sent.map_err(|error| self.unreachable(Unreachable::of(&error)))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let text = response.text().await.unwrap_or_default();
        let said = serde_json::from_str::<Value>(&text).ok();
        let said = said.as_ref().and_then(|body| body.get("error")?.as_str());
        if status == StatusCode::NOT_FOUND && said.is_none() {
            let place = path.join("/");
            let failure = Failure::unusable(format!("{} has no `/{place}`", self.name()));
            return Err(failure.with_help(
                "a program without feature `testing` has no rules of chaos, and one with another \
                                          version of this library may lack more",
            ));
        }
        let said = said.unwrap_or("no reason given");
        let failure = Failure::unusable(format!("{} refuses ({}): {said}", self.name(), status.as_u16()));
        Err(match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                failure.with_help(format!("the token of its operator is taken from {TOKEN}"))
            }
            _ => failure,
        })
    }

    fn is_silent(&self) -> Failure {
        self.unreachable(Unreachable::after(PATIENCE))
    }

    fn unreachable(&self, why: Unreachable) -> Failure {
        let otherwise = "the process serves it with `start_prometheus_server(port)`, or with `[global] prometheus_enabled = true`";
        why.or_help(otherwise).of_what(self.name())
    }
}
