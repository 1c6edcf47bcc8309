//! Decides whether a request to the server may be answered: by address, token and origin. In: the headers and the path of a
//! request. Out: whether it may be answered. Nothing else is read here.
//!
//! A web page anywhere can make its reader's browser send requests to loopback and to the network behind the
//! firewall. It cannot choose the headers `Host`, `Origin` and, without asking first, `Content-Type`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};

use super::token::Token;

/// Where the server can be reached from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// From this machine.
    Loopback,
    /// From elsewhere, or unknown.
    Elsewhere,
}

/// The kind of a path, for the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathKind {
    /// For scrapers and probes, which have no token.
    Probe,
    /// The page without its data, and whether there are actions: a browser asks before it has the token.
    Shell,
    /// Everything that tells more than sums.
    Reading,
    /// Whatever changes something.
    Action,
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    ForeignHost,
    NeedsToken,
    WrongToken,
    NoActions,
    ForeignOrigin,
    NotJson,
}

/// Whether a request may be answered.
pub(super) fn check_access(
    (reach, token): (Reach, Option<&Token>),
    (method, uri, headers): (&Method, &Uri, &HeaderMap),
) -> Result<(), Refusal> {
    if reach == Reach::Loopback && !names_loopback(uri, headers) {
        return Err(Refusal::ForeignHost);
    }
    let kind = kind(method, uri.path());
    if kind == PathKind::Probe {
        return Ok(());
    }
    let Some(token) = token else {
        return match (reach, kind) {
            (Reach::Elsewhere, _) => Err(Refusal::NeedsToken),
            (Reach::Loopback, PathKind::Action) => Err(Refusal::NoActions),
            (Reach::Loopback, _) => Ok(()),
        };
    };
    let is_open = kind == PathKind::Shell || (kind == PathKind::Reading && reach == Reach::Loopback);
    if !is_open && !brings(token, uri, headers) {
        return Err(Refusal::WrongToken);
    }
    if kind == PathKind::Action {
        if is_foreign(headers) {
            return Err(Refusal::ForeignOrigin);
        }
        if !is_json(method, headers) {
            return Err(Refusal::NotJson);
        }
    }
    Ok(())
}

fn kind(method: &Method, path: &str) -> PathKind {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return PathKind::Action;
    }
    match path {
        "/metrics" | "/health" | "/ready" => PathKind::Probe,
        "/" | "/page.css" | "/page.js" | "/api/session" => PathKind::Shell,
        _ => PathKind::Reading,
    }
}

/// Whether the request is addressed to loopback, by each name that it gives.
fn names_loopback(uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let is_host_loopback = host.to_str().is_ok_and(is_loopback);
    is_host_loopback && uri.authority().is_none_or(|authority| is_loopback(authority.as_str()))
}

/// Whether `host` or `host:port` is loopback.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => {
            let Some((address, port)) = rest.split_once(']') else { return false };
            let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_number);
            return is_port
                && address.parse().is_ok_and(|address: Ipv6Addr| IpAddr::V6(address).is_loopback());
        }
        None => match host.split_once(':') {
            Some((name, port)) if is_number(port) => name,
            Some(_) => return false,
            None => host,
        },
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the request brings the token. What is not ASCII or percent-encoded has to come in the header.
pub(super) fn brings(token: &Token, uri: &Uri, headers: &HeaderMap) -> bool {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| {
        let (scheme, guess) = value.as_bytes().split_at_checked("Bearer ".len())?;
        scheme.eq_ignore_ascii_case(b"Bearer ").then(|| guess.trim_ascii())
    });
    if let Some(guess) = bearer {
        return token.is(guess);
    }
    let mut pairs = uri.query().unwrap_or_default().split('&');
    let guess = pairs.find_map(|pair| pair.strip_prefix("token="));
    guess.is_some_and(|guess| token.is(&decoded(guess)))
}

/// Decodes the percent signs in a part of a query.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().iter();
    let mut out = Vec::with_capacity(text.len());
    while let Some(&byte) = bytes.next() {
        let escaped = bytes.as_slice().get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, escaped) {
            (b'%', Some(escaped)) => {
                out.push(escaped);
                bytes.nth(1);
            }
            _ => out.push(byte),
        }
    }
    out
}

/// Whether a browser sends the request on behalf of another site's page. Without `Origin` it is no browser, or no
/// page.
fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    let Some(origin) = text(ORIGIN) else { return false };
    let own = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    !matches!((own, text(HOST)), (Some(own), Some(host)) if own.eq_ignore_ascii_case(host))
}

/// Whether the body is JSON, if there is one. A form can send `text/plain` across origins without asking, but not
/// JSON. Methods without a body need no type: browsers ask before they send such a method.
fn is_json(method: &Method, headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE) else { return *method == Method::DELETE };
    let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests;
