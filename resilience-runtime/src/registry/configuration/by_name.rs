//! Finds the binding of a `resilient_call` by its place and the name of its service. In: the location of a `resilient_call` and the
//! name of its service. Out: its binding. Each call asks, so the lookup allocates no key.

use std::panic::Location;

use resilience_settings::policy::{Patch, ServiceKind};

use super::bindings::Known;
use super::unwritten_sites::Definition;
use crate::registry::registry::Registry;
use crate::registry::site::BoundSite;

impl Registry {
    /// The binding of a place for a service.
    pub(crate) fn bind_by_name(
        &'static self,
        service: &str,
        kind: ServiceKind,
        caller: &'static str,
        at: &'static Location<'static>,
    ) -> &'static BoundSite {
        let address = std::ptr::from_ref(at).addr();
        let is_it = |known: &&Known| known.address == address && known.kind == kind;
        if let Some(known) = self.by_name.get(service)
            && let Some(known) = known.iter().find(is_it)
        {
            return known.bound;
        }
        let settings = Patch::new().kind(kind);
        let bound = self.bind_unwritten(&Definition { service, caller, at, settings: &settings });
        // A name without a service of its own is not kept here: it may get one from a file.
        if bound.facts().service == service {
            let mut known = self.by_name.entry(bound.facts().service).or_default();
            if !known.iter().any(|known| is_it(&known)) {
                known.push(Known { address, kind, bound });
            }
        }
        bound
    }
}
