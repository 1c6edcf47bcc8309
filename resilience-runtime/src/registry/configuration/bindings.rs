//! Finds the binding of a call site, at its first call and for an update. In: a static or a service. Out: the bound sites: a first
//! call or an update takes the same time however many services there are.

use std::collections::HashMap;

use resilience_settings::policy::ServiceKind;

use dashmap::DashMap;

use crate::registry::site::BoundSite;
use crate::registry::site::Site;

/// The bound sites of a registry.
#[derive(Debug, Default)]
pub(in crate::registry) struct Bindings {
    /// By the address of the static.
    of_site: HashMap<usize, &'static BoundSite>,
    of_service: HashMap<&'static str, Vec<&'static BoundSite>>,
}

impl Bindings {
    /// The binding of a site.
    pub(in crate::registry) fn get(&self, site: &'static Site) -> Option<&'static BoundSite> {
        self.of_site.get(&address(site)).copied()
    }

    /// The bindings of the sites of a service, the oldest first.
    pub(in crate::registry) fn of(&self, service: &str) -> &[&'static BoundSite] {
        self.of_service.get(service).map_or(&[], Vec::as_slice)
    }

    /// Every binding, in no order.
    #[cfg(feature = "config")]
    pub(in crate::registry) fn all(&self) -> Vec<&'static BoundSite> {
        self.of_site.values().copied().collect()
    }

    /// Adds the binding of a site that has none.
    pub(in crate::registry) fn add(&mut self, site: &'static Site, bound: &'static BoundSite) {
        self.of_site.insert(address(site), bound);
        self.of_service.entry(bound.facts().service).or_default().push(bound);
    }
}

/// The bindings of `resilient_call`, by the names of their services.
pub(in crate::registry) type ByName = DashMap<&'static str, Vec<Known>>;

/// One of them: by the address of the place, of which there are as many as the compiler has made of the program.
#[derive(Debug)]
pub(in crate::registry) struct Known {
    pub(in crate::registry) address: usize,
    pub(in crate::registry) kind: ServiceKind,
    pub(in crate::registry) bound: &'static BoundSite,
}

fn address(site: &'static Site) -> usize {
    std::ptr::from_ref(site).addr()
}
