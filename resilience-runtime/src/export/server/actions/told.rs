//! Tells of what an operator does, and that its time is up. In: the action. Out: an event in the log and in the history.

use std::time::Duration;

use crate::events::{Event, OfServer, Rare, emit};
use crate::registry::{Registry, Service};
use crate::wakers::shielded;

/// An action was performed, whatever a subscriber does.
pub(super) fn tell_acted(
    registry: &'static Registry,
    service: &str,
    action: &'static str,
    changed: &str,
    lifetime: Option<Duration>,
) {
    let (known, lifetime_seconds) = (known(registry, service), lifetime.map(|lifetime| lifetime.as_secs()));
    let acted = OfServer::Acted { service, known, action, changed, lifetime_seconds };
    shielded(|| emit(&Event::Rare(Rare::OfServer(acted)), &registry.shared.history));
}

/// An action is undone, as its time is up.
pub(super) fn tell_time_is_up(registry: &'static Registry, service: &str, of: &'static str) {
    let over = OfServer::TimeIsUp { service, known: known(registry, service), of };
    emit(&Event::Rare(Rare::OfServer(over)), &registry.shared.history);
}

fn known(registry: &'static Registry, service: &str) -> Option<&'static str> {
    registry.service(service).map(Service::name)
}
