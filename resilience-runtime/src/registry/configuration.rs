//! The settings in force and where they come from: the file, the run-time patches, and what they resolve to.

use std::collections::{BTreeMap, HashSet};
#[cfg(feature = "config")]
use std::path::PathBuf;
use std::sync::Arc;

use super::bindings::Bindings;
use super::linked_sites::LinkedSites;
use super::unwritten::Unwritten;
use crate::config::Finding;
use crate::config::file::FileConfig;
use crate::config::global::GlobalSettings;
use crate::config::layers::{Ground, Layers};
use crate::config::review::review_service;
use crate::policy::{Patch, SheddingSettings};

/// All that settings are resolved from.
#[derive(Debug)]
pub(super) struct Configuration {
    pub(super) sites: LinkedSites,
    pub(super) file: Option<Arc<FileConfig>>,
    pub(super) updates: BTreeMap<String, Patch>,
    pub(super) bindings: Bindings,
    pub(super) unwritten: Unwritten,
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
