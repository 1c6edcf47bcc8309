//! What an operator does is in the log: a process of its own, as the server's threads have the subscriber of the program.

use std::fmt::{Debug, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Body;
use http::Request;
use resilience_runtime::export::server::ServerBuilder;
use resilience_runtime::registry;
use tower_service::Service;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Lines;

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Lines {
    fn enabled(&self, meta: &Metadata<'_>) -> bool {
        meta.target() == "resilience::operator"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(event.metadata().level().to_string());
        event.record(&mut fields);
        LINES.lock().unwrap_or_else(PoisonError::into_inner).push(fields.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn lines() -> Vec<String> {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

#[tokio::test]
async fn each_action_is_logged_with_what_changed_and_so_is_its_end() {
    tracing::subscriber::set_global_default(Lines).expect("the first");
    let file = "[services.\"a\\nERROR\"]\nmax_attempts = 4";
    registry().load_config(file, "test.toml").expect("valid");
    let mut router = ServerBuilder::new().token("t").router();
    let mut post = async |path: &str, body: &'static str| {
        let request = Request::post(format!("/api/services/a%0AERROR/{path}"))
            .header("authorization", "Bearer t")
            .header("content-type", "application/json");
        let answer =
            router.call(request.body(Body::from(body)).expect("a request")).await.expect("never fails");
        assert_eq!(answer.status(), 200, "{path}");
    };
    post("breaker", r#"{"action":"force_open"}"#).await;
    post("override", r#"{"patch":{"max_attempts":2},"lifetime_seconds":1}"#).await;
    let said = lines();
    assert_eq!(said.len(), 2, "{said:#?}");
    for (line, parts) in said.iter().zip([
        ["action=\"force_open\"", "changed=breaker: closed -> forced_open", "lifetime_seconds=3600"],
        ["action=\"override\"", "changed=max_attempts: 4 -> 2", "lifetime_seconds=1"],
    ]) {
        assert!(line.starts_with("WARN") && line.contains("service=a\\nERROR"), "{line}");
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
    }
    let started = Instant::now();
    while lines().len() < 3 {
        assert!(started.elapsed() < Duration::from_secs(15), "the end of the override is told");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(lines()[2].contains("of=\"override\""), "{:?}", lines());
}
