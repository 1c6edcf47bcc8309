//! Who may ask what, in tables.

use super::Reach::{Elsewhere, Loopback};
use super::*;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")))
        .collect()
}

#[test]
fn only_names_of_loopback_are_loopback() {
    for host in ["localhost", "LOCALHOST:9000", "127.0.0.1", "127.8.9.1:80", "[::1]", "[::1]:9000"] {
        assert!(is_loopback(host), "{host}");
    }
    for host in [
        "",
        ":80",
        "evil.example",
        "evil.example:9000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1:",
        "127.0.0.1:80x",
        "127.1",
        "2130706433",
        "0.0.0.0",
        "[::]",
        "[::1",
        "[::1]x",
        "[::1]:",
        "[::ffff:127.0.0.1]",
        "::1",
        "localhost:80:80",
        "user@localhost",
        "192.168.0.1",
        "localhost ",
    ] {
        assert!(!is_loopback(host), "{host}");
    }
    let two = headers(&[("host", "localhost"), ("host", "evil.example")]);
    assert!(!names_loopback(&Uri::from_static("/"), &two));
    assert!(!names_loopback(&Uri::from_static("http://evil.example/"), &headers(&[("host", "localhost")])));
    assert!(!names_loopback(&Uri::from_static("/"), &HeaderMap::new()));
}

#[test]
fn each_sort_of_path_wants_what_it_wants() {
    const HOST: (&str, &str) = ("host", "localhost:1");
    const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");
    const TOKEN: (&str, &str) = ("authorization", "bearer  t0ken");
    let token = Token::new("t0ken").expect("a token");
    let ask = |reach, with_token: bool, method: Method, path: &str, pairs: &[_]| {
        let token = with_token.then_some(&token);
        check_access((reach, token), (&method, &path.parse().expect("a path"), &headers(pairs)))
    };
    let act = "/api/services/a/breaker";
    for (reach, with_token, method, path, pairs, verdict) in [
        (Loopback, false, Method::GET, "/", &[HOST][..], Ok(())),
        (Loopback, false, Method::GET, "/metrics", &[("host", "evil.example")], Err(Refusal::ForeignHost)),
        (Loopback, false, Method::GET, "/api/dashboard", &[HOST], Ok(())),
        (Loopback, false, Method::POST, act, &[HOST, JSON, TOKEN], Err(Refusal::NoActions)),
        (Loopback, true, Method::GET, "/api/dashboard", &[HOST], Ok(())),
        (Loopback, true, Method::POST, act, &[HOST, JSON], Err(Refusal::WrongToken)),
        (
            Loopback,
            true,
            Method::POST,
            act,
            &[HOST, JSON, ("authorization", "Bearer t0keN")],
            Err(Refusal::WrongToken),
        ),
        (Loopback, true, Method::POST, act, &[HOST, JSON, TOKEN], Ok(())),
        (Loopback, true, Method::POST, "/x?a=1&token=t0k%65n", &[HOST, JSON], Ok(())),
        (Loopback, true, Method::POST, "/x?token=t0k%6", &[HOST, JSON], Err(Refusal::WrongToken)),
        // The header is what counts when there is one.
        (
            Loopback,
            true,
            Method::POST,
            "/x?token=t0ken",
            &[HOST, JSON, ("authorization", "Bearer x")],
            Err(Refusal::WrongToken),
        ),
        (Loopback, true, Method::POST, act, &[HOST, TOKEN], Err(Refusal::NotJson)),
        (
            Loopback,
            true,
            Method::POST,
            act,
            &[HOST, TOKEN, ("content-type", "text/plain")],
            Err(Refusal::NotJson),
        ),
        (
            Loopback,
            true,
            Method::DELETE,
            act,
            &[HOST, TOKEN, ("content-type", "text/plain")],
            Err(Refusal::NotJson),
        ),
        (Loopback, true, Method::DELETE, act, &[HOST, TOKEN], Ok(())),
        (Loopback, true, Method::POST, act, &[HOST, TOKEN, JSON, ("origin", "http://localhost:1")], Ok(())),
        (
            Loopback,
            true,
            Method::POST,
            act,
            &[HOST, TOKEN, JSON, ("origin", "null")],
            Err(Refusal::ForeignOrigin),
        ),
        (
            Loopback,
            true,
            Method::POST,
            act,
            &[HOST, TOKEN, JSON, ("origin", "http://localhost:2")],
            Err(Refusal::ForeignOrigin),
        ),
        (
            Loopback,
            true,
            Method::POST,
            act,
            &[HOST, TOKEN, JSON, ("origin", "http://evil.example")],
            Err(Refusal::ForeignOrigin),
        ),
        (Elsewhere, false, Method::GET, "/metrics", &[("host", "evil.example")], Ok(())),
        (Elsewhere, false, Method::GET, "/health", &[], Ok(())),
        (Elsewhere, false, Method::GET, "/", &[HOST], Err(Refusal::NeedsToken)),
        (Elsewhere, false, Method::GET, "/api/events", &[HOST], Err(Refusal::NeedsToken)),
        (Elsewhere, false, Method::POST, act, &[HOST, JSON], Err(Refusal::NeedsToken)),
        (Elsewhere, true, Method::GET, "/", &[], Ok(())),
        (Elsewhere, true, Method::GET, "/api/dashboard", &[], Err(Refusal::WrongToken)),
        (Elsewhere, true, Method::GET, "/api/dashboard", &[TOKEN], Ok(())),
    ] {
        assert_eq!(
            ask(reach, with_token, method.clone(), path, pairs),
            verdict,
            "{reach:?} {method} {path} {pairs:?}"
        );
    }
}
