//! Who may ask the server what: by token, address and origin.

use std::net::{Ipv4Addr, SocketAddr};

use resilience_runtime::export::server::{Server, ServerBuilder};

use crate::client::{ask, get};
use crate::fleet::{busy, start};

const READING: [&str; 4] = ["/api/dashboard", "/api/services/service-0", "/api/events", "/nothing"];
const PROBES: [&str; 3] = ["/metrics", "/health", "/ready"];

/// A server on every address of the machine, asked over loopback under the name of another.
fn elsewhere(builder: ServerBuilder) -> (Server, SocketAddr) {
    let server = builder.bind((Ipv4Addr::UNSPECIFIED, 0)).start().expect("a free port");
    let address = (Ipv4Addr::LOCALHOST, server.address().port()).into();
    (server, address)
}

#[test]
fn on_loopback_the_host_has_to_be_loopback() {
    let server = start(1);
    let ask =
        |host: &str, path: &str| ask(server.address(), &format!("GET {path}"), &[("host", host)], "").status;
    for path in PROBES.iter().chain(&READING).chain(&["/api/session"]) {
        assert_eq!(ask("evil.example", path), 403, "{path}");
    }
    assert_eq!(ask("localhost.evil.example:80", "/metrics"), 403);
    assert_eq!(ask("localhost:1234", "/metrics"), 200);
    assert_eq!(ask("[::1]", "/metrics"), 200);
}

#[test]
fn beyond_loopback_and_without_a_token_only_probes_and_metrics_answer() {
    let (server, address) = elsewhere(busy(1).0);
    for path in PROBES {
        assert_eq!(
            ask(address, &format!("GET {path}"), &[("host", "dash.example")], "").status,
            200,
            "{path}"
        );
    }
    for path in READING.iter().chain(&["/", "/api/session"]) {
        let answer = get(address, path);
        assert_eq!(answer.status, 403, "{path}");
        assert!(answer.body.contains("RESILIENCE_OPERATOR_TOKEN"), "the remedy is named");
    }
    drop(server);
}

#[test]
fn beyond_loopback_the_token_opens_the_rest() {
    let (server, address) = elsewhere(busy(1).0.token("t0ken"));
    for path in READING {
        let with = |value: &str| ask(address, &format!("GET {path}"), &[("authorization", value)], "").status;
        if path != "/api/events" {
            let there = if path == "/nothing" { 404 } else { 200 };
            assert_eq!(with("Bearer t0ken"), there, "{path}");
            assert_eq!(get(address, &format!("{path}?token=t0ken")).status, there, "{path}");
        }
        assert_eq!(with("Bearer t0keN"), 401, "{path}");
        assert_eq!(get(address, path).header("www-authenticate"), Some("Bearer"), "{path}");
    }
    drop(server);
}

#[test]
fn a_token_that_is_empty_is_none() {
    let (server, address) = elsewhere(busy(1).0.token(" "));
    assert_eq!(get(address, "/api/dashboard?token=").status, 403);
    drop(server);
}

#[test]
fn every_answer_forbids_what_a_page_of_somebody_else_could_do_with_it() {
    let server = start(1);
    for (path, host) in [("/metrics", "localhost"), ("/nothing", "localhost"), ("/", "evil.example")] {
        let answer = ask(
            server.address(),
            &format!("GET {path}"),
            &[("host", host), ("origin", "http://evil.example")],
            "",
        );
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        // A token may stand in the address.
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        for (name, _) in &answer.headers {
            assert!(!name.starts_with("access-control-") && name != "set-cookie", "{name}");
        }
    }
}
