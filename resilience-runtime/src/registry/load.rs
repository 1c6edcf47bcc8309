//! A checked file goes in, and is in force at the end, whole. Stands apart for its order of steps: settings are
//! resolved beside the lock that first calls need, and only pointed at under it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use super::configuration::announce;
use super::interner::Handle;
use super::{Bound, Registry, Service};
use crate::config::Finding;
use crate::config::file::FileConfig;
use crate::config::layers::Ground;
use crate::config::review::review;
use crate::config::site_facts::SiteFacts;
use crate::policy::{Patch, ServiceRules, Terms};
use crate::wakers::Wakers;

/// What the settings of a file are resolved for, as it was when the load began.
struct Program {
    sites: Vec<&'static SiteFacts>,
    updates: BTreeMap<String, Patch>,
    services: Vec<&'static Service>,
    bound: Vec<&'static Bound>,
}

/// The settings that a file gives to what was there when its load began.
struct Plan {
    services: Vec<(&'static Service, Handle<ServiceRules>)>,
    sites: Vec<(&'static Bound, Handle<Terms>)>,
}

impl Registry {
    /// Puts a checked file in force, whole.
    ///
    /// First calls and updates go on while it is resolved, under the old settings. What they touch is remembered and
    /// resolved anew, so that nothing keeps settings of the old file.
    pub(super) fn apply(&self, file: FileConfig) -> Vec<Finding> {
        // One load after the other: two would take what the other has not put in force yet for the state of things.
        let loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        let program = self.program();
        let file = Arc::new(file);
        let plan = self.plan(&program, &file);
        let (old, woken) = self.switch(file.clone(), plan);
        drop(loading);
        // Before anything that may panic, and not under a lock: a waker may make a first call, or load a file.
        woken.wake();
        // Not under a lock: a large one takes its time.
        drop(old);
        let findings = review(&program.sites, Some(&file));
        announce(&findings);
        findings
    }

    /// What there is now; from here on changes are remembered.
    fn program(&self) -> Program {
        let mut configuration = self.lock();
        configuration.touched = Some(HashSet::new());
        Program {
            sites: configuration.sites.facts(),
            updates: configuration.updates.clone(),
            services: self.services.iter().map(|service| *service).collect(),
            bound: configuration.bindings.all(),
        }
    }

    fn plan(&self, program: &Program, file: &FileConfig) -> Plan {
        let mut sites_of: HashMap<&str, Vec<&SiteFacts>> = HashMap::new();
        for site in &program.sites {
            sites_of.entry(site.service).or_default().push(site);
        }
        let mut bound_of: HashMap<&str, Vec<&'static Bound>> = HashMap::new();
        for bound in &program.bound {
            bound_of.entry(bound.facts().service).or_default().push(bound);
        }
        let ground = Ground::new(Some(file));
        let mut plan = Plan { services: Vec::new(), sites: Vec::new() };
        for &service in &program.services {
            let name = service.name();
            let sites = sites_of.get(name).map_or(&[][..], Vec::as_slice);
            let layers = ground.layers(name, sites, program.updates.get(name));
            let of_service = layers.of_service();
            let rules = self.service_policies.intern(of_service.service_policy().into());
            for bound in bound_of.remove(name).into_iter().flatten() {
                let policy = layers.call_policy(&of_service, bound.facts());
                plan.sites.push((bound, self.intern_terms(policy, rules.value(), file.counts_calls())));
            }
            plan.services.push((service, rules));
        }
        plan
    }

    /// Puts the file and the plan in force; gives back the file before it, and who is to be woken once no lock is held.
    fn switch(&self, file: Arc<FileConfig>, plan: Plan) -> (Option<Arc<FileConfig>>, Wakers) {
        let mut woken = Wakers::none();
        let mut configuration = self.lock();
        let old = configuration.file.replace(file);
        configuration.reloads.applied += 1;
        self.max_concurrent_retries.store(configuration.max_concurrent_retries(), Ordering::Relaxed);
        let now = self.clock.now();
        let touched = configuration.touched.take().unwrap_or_default();
        let is_as_planned = |name: &str| touched.is_empty() || !touched.contains(name);
        for (service, rules) in plan.services {
            if is_as_planned(service.name()) {
                woken.append(service.turn(rules, now));
            }
        }
        for (bound, terms) in plan.sites {
            if is_as_planned(bound.facts().service) {
                bound.turn(terms);
            }
        }
        for name in &touched {
            woken.append(self.resolve(&mut configuration, name));
        }
        (old, woken)
    }
}

#[cfg(test)]
mod tests;
