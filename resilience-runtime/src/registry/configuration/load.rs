//! Puts the settings of a file in force, as a whole, in place of those before. In: a checked file. Out: the file in force. The
//! order of steps matters: settings are resolved outside of the lock that first calls need, and only swapped under it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use resilience_settings::layers::site_facts::SiteFacts;

use resilience_settings::explain::review::review;

use resilience_settings::layers::Ground;

use resilience_settings::config::file::FileConfig;

use resilience_settings::layers::{Finding, Updates};

use super::chaos_findings::of_chaos;
use super::configuration::observation;
use crate::events::{Event, Rare, emit};
use crate::policy::{EffectivePolicy, ServiceRules};
use crate::registry::announce::announce;
use crate::registry::interner::Handle;
use crate::registry::registry::Registry;
use crate::registry::service::Service;
use crate::registry::site::BoundSite;
use crate::sync::lock;
use crate::wakers::{Wakers, shielded};

/// How many services are put in force while the lock is held once: some hundred microseconds.
const AT_ONCE: usize = 256;

/// How long the lock is free in between.
const GAP: Duration = Duration::from_micros(100);

/// What the settings of a file are resolved for, as it was when the load began.
struct Program {
    sites: Vec<&'static SiteFacts>,
    updates: Updates,
    services: Vec<&'static Service>,
    bound: Vec<&'static BoundSite>,
}

/// The settings that a file gives to a service that was there when its load began, and to its sites.
struct Planned {
    service: &'static Service,
    rules: Handle<ServiceRules>,
    sites: Vec<(&'static BoundSite, Handle<EffectivePolicy>)>,
}

impl Registry {
    /// Puts a checked file in force, whole.
    ///
    /// First calls and updates go on while it is resolved, under the old settings. What they touch is remembered and
    /// resolved anew, so that nothing keeps settings of the old file.
    pub(crate) fn apply(&self, file: FileConfig) -> Vec<Finding> {
        // One load after the other: two would take what the other has not put in force yet for the state of things.
        let loading = lock(&self.loading);
        let program = self.program();
        let file = Arc::new(file);
        let plan = self.plan(&program, &file);
        let (old, woken) = self.switch(file.clone(), plan);
        drop(loading);
        self.shared.keeping.look();
        #[cfg(feature = "testing")]
        self.follow_chaos_of_file();
        // Before anything that may panic, and not under a lock: a waker may make a first call, or load a file.
        woken.wake();
        shielded(|| emit(&Event::Rare(Rare::ConfigurationApplied), &self.shared.history));
        // Not under a lock: a large one takes its time.
        drop(old);
        let mut findings = review(&program.sites, Some(&file), &program.updates);
        findings.extend(of_chaos(Some(&file)));
        announce(&findings);
        findings
    }

    /// What there is now. From here on, changed services are remembered.
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

    fn plan(&self, program: &Program, file: &FileConfig) -> Vec<Planned> {
        let mut sites_of: HashMap<&str, Vec<&SiteFacts>> = HashMap::new();
        for site in &program.sites {
            sites_of.entry(site.service).or_default().push(site);
        }
        let mut bound_of: HashMap<&str, Vec<&'static BoundSite>> = HashMap::new();
        for bound in &program.bound {
            bound_of.entry(bound.facts().service).or_default().push(bound);
        }
        let (ground, observation) = (Ground::new(Some(file)), observation(file));
        let mut plan = Vec::with_capacity(program.services.len());
        for &service in &program.services {
            let name = service.name();
            let sites = sites_of.get(name).map_or(&[][..], Vec::as_slice);
            let layers = ground.layers(name, sites, program.updates.get(name));
            let of_service = layers.of_service();
            let rules = self.shared.service_policies.intern(of_service.service_policy().into());
            let bound = bound_of.remove(name).into_iter().flatten();
            let sites = bound
                .map(|bound| {
                    let policy = layers.call_policy(&of_service, bound.facts());
                    (bound, self.intern_policy(policy, rules.value(), observation))
                })
                .collect();
            plan.push(Planned { service, rules, sites });
        }
        plan
    }

    /// Puts the file and the plan in force; gives back the file before it, and whom the caller wakes.
    ///
    /// The lock is let go of again and again, so that a first call waits for a few services and not for all. What it
    /// finds then is the new file, and a service that may still have the settings of the old one: it is touched, and so
    /// resolved anew at the end.
    fn switch(&self, file: Arc<FileConfig>, plan: Vec<Planned>) -> (Option<Arc<FileConfig>>, Wakers) {
        let mut woken = Wakers::none();
        let old = {
            let mut configuration = self.lock();
            let old = configuration.replace_file(file);
            self.shared
                .max_concurrent_retries
                .store(configuration.max_concurrent_retries(), Ordering::Relaxed);
            old
        };
        let mut plan = plan.into_iter();
        while !plan.as_slice().is_empty() {
            let configuration = self.lock();
            for Planned { service, rules, sites } in plan.by_ref().take(AT_ONCE) {
                if configuration.is_touched(service.name()) {
                    continue;
                }
                woken.append(service.set_policy(rules, self.shared.clock.now()));
                for (bound, policy) in sites {
                    bound.set_policy(policy);
                }
            }
            drop(configuration);
            if !plan.as_slice().is_empty() {
                // The lock goes to whoever comes first, and without a gap that is us again.
                std::thread::sleep(GAP);
            }
        }
        while !self.resolve_touched(&mut woken) {
            std::thread::sleep(GAP);
        }
        (old, woken)
    }

    /// Resolves some of what has been touched; says whether that was all, and with it the load.
    fn resolve_touched(&self, woken: &mut Wakers) -> bool {
        let mut configuration = self.lock();
        let touched = configuration.touched.iter().flatten();
        let names: Vec<String> = touched.take(AT_ONCE).cloned().collect();
        for name in &names {
            woken.append(self.resolve_untouched(&configuration, name));
        }
        if let Some(touched) = &mut configuration.touched {
            for name in &names {
                touched.remove(name);
            }
            if !touched.is_empty() {
                return false;
            }
        }
        configuration.applied();
        true
    }
}

#[cfg(test)]
mod tests;
