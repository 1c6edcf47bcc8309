//! Serves the page of the dashboard over HTTP. In: requests of a browser. Out: page, style, script; none of it contains data.

use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse};

use super::page::{HTML, SCRIPT, STYLE};

pub(super) async fn page() -> Html<&'static str> {
    Html(HTML)
}

pub(super) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

pub(super) async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)
}
