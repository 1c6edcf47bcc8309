//! Data: one operator action that holds for a limited time, and how it is undone.

use std::time::Instant;

use super::overlay::Overlay;
use super::told::tell_time_is_up;
use crate::breaker_state::BreakerState;
use crate::events::Rare;
use crate::registry::Registry;

/// What holds for a service until a moment. At most one of each kind per service.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) service: String,
    pub(super) until: Instant,
    pub(super) of: Leased,
}

#[derive(Debug)]
pub(super) enum Leased {
    /// The breaker is forced into the state.
    Breaker(BreakerState),
    Settings(Overlay),
}

impl Lease {
    pub(super) fn is_same_sort(&self, other: &Self) -> bool {
        self.service == other.service
            && matches!(
                (&self.of, &other.of),
                (Leased::Breaker(_), Leased::Breaker(_)) | (Leased::Settings(_), Leased::Settings(_))
            )
    }

    /// Ends the action. What the program itself has changed since stays.
    pub(super) fn end(self, registry: &'static Registry) {
        let of = match self.of {
            Leased::Breaker(state) => {
                let Some(service) = registry.service(&self.service) else { return };
                if service.breaker_state() != state {
                    return;
                }
                service.reset_breaker();
                "breaker"
            }
            Leased::Settings(overlay) => {
                let taken = registry.change_update(
                    &self.service,
                    |service| Rare::OverrideCleared { service },
                    |update| (overlay.taken_from(update), ()),
                );
                if taken.is_err() {
                    // Nothing names the service any more.
                    return;
                }
                "override"
            }
        };
        tell_time_is_up(registry, &self.service, of);
    }
}
