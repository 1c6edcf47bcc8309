//! Finds the address that a text means which is no IP address.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// What to write instead.
pub(super) fn of_address(text: &str) -> Option<String> {
    let (address, has_port) = meant(text)?;
    Some(format!("write \"{address}\"{}", if has_port { "; the port is `prometheus_port`" } else { "" }))
}

/// The address that a text means which is none, and whether it has a port.
fn meant(text: &str) -> Option<(IpAddr, bool)> {
    if let Ok(with_port) = text.parse::<SocketAddr>() {
        return Some((with_port.ip(), true));
    }
    let is_local = |name: &str| name.eq_ignore_ascii_case("localhost").then_some(Ipv4Addr::LOCALHOST.into());
    match text.rsplit_once(':') {
        Some((name, _)) => is_local(name).map(|address| (address, true)),
        None => is_local(text).map(|address| (address, false)),
    }
}
