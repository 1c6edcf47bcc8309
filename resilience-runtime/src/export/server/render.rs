//! Answers the requests that only read, and decides what `/health` and `/ready` say. In: requests. Out: answers. Snapshots are
//! taken on a thread for blocking work: with a thousand services one takes milliseconds, during which the runtime of a program
//! would run nothing else.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::actions::{DEFAULT_LIFETIME, MOST_LIFETIME};
use super::answers::{error, unknown_service};
use super::configuration::Configuration;
use super::rules::brings;
use super::shared::Shared;
use crate::export::prometheus::{Format, render};
use crate::monitor::snapshot::{DashboardData, HealthReport, ServiceSnapshot};

/// What is computed from a snapshot; `None` if that panicked, which has been reported where it happened.
async fn of_snapshot<T: Send + 'static>(
    shared: &Arc<Shared>,
    make: impl FnOnce(DashboardData) -> T + Send + 'static,
) -> Option<T> {
    let source = Arc::clone(&shared.source);
    tokio::task::spawn_blocking(move || make(source())).await.ok()
}

fn or_error<T: IntoResponse>(made: Option<T>) -> Response {
    made.map_or_else(
        || {
            error(
                StatusCode::INTERNAL_SERVER_ERROR,
                "taking the snapshot panicked: the log of the process says where",
            )
        },
        IntoResponse::into_response,
    )
}

pub(super) async fn metrics(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let format = Format::accepted(headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()));
    let page = of_snapshot(&shared, move |data| render(&data, format)).await;
    or_error(page.map(|page| ([(CONTENT_TYPE, format.content_type())], page)))
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    score: Option<u8>,
    services: Vec<ServiceHealth>,
}

#[derive(Serialize)]
struct ServiceHealth {
    name: String,
    #[serde(flatten)]
    health: HealthReport,
}

/// Always "up": restarting the process because a dependency is down would make things worse.
pub(super) async fn health(State(shared): State<Arc<Shared>>) -> Response {
    let health = of_snapshot(&shared, |data| Health {
        status: "up",
        score: Some(data.process.health),
        services: data
            .services
            .into_iter()
            .map(|service| ServiceHealth { name: service.name, health: service.health })
            .collect(),
    });
    Json(health.await.unwrap_or(Health { status: "up", score: None, services: Vec::new() })).into_response()
}

#[derive(Serialize)]
struct Ready {
    ready: bool,
    reason: Option<&'static str>,
}

/// Not ready if every configuration so far was refused: then the program runs with none that its operators wrote.
pub(super) async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    let reloads = shared.registry.reloads();
    let reason = if shared.closing.has_begun() {
        Some("the shutdown has begun")
    } else if reloads.applied == 0 && reloads.refused > 0 {
        Some("no configuration has been valid so far: the log has its faults")
    } else {
        None
    };
    let status = if reason.is_some() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (status, Json(Ready { ready: reason.is_none(), reason })).into_response()
}

pub(super) async fn dashboard(State(shared): State<Arc<Shared>>) -> Response {
    or_error(of_snapshot(&shared, |data| json(&data)).await)
}

#[derive(Serialize)]
struct OneService<'a> {
    version: u32,
    taken_at_ms: u64,
    latency_bucket_ends_us: &'a [f64],
    service: &'a ServiceSnapshot,
    configuration: Option<Configuration>,
}

pub(super) async fn service(State(shared): State<Arc<Shared>>, Path(name): Path<String>) -> Response {
    let registry = shared.registry;
    let found = of_snapshot(&shared, move |data| {
        let Some(service) = data.services.iter().find(|service| service.name == name) else {
            let mut names = data.services.iter().map(|service| service.name.as_str());
            return error(StatusCode::NOT_FOUND, &unknown_service(&name, &mut names));
        };
        json(&OneService {
            version: data.version,
            taken_at_ms: data.taken_at_ms,
            latency_bucket_ends_us: &data.latency_bucket_ends_us,
            service,
            configuration: registry.explain(&name).map(|explanation| Configuration::of(&explanation)),
        })
    });
    or_error(found.await)
}

#[derive(Serialize)]
struct Session {
    version: u32,
    /// Whether operator actions exist.
    actions: bool,
    /// Whether this request brought the token.
    authorized: bool,
    /// How long an action holds if it does not say.
    default_lifetime_seconds: u64,
    max_lifetime_seconds: u64,
}

pub(super) async fn session(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let token = shared.token.as_ref();
    let session = Session {
        version: DashboardData::VERSION,
        actions: token.is_some(),
        authorized: token.is_some_and(|token| brings(token, &uri, &headers)),
        default_lifetime_seconds: DEFAULT_LIFETIME.as_secs(),
        max_lifetime_seconds: MOST_LIFETIME.as_secs(),
    };
    Json(session).into_response()
}

/// Serialises here, on the thread for blocking work, and not when the answer is sent.
fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(text) => ([(CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => error(StatusCode::INTERNAL_SERVER_ERROR, "the snapshot cannot be written as JSON"),
    }
}
