//! Answers the request for the live stream. In: a request. Out: the stream, or why there is none.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::live_stream::NoStream;
use crate::export::server::answers::error;
use crate::export::server::shared::Shared;

pub(in crate::export::server) async fn events(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Response {
    let last_event = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let why = match shared.live.join(last_event) {
        Ok(stream) => return ([(CONTENT_TYPE, "text/event-stream")], Body::new(stream)).into_response(),
        Err(NoStream::Full) => {
            "as many clients as may are reading this stream: close some, or ask `/api/dashboard` from time to time".to_owned()
        }
        Err(NoStream::Closing) => "the shutdown has begun".to_owned(),
        Err(NoStream::NoThread(error)) => {
            format!("no thread can be started for the stream ({error}): raise the limit on threads of this process")
        }
    };
    let mut response = error(StatusCode::SERVICE_UNAVAILABLE, &why);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}
