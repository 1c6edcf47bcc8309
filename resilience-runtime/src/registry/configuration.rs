//! The settings in force and where they come from: the file, the run-time patches, and what they resolve to.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;

use super::Registry;
use super::site::{Bound, LinkedSites, Site};
use crate::config::Finding;
use crate::config::file::FileConfig;
use crate::config::global::GlobalSettings;
use crate::config::layers::{resolve_service, resolve_site};
use crate::config::review::review;
use crate::config::site_facts::SiteFacts;
use crate::policy::{CallPolicy, Patch, ServicePolicy, SheddingSettings};

/// All that settings are resolved from.
#[derive(Debug)]
pub(super) struct Configuration {
    pub(super) sites: LinkedSites,
    pub(super) file: Option<FileConfig>,
    pub(super) updates: BTreeMap<String, Patch>,
    /// The bound sites, by the address of their static.
    pub(super) bound: HashMap<usize, &'static Bound>,
    pub(super) reloads: Reloads,
}

/// How often a configuration was put in force, and how often one was refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reloads {
    /// Configurations put in force.
    pub applied: u64,
    /// Configurations refused, which changed nothing.
    pub refused: u64,
}

impl Configuration {
    pub(super) fn new() -> Self {
        Self {
            sites: LinkedSites::new(),
            file: None,
            updates: BTreeMap::new(),
            bound: HashMap::new(),
            reloads: Reloads::default(),
        }
    }

    /// The cap on retries in flight.
    pub(super) fn max_concurrent_retries(&self) -> u32 {
        let global = self.file.as_ref().map(FileConfig::global);
        global.map_or_else(
            || GlobalSettings::default().max_concurrent_retries,
            |global| global.max_concurrent_retries,
        )
    }

    /// What the file says of load shedding, if it does.
    pub(super) fn shedding(&self) -> Option<SheddingSettings> {
        self.file.as_ref()?.global().written_shedding()
    }

    pub(super) fn service_policy(&self, name: &str) -> ServicePolicy {
        let sites = self.sites.of(name);
        resolve_service(name, sites, self.file.as_ref(), self.updates.get(name)).service_policy()
    }

    pub(super) fn call_policy(&self, site: &SiteFacts) -> CallPolicy {
        let sites = self.sites.of(site.service);
        resolve_site(site, sites, self.file.as_ref(), self.updates.get(site.service)).call_policy()
    }

    fn findings(&self) -> Vec<Finding> {
        review(&self.sites.facts(), self.file.as_ref())
    }
}

/// Logs what is worth knowing about the settings.
pub(super) fn announce(findings: &[Finding]) {
    for finding in findings {
        tracing::warn!(target: "resilience::config", "{finding}");
    }
}

impl Registry {
    /// What is worth knowing about the settings in force though nothing is refused: call sites that contradict one
    /// another, keys of the file that a call site shadows, names that match nothing. The program's registry logs
    /// it when it is first used, and at each load.
    pub fn findings(&self) -> Vec<Finding> {
        self.lock().findings()
    }

    /// Puts a checked file in force, whole.
    pub(super) fn apply(&self, file: FileConfig) -> Vec<Finding> {
        let mut configuration = self.lock();
        configuration.file = Some(file);
        configuration.reloads.applied += 1;
        self.resolve(&configuration, |_| true);
        let findings = configuration.findings();
        drop(configuration);
        announce(&findings);
        findings
    }

    /// Takes a site into account that was not linked: what it says of its service counts from now on.
    pub(super) fn learn(&self, site: &'static Site) {
        let mut configuration = self.lock();
        configuration.sites.add(site);
        self.resolve(&configuration, |service| service == site.service());
    }

    /// Resolves these services anew, with their sites, and points them at the result.
    pub(super) fn resolve(&self, configuration: &Configuration, is_meant: impl Fn(&str) -> bool) {
        let now = self.clock.now();
        self.max_concurrent_retries.store(configuration.max_concurrent_retries(), Ordering::Relaxed);
        for service in self.services.iter().filter(|service| is_meant(service.name())) {
            service.turn(self.service_policies.intern(configuration.service_policy(service.name())), now);
        }
        for bound in configuration.bound.values().filter(|bound| is_meant(bound.facts().service)) {
            bound.turn(self.call_policies.intern(configuration.call_policy(bound.facts())));
        }
    }
}
