//! What an operator does to breakers and settings over HTTP, and for how long it holds.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use resilience_runtime::export::server::{Server, ServerBuilder};
use resilience_runtime::policy::{Key, Value as Setting};
use resilience_runtime::{BreakerState, Patch, Resilient, Service, ServiceKind, monitor, registry};
use serde_json::Value;

use crate::client::{Answer, ask, get};

const JSON: (&str, &str) = ("content-type", "application/json");
const TOKEN: (&str, &str) = ("authorization", "Bearer t0ken");

fn server() -> Server {
    ServerBuilder::new().token("t0ken").start().expect("a free port")
}

/// A service that has been called once.
pub(crate) fn service(name: &'static str) -> &'static Service {
    let handle = Resilient::service(name).kind(ServiceKind::HttpApi).max_attempts(5).build();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { handle.call(async || Ok::<_, std::io::Error>(())).await }).expect("it succeeds");
    registry().service(name).expect("it is named")
}

fn post(address: SocketAddr, path: &str, body: &str) -> Answer {
    ask(address, &format!("POST /api/services/{path}"), &[JSON, TOKEN], body)
}

fn attempts(name: &str) -> Setting {
    let explanation = registry().explain(name).expect("known");
    let entry = explanation.entries().iter().find(|entry| entry.key() == Key::MaxAttempts);
    entry.expect("set").value().clone()
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(15), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn without_a_token_there_are_no_actions() {
    let server = ServerBuilder::new().start().expect("a free port");
    service("no-actions");
    for (request, body) in [
        ("POST /api/services/no-actions/breaker", r#"{"action":"force_open"}"#),
        ("POST /api/services/no-actions/override", r#"{"patch":{"max_attempts":1}}"#),
        ("DELETE /api/services/no-actions/override", ""),
    ] {
        assert_eq!(ask(server.address(), request, &[JSON, TOKEN], body).status, 404, "{request}");
    }
    assert_eq!(service("no-actions").breaker_state(), BreakerState::Closed);
}

#[test]
fn actions_want_the_token_json_and_no_foreign_origin() {
    let server = server();
    let of = service("guarded");
    let body = r#"{"action":"force_open"}"#;
    let own = format!("http://{}", server.address());
    for (headers, status) in [
        (vec![JSON], 401),
        (vec![JSON, ("authorization", "Bearer wrong")], 401),
        (vec![JSON, TOKEN, ("origin", "http://evil.example")], 403),
        (vec![JSON, TOKEN, ("origin", "null")], 403),
        (vec![JSON, TOKEN, ("host", "evil.example")], 403),
        (vec![("content-type", "text/plain"), TOKEN], 415),
        (vec![("content-type", "application/x-www-form-urlencoded"), TOKEN], 415),
        (vec![TOKEN], 415),
    ] {
        let answer = ask(server.address(), "POST /api/services/guarded/breaker", &headers, body);
        assert_eq!(answer.status, status, "{headers:?}");
        assert!(answer.json()["error"].is_string());
        assert_eq!(of.breaker_state(), BreakerState::Closed, "{headers:?}");
    }
    let headers = [JSON, TOKEN, ("origin", own.as_str())];
    assert_eq!(ask(server.address(), "POST /api/services/guarded/breaker", &headers, body).status, 200);
    assert_eq!(of.breaker_state(), BreakerState::ForcedOpen);
}

#[test]
fn a_forced_breaker_is_free_again_when_its_time_is_up_even_without_the_server() {
    let server = server();
    let of = service("forced");
    let done = post(server.address(), "forced/breaker", r#"{"action":"force_open","lifetime_seconds":1}"#);
    assert_eq!(done.status, 200, "{}", done.body);
    let said = done.json();
    assert_eq!(
        (&said["changed"][0]["before"], &said["changed"][0]["after"]),
        (&"closed".into(), &"forced_open".into())
    );
    assert_eq!(said["expires_in_seconds"], 1);
    assert_eq!(of.breaker_state(), BreakerState::ForcedOpen);
    drop(server);
    until("the breaker is free again", || of.breaker_state() == BreakerState::Closed);
}

#[test]
fn a_later_action_holds_for_its_own_time_and_a_reset_ends_it() {
    let server = server();
    let of = service("again");
    let act = |body: &str| assert_eq!(post(server.address(), "again/breaker", body).status, 200, "{body}");
    act(r#"{"action":"force_open","lifetime_seconds":1}"#);
    act(r#"{"action":"force_closed"}"#);
    thread::sleep(Duration::from_millis(1_500));
    assert_eq!(of.breaker_state(), BreakerState::ForcedClosed, "the first time is not that of the second");
    act(r#"{"action":"reset"}"#);
    assert_eq!(of.breaker_state(), BreakerState::Closed);
    // What the program forces itself is not ended by the time of the page.
    act(r#"{"action":"force_open","lifetime_seconds":1}"#);
    of.force_closed();
    thread::sleep(Duration::from_millis(1_500));
    assert_eq!(of.breaker_state(), BreakerState::ForcedClosed);
    of.reset_breaker();
}

#[test]
fn an_override_holds_for_its_time_and_leaves_what_the_program_had_set() {
    let server = server();
    service("tuned");
    registry().update_service("tuned", &Patch::new().max_attempts(4)).expect("in range");
    let body = r#"{"patch":{"max_attempts":2,"breaker":{"open_for":"10s"}},"lifetime_seconds":1}"#;
    let done = post(server.address(), "tuned/override", body);
    assert_eq!(done.status, 200, "{}", done.body);
    let said = done.json();
    let change =
        said["changed"].as_array().and_then(|all| all.iter().find(|one| one["what"] == "max_attempts"));
    assert_eq!(change.map(|one| (&one["before"], &one["after"])), Some((&"4".into(), &"2".into())), "{said}");
    assert_eq!(attempts("tuned"), Setting::Count(2));
    until("the override ends", || attempts("tuned") == Setting::Count(4));

    assert_eq!(post(server.address(), "tuned/override", r#"{"patch":{"max_attempts":3}}"#).status, 200);
    assert_eq!(post(server.address(), "tuned/override", r#"{"patch":{"jitter":0.5}}"#).status, 200);
    assert_eq!(attempts("tuned"), Setting::Count(4), "a later override replaces the earlier");
    let refused = post(server.address(), "tuned/override", r#"{"patch":{"max_attempts":0}}"#);
    assert_eq!(refused.status, 400);
    let end = || ask(server.address(), "DELETE /api/services/tuned/override", &[TOKEN], "").status;
    assert_eq!((end(), end()), (200, 404));
    assert_eq!(attempts("tuned"), Setting::Count(4));
}

#[test]
fn what_cannot_be_done_is_refused_with_what_to_do() {
    let server = server();
    service("refused");
    for (path, body, status, says) in [
        ("nobody/breaker", r#"{"action":"force_open"}"#, 404, "names this service"),
        ("nobody/override", r#"{"patch":{"max_attempts":1}}"#, 404, "names this service"),
        ("refusd/breaker", r#"{"action":"force_open"}"#, 404, "did you mean `refused`?"),
        ("refusd/override", r#"{"patch":{"max_attempts":1}}"#, 404, "did you mean `refused`?"),
        ("refused/breaker", r#"{"action":"explode"}"#, 400, "force_open"),
        ("refused/breaker", r#"{"action":"force_open","lifetime_seconds":90000}"#, 400, "86400"),
        ("refused/breaker", "", 400, "what to do"),
        ("refused/override", r#"{"patch":{"max_atempts":1}}"#, 400, "max_attempts"),
        ("refused/override", r#"{"patch":{}}"#, 400, "sets nothing"),
    ] {
        let answer = post(server.address(), path, body);
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.body);
        assert!(
            answer.json()["error"].as_str().is_some_and(|text| text.contains(says)),
            "{body}: {}",
            answer.body
        );
    }
    let long = format!(r#"{{"patch":{{"max_attempts":1}},"x":"{}"}}"#, "x".repeat(70_000));
    assert_eq!(post(server.address(), "refused/override", &long).status, 400);
    assert_eq!(registry().service("refused").map(Service::breaker_state), Some(BreakerState::Closed));
}

#[test]
fn the_page_of_a_service_says_where_each_value_comes_from() {
    let server = server();
    service("explained");
    assert_eq!(post(server.address(), "explained/override", r#"{"patch":{"max_attempts":2}}"#).status, 200);
    let said = get(server.address(), "/api/services/explained").json();
    assert_eq!(said["service"]["name"], "explained");
    let settings = said["configuration"]["settings"].as_array().expect("settings");
    let attempts = settings.iter().find(|one| one["key"] == "max_attempts").expect("it is set");
    assert_eq!(attempts["value"], "2");
    assert!(attempts["source"].as_str().is_some_and(|text| !text.is_empty()));
    assert_ne!(attempts["hides"], Value::Array(Vec::new()), "what it hides is shown: {attempts}");
}

/// With the feature, `chaos_outside` has the rest.
#[cfg(not(feature = "testing"))]
#[test]
fn a_program_without_the_feature_says_that_nothing_can_be_injected() {
    let server = server();
    let body = r#"{"name": "down", "target": "db", "hang": true}"#;
    for (request, body) in [("POST /api/chaos", body), ("DELETE /api/chaos/down", ""), ("GET /api/chaos", "")]
    {
        let answer = ask(server.address(), request, &[JSON, TOKEN], body);
        assert!(
            answer.status == 501 && answer.body.contains("feature `testing`"),
            "{request}: {}",
            answer.body
        );
    }
    let file = "[chaos.down]\ntarget = 'db'\nhang = true\n";
    let findings = registry().load_config(file, "test.toml").expect("valid");
    assert!(findings.iter().any(|one| one.to_string().contains("feature `testing`")), "{findings:?}");
}

#[test]
fn what_an_operator_does_and_its_end_are_events() {
    let server = server();
    service("acted-on");
    let events = || {
        let all = monitor().events().into_iter();
        let of_operator =
            all.filter(|event| event.service == Some("acted-on") && event.kind.starts_with("operator_"));
        of_operator
            .map(|event| format!("{} {}", event.kind, event.to.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    // A breaker that is closed already stays so: the history of its states does not have it.
    assert_eq!(post(server.address(), "acted-on/breaker", r#"{"action":"reset"}"#).status, 200);
    let body = r#"{"patch":{"max_attempts":1},"lifetime_seconds":1}"#;
    assert_eq!(post(server.address(), "acted-on/override", body).status, 200);
    until("the override ends", || events().len() == 3);
    assert_eq!(events(), ["operator_acted reset", "operator_acted override", "operator_time_up override"]);
}
