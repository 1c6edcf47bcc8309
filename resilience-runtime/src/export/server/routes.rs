//! The list of the server's paths: a new one begins here. In: paths. Out: handlers, behind the access rules.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{delete, get, post};

use super::actions::{act_on_breaker, arm_chaos, disarm_chaos, end_override, list_chaos, override_settings};
use super::answers::refused;
use super::headers::guard;
use super::live::events;
use super::render::{dashboard, health, metrics, ready, service, session};
use super::rules::check_access;
use super::shared::Shared;
use super::shell::{page, script, style};

/// All routes. Without a fallback, so that they can be merged with those of a program.
pub(super) fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/page.css", get(style))
        .route("/page.js", get(script))
        .route("/metrics", get(metrics))
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/api/session", get(session))
        .route("/api/dashboard", get(dashboard))
        .route("/api/services/{name}", get(service))
        .route("/api/events", get(events))
        .route("/api/services/{name}/breaker", post(act_on_breaker))
        .route("/api/services/{name}/override", post(override_settings).delete(end_override))
        .route("/api/chaos", get(list_chaos).post(arm_chaos))
        .route("/api/chaos/{name}", delete(disarm_chaos))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), by_the_rules))
        .with_state(shared)
}

/// Answers requests that the rules allow. A refusal has the same headers as an answer.
async fn by_the_rules(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let asked = (request.method(), request.uri(), request.headers());
    let mut response = match check_access((shared.reach, shared.token.as_ref()), asked) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refused(refusal),
    };
    guard(response.headers_mut());
    response
}
