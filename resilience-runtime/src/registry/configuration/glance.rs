//! Keeps a copy of the settings in force for collections of metrics, which wait for no lock. In: a configuration. Out: a copy of
//! what is asked of it, made anew when it has changed. A collection may run anywhere, also where somebody holds the lock of the
//! configuration up.

use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use resilience_settings::config::file::FileConfig;
use resilience_settings::explain::review::review;
use resilience_settings::layers::Updates;
use resilience_settings::layers::site_facts::SiteFacts;

use super::configuration::{Configuration, Reloads};
use crate::registry::service::Service;
use crate::registry::site::LinkedSites;

/// What is read of a configuration, as it was at one moment.
#[derive(Debug, Default)]
pub(crate) struct Glance {
    /// `None` before the first.
    pub(super) version: Option<u64>,
    pub(crate) reloads: Reloads,
    /// Kept until the next collection, also when another file is in force by then.
    pub(super) file: Option<Arc<FileConfig>>,
    updates: Updates,
    pub(super) sites: LinkedSites,
    /// How many findings are kept with the configuration.
    pub(super) noted: usize,
    /// How many a review of it has, once somebody has asked.
    reviewed: OnceLock<usize>,
}

impl Glance {
    pub(super) fn of(configuration: &Configuration) -> Self {
        Self {
            version: Some(configuration.version.get()),
            reloads: configuration.reloads,
            file: configuration.file.clone(),
            updates: configuration.updates.clone(),
            sites: configuration.sites.clone(),
            noted: configuration.unwritten.findings().len(),
            reviewed: OnceLock::new(),
        }
    }

    /// Whether calls are counted.
    pub(crate) fn counts_calls(&self) -> bool {
        self.file.as_ref().is_none_or(|file| file.counts_calls())
    }

    /// How many services have settings of a run-time update.
    pub(crate) fn updates(&self) -> usize {
        self.updates.services().count()
    }

    /// When the run-time update of a service last changed, or was taken back.
    pub(crate) fn updated_at(&self, service: &Service) -> Option<SystemTime> {
        self.updates.changed_at(service.name())
    }

    /// The template that the settings of a service start from: that of the file, else that of its kind.
    pub(crate) fn template_of(&self, service: &Service) -> &str {
        let of_file = self.file.as_ref().and_then(|file| file.template_of(service.name()));
        of_file.unwrap_or_else(|| service.policy().kind.name())
    }

    /// The call sites of a service that are known.
    pub(in crate::registry) fn sites_of(&self, service: &Service) -> &[&'static SiteFacts] {
        self.sites.of(service.name())
    }

    /// How many findings a review has. To review a thousand services takes milliseconds.
    pub(super) fn reviewed(&self) -> usize {
        *self.reviewed.get_or_init(|| review(&self.sites.facts(), self.file.as_deref(), &self.updates).len())
    }
}

#[cfg(all(test, feature = "config"))]
mod tests;
