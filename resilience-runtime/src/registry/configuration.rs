//! The settings in force and where they come from: the file, the run-time patches, and what they resolve to.

use std::collections::{BTreeMap, HashSet};
#[cfg(feature = "config")]
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Registry;
use super::bindings::Bindings;
use super::blind::Blind;
use super::site::{LinkedSites, Site};
use super::unwritten::Unwritten;
use crate::config::Finding;
use crate::config::file::FileConfig;
use crate::config::global::GlobalSettings;
use crate::config::layers::{Ground, Layers};
use crate::config::review::{review, review_service};
use crate::policy::{Patch, SheddingSettings, Sort};
use crate::wakers::{Wakers, shielded};

/// All that settings are resolved from.
#[derive(Debug)]
pub(super) struct Configuration {
    pub(super) sites: LinkedSites,
    pub(super) file: Option<Arc<FileConfig>>,
    pub(super) updates: BTreeMap<String, Patch>,
    pub(super) bindings: Bindings,
    pub(super) unwritten: Unwritten,
    pub(super) blind: Blind,
    /// The services of which something has changed since the load that is under way began.
    pub(super) touched: Option<HashSet<String>>,
    pub(super) reloads: Reloads,
    /// The file that is followed.
    #[cfg(feature = "config")]
    pub(super) followed: Option<PathBuf>,
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
            bindings: Bindings::default(),
            unwritten: Unwritten::default(),
            blind: Blind::default(),
            touched: None,
            reloads: Reloads::default(),
            #[cfg(feature = "config")]
            followed: None,
        }
    }

    /// The cap on retries in flight.
    pub(super) fn max_concurrent_retries(&self) -> u32 {
        let global = self.file.as_ref().map(|file| file.global());
        global.map_or_else(
            || GlobalSettings::default().max_concurrent_retries,
            |global| global.max_concurrent_retries,
        )
    }

    /// Whether calls are counted.
    pub(super) fn counts(&self) -> bool {
        self.file.as_ref().is_none_or(|file| file.counts_calls())
    }

    /// What the file says of load shedding, if it does.
    pub(super) fn shedding(&self) -> Option<SheddingSettings> {
        self.file.as_ref()?.global().written_shedding()
    }

    /// What is odd about the settings of one service.
    pub(super) fn findings_of(&self, name: &str) -> Vec<Finding> {
        review_service(name, self.sites.of(name), self.file.as_deref(), self.updates.get(name))
    }

    /// What the settings of a service and of its sites are resolved from.
    pub(super) fn layers(&self, name: &str) -> Layers<'_> {
        Ground::new(self.file.as_deref()).layers(name, self.sites.of(name), self.updates.get(name))
    }

    /// Whether something of the service has changed since the load that is under way began.
    #[cfg(feature = "config")]
    pub(super) fn is_touched(&self, service: &str) -> bool {
        self.touched.as_ref().is_some_and(|touched| touched.contains(service))
    }

    /// Tells a load that is under way that it has not seen all of this service.
    pub(super) fn touch(&mut self, service: &str) {
        if let Some(touched) = &mut self.touched {
            touched.insert(service.to_owned());
        }
    }
}

/// Logs what is worth knowing about the settings. Not to be called under a lock, nor within an initialiser: the
/// subscriber may use the registry. A panic of its is its own; what is left is announced all the same.
pub(super) fn announce(findings: &[Finding]) {
    for finding in findings {
        shielded(|| tracing::warn!(target: "resilience::config", "{finding}"));
    }
}

impl Registry {
    /// What is worth knowing about the settings in force though nothing is refused: call sites that contradict one
    /// another, keys of the file that a call site shadows, names that match nothing, more names than there is room for, errors of clients whose feature is missing. Of each kind there are at most
    /// [100](crate::config::limits::MAX_FINDINGS). The program's registry logs it when it is first used, and at each load.
    pub fn findings(&self) -> Vec<Finding> {
        let configuration = self.lock();
        let (sites, file) = (configuration.sites.facts(), configuration.file.clone());
        let updates = configuration.updates.clone();
        let noted = [configuration.unwritten.findings(), configuration.blind.findings()].concat();
        drop(configuration);
        let mut findings = review(&sites, file.as_deref(), &updates);
        findings.extend(noted);
        findings
    }

    /// Announces the findings, for whoever comes here first.
    #[cold]
    pub(super) fn announce_at_first_use(&self) {
        if !self.is_announced.swap(true, Ordering::Relaxed) {
            announce(&self.findings());
        }
    }

    /// Takes a site into account that was not linked: what it says of its service counts from now on. The caller wakes
    /// when it has let go of the lock.
    pub(super) fn learn_locked(&self, configuration: &mut Configuration, site: &'static Site) -> Wakers {
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
    pub(super) fn resolve(&self, configuration: &mut Configuration, name: &str) -> Wakers {
        configuration.touch(name);
        self.resolve_untouched(configuration, name)
    }

    /// The same, as a part of a load.
    pub(super) fn resolve_untouched(&self, configuration: &Configuration, name: &str) -> Wakers {
        let bound = configuration.bindings.of(name);
        // Sites are bound together with their service: without it there are none.
        let Some(service) = self.made_service(name) else { return Wakers::none() };
        let layers = configuration.layers(name);
        let of_service = layers.of_service();
        let rules = self.service_policies.intern(of_service.service_policy().into());
        let counts = configuration.counts();
        let terms: Vec<_> = bound
            .iter()
            .map(|bound| {
                self.intern_terms(layers.call_policy(&of_service, bound.facts()), rules.value(), counts)
            })
            .collect();
        let woken = service.turn(rules, self.clock.now());
        for (bound, terms) in bound.iter().zip(terms) {
            bound.turn(terms);
        }
        woken
    }
}
