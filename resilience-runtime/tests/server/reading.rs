//! What the paths of the server answer that only read: pages, snapshots, health, readiness.

use resilience_runtime::export::server::ServerBuilder;
use resilience_runtime::start_prometheus_server;
use serde_json::Value;

use crate::client::{ask, get};
use crate::fleet::{snapshot, start};

#[test]
fn metrics_come_in_the_form_that_the_client_likes_best() {
    let server = start(2);
    let text = get(server.address(), "/metrics");
    assert_eq!(text.status, 200);
    assert_eq!(text.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert!(text.body.contains("resilience_calls_total{dependency=\"service-1\",outcome=\"success\"}"));
    assert!(!text.body.contains("# EOF"));
    let accept = [("accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")];
    let open = ask(server.address(), "GET /metrics", &accept, "");
    assert_eq!(
        open.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    assert!(open.body.ends_with("# EOF\n"));
}

#[test]
fn health_and_readiness_do_not_depend_on_how_services_do() {
    let source = || {
        let mut data = snapshot(1, 5);
        data.process.health = 0;
        data.services[0].health.score = 0;
        data.services[0].breaker.state = "open";
        data
    };
    let server = ServerBuilder::new().source(source).start().expect("a free port");
    let health = get(server.address(), "/health");
    assert_eq!(health.status, 200);
    let body = health.json();
    assert_eq!((&body["status"], &body["score"]), (&Value::from("up"), &Value::from(0)));
    assert_eq!(body["services"][0]["name"], "service-0");
    assert_eq!(body["services"][0]["score"], 0);
    let ready = get(server.address(), "/ready");
    assert_eq!((ready.status, &ready.json()["ready"]), (200, &Value::Bool(true)));
}

#[test]
fn the_process_is_up_while_it_answers_whatever_becomes_of_the_snapshot() {
    let server = ServerBuilder::new().source(|| panic!("on purpose")).start().expect("a free port");
    assert_eq!(get(server.address(), "/health").status, 200);
    assert_eq!(get(server.address(), "/ready").status, 200);
    for path in ["/metrics", "/api/dashboard", "/api/services/a"] {
        let answer = get(server.address(), path);
        assert_eq!(answer.status, 500, "{path}");
        assert!(answer.json()["error"].as_str().is_some_and(|text| text.contains("log")));
    }
}

#[test]
fn the_dashboard_is_the_snapshot_and_one_service_a_part_of_it() {
    let mut data = snapshot(2, 5);
    data.services[1].name = "a/b \"<script>\u{202e}\n%".to_owned();
    let shown = data.clone();
    let server = ServerBuilder::new().source(move || shown.clone()).start().expect("a free port");
    let answer = get(server.address(), "/api/dashboard");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json(), serde_json::to_value(&data).expect("JSON"));
    assert_eq!(answer.json()["version"], 1);
    let one = get(server.address(), "/api/services/a%2Fb%20%22%3Cscript%3E%E2%80%AE%0A%25");
    assert_eq!(one.status, 200);
    assert_eq!(one.json()["service"], serde_json::to_value(&data.services[1]).expect("JSON"));
    let name = &data.services[0].name;
    for (asked, says) in [
        ("nobody".to_owned(), "`/api/dashboard`".to_owned()),
        (format!("{name}x"), format!("did you mean `{name}`?")),
    ] {
        let unknown = get(server.address(), &format!("/api/services/{asked}"));
        assert_eq!(unknown.status, 404, "{asked}");
        assert!(
            unknown.json()["error"].as_str().is_some_and(|text| text.contains(&says)),
            "{}",
            unknown.body
        );
    }
}

#[test]
fn the_session_tells_whether_there_are_actions() {
    let (server, with_token) = (start(0), ServerBuilder::new().token("t").start().expect("a free port"));
    assert_eq!(get(server.address(), "/api/session").json()["actions"], false);
    let session = get(with_token.address(), "/api/session").json();
    assert_eq!((&session["actions"], &session["authorized"]), (&Value::Bool(true), &Value::Bool(false)));
    assert_eq!(get(with_token.address(), "/api/session?token=t").json()["authorized"], true);
}

#[test]
fn a_port_that_is_taken_is_an_error_that_names_it() {
    let server = start_prometheus_server(0).expect("a free port");
    let port = server.address().port();
    assert!(server.address().ip().is_loopback() && port != 0);
    let error = start_prometheus_server(port).expect_err("it is taken");
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}")), "{error}");
    drop(server);
    drop(start_prometheus_server(port).expect("free again"));
}

#[test]
fn the_end_of_the_runtime_that_started_it_does_not_end_the_server() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = runtime.block_on(async { tokio::spawn(async { start(1) }).await.expect("started") });
    drop(runtime);
    assert_eq!(get(server.address(), "/metrics").status, 200);
}

#[test]
fn the_page_and_all_that_it_loads_come_from_the_server() {
    let server = start(1);
    let page = get(server.address(), "/");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let loaded: Vec<&str> = page.body.split(['"', '\'']).filter(|text| text.starts_with("page.")).collect();
    assert_eq!(loaded, ["page.css", "page.js"]);
    for (path, kind) in
        [("/page.css", "text/css; charset=utf-8"), ("/page.js", "text/javascript; charset=utf-8")]
    {
        let answer = get(server.address(), path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)));
        assert!(!answer.body.is_empty());
    }
    // The policy forbids both.
    assert!(
        !page.body.contains("<style") && !page.body.contains(" style=") && !page.body.contains(" onclick=")
    );
    assert!(page.body.split("<script").skip(1).all(|script| script.contains("src=\"page.js\"></script>")));
}

/// Names come from outside. What is made of text can be markup; what is written as text cannot.
#[test]
fn the_script_of_the_page_writes_text_and_never_markup() {
    let server = start(0);
    let script = get(server.address(), "/page.js").body;
    assert!(script.contains(".textContent = ") && script.len() > 10_000);
    for way in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "setHTML",
        "createContextualFragment",
        "DOMParser",
        "srcdoc",
        "javascript:",
        "eval(",
        "Function(",
        "setTimeout(\"",
        "onclick",
    ] {
        assert!(!script.contains(way), "`{way}` makes code or markup of text");
    }
}

#[test]
fn counts_of_calls_and_events_of_the_program_are_in_every_form() {
    let server = start_prometheus_server(0).expect("a free port");
    let of = crate::actions::service("whole");
    of.force_open();
    let row = format!("resilience_breaker_state{{dependency=\"{}\",state=\"forced_open\"}} 1", of.name());
    assert!(get(server.address(), "/metrics").body.contains(&row));
    let said = get(server.address(), "/api/services/whole").json();
    assert_eq!(
        (&said["service"]["breaker"]["state"], &said["service"]["calls"]["success"]),
        (&"forced_open".into(), &1.into())
    );
    let mut reader = crate::stream::Reader::new(server.address(), None);
    let is_told = std::iter::from_fn(|| reader.next()).take(50).any(|event| {
        event.kind == "event" && event.data["service"] == "whole" && event.data["to"] == "forced_open"
    });
    assert!(is_told);
    of.reset_breaker();
}
