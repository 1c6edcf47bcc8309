//! Words the answers to requests that are refused or fail. In: a status and a message, or a refusal. Out: a response that says
//! where it comes from and what to do.

use axum::Json;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use resilience_settings::names::Names;
use resilience_settings::shown::clipped;
use serde::Serialize;

use super::rules::Refusal;

#[derive(Serialize)]
struct Fault<'a> {
    error: &'a str,
}

/// An error that programs and people can read.
pub(super) fn error(status: StatusCode, error: &str) -> Response {
    (status, Json(Fault { error })).into_response()
}

/// What is said of a service that nobody names, with the one of these names that may be meant.
pub(super) fn unknown_service(name: &str, names: &mut dyn Iterator<Item = &str>) -> String {
    let near = Names::new(names).nearest(name).map(|near| format!("did you mean `{}`? ", clipped(near)));
    format!(
        "no call site, file or run-time update names this service: {}`/api/dashboard` lists those that there are",
        near.unwrap_or_default()
    )
}

/// Why a request is not answered.
pub(super) fn refused(refusal: Refusal) -> Response {
    let (status, text) = match refusal {
        Refusal::ForeignHost => (
            StatusCode::FORBIDDEN,
            "this server listens on loopback and answers to `localhost`, `127.0.0.1` and `[::1]` alone; to reach it under \
             another name, bind it to another address and give it a token",
        ),
        Refusal::NeedsToken => (
            StatusCode::FORBIDDEN,
            "beyond loopback and without a token, `/metrics`, `/health` and `/ready` are all that answers; set \
             RESILIENCE_OPERATOR_TOKEN for the process, or `ServerBuilder::token`",
        ),
        Refusal::WrongToken => {
            (StatusCode::UNAUTHORIZED, "this needs the token of the server, as `Authorization: Bearer …`")
        }
        // No more than this: without a token, actions do not exist.
        Refusal::NoActions => (StatusCode::NOT_FOUND, "there is nothing here"),
        Refusal::ForeignOrigin => (
            StatusCode::FORBIDDEN,
            "the header `Origin` names another place than this server: actions are taken from its own page, or from clients \
             that are no browser",
        ),
        Refusal::NotJson => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "actions are taken as JSON alone: send `Content-Type: application/json`",
        ),
    };
    let mut response = error(status, text);
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
