//! Has a service and all of its sites follow the layers as they are now. In: the name of the service. Out: other settings in force,
//! and wakers.

use resilience_settings::policy::Sort;

use super::configuration::Configuration;
use crate::registry::registry::Registry;
use crate::registry::site::Site;
use crate::wakers::Wakers;

impl Registry {
    /// Takes a site into account that was not linked: what it says of its service counts from now on. The caller wakes
    /// when it has let go of the lock.
    pub(in crate::registry) fn learn_locked(
        &self,
        configuration: &mut Configuration,
        site: &'static Site,
    ) -> Wakers {
        configuration.sites.add(site);
        configuration.touch(site.service());
        // Nothing else that it says reaches other sites.
        if site.facts().writes(Sort::Service) {
            self.resolve(configuration, site.service())
        } else {
            Wakers::none()
        }
    }

    /// Resolves a service anew, with its sites, and points them at the result. Gives back who is to be woken once the
    /// lock of the configuration is free: a waker may make a first call, which takes it.
    pub(in crate::registry) fn resolve(&self, configuration: &mut Configuration, name: &str) -> Wakers {
        configuration.touch(name);
        self.resolve_untouched(configuration, name)
    }

    /// The same, as a part of a load.
    pub(in crate::registry) fn resolve_untouched(&self, configuration: &Configuration, name: &str) -> Wakers {
        let bound = configuration.bindings.of(name);
        // Sites are bound together with their service: without it there are none.
        let Some(service) = self.made_service(name) else { return Wakers::none() };
        let layers = configuration.layers(name);
        let of_service = layers.of_service();
        let rules = self.shared.service_policies.intern(of_service.service_policy().into());
        let observation = configuration.observation();
        let policies: Vec<_> = bound
            .iter()
            .map(|bound| {
                self.intern_policy(layers.call_policy(&of_service, bound.facts()), rules.value(), observation)
            })
            .collect();
        let woken = service.set_policy(rules, self.shared.clock.now());
        for (bound, policy) in bound.iter().zip(policies) {
            bound.set_policy(policy);
        }
        woken
    }
}
