//! What an operator does is in the log: a process of its own, as the server's threads have the subscriber of the program.

use std::time::{Duration, Instant};

use axum::body::Body;
use http::Request;
use resilience_runtime::export::server::ServerBuilder;
use resilience_runtime::registry;
use tower_service::Service;

mod log_lines;

fn lines() -> Vec<String> {
    log_lines::lines(&[" resilience::operator "])
}

#[tokio::test]
async fn each_action_is_logged_with_what_changed_and_so_is_its_end() {
    log_lines::listen();
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
