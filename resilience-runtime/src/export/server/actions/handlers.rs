//! Carries out the actions of an operator, on breakers and settings. In: requests. Out: the action is performed and logged, and the
//! answer says what changed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use resilience_settings::policy::Key;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::lease::{Lease, Leased};
use super::overlay::Overlay;
use super::patch::patch;
use super::request::{BreakerAction, BreakerRequest, OverrideRequest};
use super::told::tell_acted;
use crate::breaker_state::BreakerState;
use crate::events::Rare;
use crate::export::server::answers::{error, unknown_service};
use crate::export::server::shared::Shared;
use crate::registry::Registry;

/// The longest body in bytes: a patch of every key has a few thousand.
const LONGEST: usize = 64 << 10;

/// How long a client may take to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// An action that was performed.
#[derive(Serialize)]
struct Done {
    service: String,
    action: &'static str,
    changed: Vec<Change>,
    expires_in_seconds: Option<u64>,
}

#[derive(Serialize)]
struct Change {
    what: String,
    before: String,
    after: String,
}

pub(super) type Refused = (StatusCode, String);

pub(in crate::export::server) async fn act_on_breaker(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    body: Body,
) -> Response {
    let request: BreakerRequest = match read(body).await {
        Ok(request) => request,
        Err((status, text)) => return error(status, &text),
    };
    perform(move || breaker(&shared, name, &request)).await
}

pub(in crate::export::server) async fn override_settings(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    body: Body,
) -> Response {
    let request: OverrideRequest = match read(body).await {
        Ok(request) => request,
        Err((status, text)) => return error(status, &text),
    };
    perform(move || settings(&shared, name, &request)).await
}

pub(in crate::export::server) async fn end_override(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
) -> Response {
    perform(move || end(&shared, name)).await
}

pub(super) async fn read<T: DeserializeOwned>(body: Body) -> Result<T, Refused> {
    let bytes = tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, LONGEST)).await;
    let Ok(Ok(bytes)) = bytes else {
        let text = format!("the body was cut short, took too long, or is longer than {LONGEST} bytes");
        return Err((StatusCode::BAD_REQUEST, text));
    };
    serde_json::from_slice(&bytes)
        .map_err(|error| (StatusCode::BAD_REQUEST, format!("the body does not say what to do: {error}")))
}

/// Performs an action on a thread for blocking work: it may wait for another action, and it wakes foreign code.
pub(super) async fn perform<T: Serialize + Send + 'static>(
    act: impl FnOnce() -> Result<T, Refused> + Send + 'static,
) -> Response {
    match tokio::task::spawn_blocking(act).await {
        Ok(Ok(done)) => Json(done).into_response(),
        Ok(Err((status, text))) => error(status, &text),
        Err(_) => {
            error(StatusCode::INTERNAL_SERVER_ERROR, "the action panicked: the log of the process says where")
        }
    }
}

fn breaker(shared: &Shared, name: String, request: &BreakerRequest) -> Result<Done, Refused> {
    let lifetime = request.lifetime().map_err(|text| (StatusCode::BAD_REQUEST, text))?;
    let service = shared.registry.service(&name).ok_or_else(|| unknown(shared.registry, &name))?;
    let acting = shared.leases.act();
    acting.prepare().map_err(|error| no_thread(&error))?;
    let before = service.breaker_state();
    let state = match request.action {
        BreakerAction::ForceOpen => Some(BreakerState::ForcedOpen),
        BreakerAction::ForceClosed => Some(BreakerState::ForcedClosed),
        BreakerAction::Reset => None,
    };
    // Recorded before it is performed: a subscriber that panics at the transition must not leave the breaker forced
    // for ever.
    match state {
        Some(state) => acting.hold(Lease {
            service: name.clone(),
            until: Instant::now() + lifetime,
            of: Leased::Breaker(state),
        }),
        None => drop(acting.take(|lease| lease.service == name && matches!(lease.of, Leased::Breaker(_)))),
    }
    match request.action {
        BreakerAction::ForceOpen => service.force_open(),
        BreakerAction::ForceClosed => service.force_closed(),
        BreakerAction::Reset => service.reset_breaker(),
    }
    let changed = Change {
        what: "breaker".to_owned(),
        before: before.to_string(),
        after: service.breaker_state().to_string(),
    };
    Ok(done(shared.registry, name, request.action.name(), vec![changed], state.map(|_| lifetime)))
}

fn settings(shared: &Shared, name: String, request: &OverrideRequest) -> Result<Done, Refused> {
    let refuse = |text: String| (StatusCode::BAD_REQUEST, text);
    let lifetime = request.lifetime().map_err(refuse)?;
    let patch = patch(&request.patch).map_err(refuse)?;
    shared.registry.explain(&name).ok_or_else(|| unknown(shared.registry, &name))?;
    let acting = shared.leases.act();
    acting.prepare().map_err(|error| no_thread(&error))?;
    let earlier = acting.take(|lease| lease.service == name && matches!(lease.of, Leased::Settings(_)));
    let old = match &earlier {
        Some(Lease { of: Leased::Settings(overlay), .. }) => overlay.clone(),
        _ => Overlay::default(),
    };
    let mut keys: Vec<Key> = old.keys().chain(patch.iter().map(|(key, _)| key)).collect();
    keys.sort();
    keys.dedup();
    let before = values(shared.registry, &name, &keys);
    let overlay = shared.registry.change_update(
        &name,
        |service| Rare::OverrideSet { service },
        |update| Overlay::over(&old.taken_from(update), patch),
    );
    let overlay = match overlay {
        Ok(overlay) => overlay,
        Err(error) => {
            if let Some(earlier) = earlier {
                acting.hold(earlier);
            }
            return Err(refuse(error.to_string()));
        }
    };
    acting.hold(Lease {
        service: name.clone(),
        until: Instant::now() + lifetime,
        of: Leased::Settings(overlay),
    });
    let changed = changes(&keys, before, values(shared.registry, &name, &keys));
    Ok(done(shared.registry, name, "override", changed, Some(lifetime)))
}

fn end(shared: &Shared, name: String) -> Result<Done, Refused> {
    let acting = shared.leases.act();
    let lease = acting.take(|lease| lease.service == name && matches!(lease.of, Leased::Settings(_)));
    let Some(Lease { of: Leased::Settings(overlay), .. }) = lease else {
        let text = "this server holds no override of this service: what the program set by `update_service` is its own";
        return Err((StatusCode::NOT_FOUND, text.to_owned()));
    };
    let keys: Vec<Key> = overlay.keys().collect();
    let before = values(shared.registry, &name, &keys);
    let taken = shared.registry.change_update(
        &name,
        |service| Rare::OverrideCleared { service },
        |update| (overlay.taken_from(update), ()),
    );
    taken.map_err(|error| (StatusCode::NOT_FOUND, error.to_string()))?;
    let changed = changes(&keys, before, values(shared.registry, &name, &keys));
    Ok(done(shared.registry, name, "end_override", changed, None))
}

/// The values in force for these keys.
fn values(registry: &Registry, name: &str, keys: &[Key]) -> Vec<String> {
    let explanation = registry.explain(name);
    let entries = explanation.as_ref().map_or(&[][..], |explanation| explanation.entries());
    let value =
        |key: &Key| entries.iter().find(|entry| entry.key() == *key).map(|entry| entry.value().to_string());
    keys.iter().map(|key| value(key).unwrap_or_else(|| "unset".to_owned())).collect()
}

fn changes(keys: &[Key], before: Vec<String>, after: Vec<String>) -> Vec<Change> {
    let both = keys.iter().zip(before.into_iter().zip(after));
    both.map(|(key, (before, after))| Change { what: key.path(), before, after }).collect()
}

/// Reports that an action was performed.
fn done(
    registry: &'static Registry,
    service: String,
    action: &'static str,
    changed: Vec<Change>,
    lifetime: Option<Duration>,
) -> Done {
    let lines = changed.iter().map(|one| format!("{}: {} -> {}", one.what, one.before, one.after));
    let expires_in_seconds = lifetime.map(|lifetime| lifetime.as_secs());
    let summary = lines.collect::<Vec<_>>().join(", ");
    tell_acted(registry, &service, action, &summary, lifetime);
    Done { service, action, changed, expires_in_seconds }
}

fn unknown(registry: &'static Registry, name: &str) -> Refused {
    let services = registry.services();
    (StatusCode::NOT_FOUND, unknown_service(name, &mut services.iter().map(|service| service.name())))
}

fn no_thread(error: &std::io::Error) -> Refused {
    let text = format!(
        "the thread that would end it cannot be started ({error}): raise the limit on threads of this process"
    );
    (StatusCode::SERVICE_UNAVAILABLE, text)
}
