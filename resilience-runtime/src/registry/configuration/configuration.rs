//! Holds the file and the run-time patches that settings are resolved from; which layer wins, `layers/ground` decides. In: a file
//! and run-time patches. Out: the settings in force, and where each comes from.

use std::collections::HashSet;
#[cfg(feature = "server")]
use std::net::SocketAddr;
#[cfg(feature = "config")]
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use resilience_settings::policy::SheddingSettings;

use resilience_settings::explain::review::review_service;

use resilience_settings::layers::{Ground, Layers};

use resilience_settings::config::global::GlobalSettings;

use resilience_settings::config::file::FileConfig;

use resilience_settings::layers::{Finding, Updates};

use super::bindings::Bindings;
use super::unwritten::{CallPlace, Unwritten};
use crate::policy::Observation;
use crate::registry::site::LinkedSites;

/// All that settings are resolved from.
#[derive(Debug)]
pub(in crate::registry) struct Configuration {
    pub(in crate::registry) sites: LinkedSites,
    pub(in crate::registry) file: Option<Arc<FileConfig>>,
    pub(in crate::registry) updates: Updates,
    pub(in crate::registry) bindings: Bindings,
    pub(in crate::registry) unwritten: Unwritten,
    /// The services of which something has changed since the load that is under way began.
    pub(in crate::registry) touched: Option<HashSet<String>>,
    pub(in crate::registry) reloads: Reloads,
    /// Grows with each change.
    pub(in crate::registry) version: Arc<Version>,
    /// The file that is followed.
    #[cfg(feature = "config")]
    pub(in crate::registry) followed: Option<PathBuf>,
}

/// Grows with each change of a configuration. Written under its lock, and read without it.
#[derive(Debug, Default)]
pub(in crate::registry) struct Version(AtomicU64);

impl Version {
    pub(in crate::registry) fn get(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// Something has changed. Only methods of the configuration say so, each with its change.
    fn bump(&self) {
        self.0.fetch_add(1, Ordering::Release);
    }
}

/// How often a configuration was put in force, and how often one was refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reloads {
    /// When a configuration was last put in force.
    pub applied_at: Option<SystemTime>,
    /// Whether the last one was refused, so that what is in force is older than what the file says.
    pub is_last_refused: bool,
    /// Configurations put in force.
    pub applied: u64,
    /// Configurations refused, which changed nothing.
    pub refused: u64,
}

#[cfg(feature = "config")]
impl Reloads {
    /// One was put in force.
    fn applied(&mut self) {
        self.applied += 1;
        (self.applied_at, self.is_last_refused) = (Some(SystemTime::now()), false);
    }

    /// One was refused.
    fn refused(&mut self) {
        self.refused += 1;
        self.is_last_refused = true;
    }
}

impl Configuration {
    pub(in crate::registry) fn new() -> Self {
        Self {
            sites: LinkedSites::new(),
            file: None,
            updates: Updates::default(),
            bindings: Bindings::default(),
            unwritten: Unwritten::default(),
            touched: None,
            reloads: Reloads::default(),
            version: Arc::default(),
            #[cfg(feature = "config")]
            followed: None,
        }
    }

    /// The cap on retries in flight.
    pub(in crate::registry) fn max_concurrent_retries(&self) -> u32 {
        let global = self.file.as_ref().map(|file| file.global());
        global.map_or_else(
            || GlobalSettings::default().max_concurrent_retries,
            |global| global.max_concurrent_retries,
        )
    }

    /// How often what has happened is summed up.
    pub(in crate::registry) fn summary_interval(&self) -> Duration {
        let of_file = self.file.as_ref().map(|file| file.global().metrics_export_interval);
        of_file.unwrap_or_else(|| GlobalSettings::default().metrics_export_interval)
    }

    /// Where the server of the dashboard is to listen, if the file asks for it.
    #[cfg(feature = "server")]
    pub(in crate::registry) fn server_address(&self) -> Option<SocketAddr> {
        self.file.as_ref()?.global().server_address()
    }

    /// What is to be seen of calls.
    pub(in crate::registry) fn observation(&self) -> Observation {
        self.file
            .as_ref()
            .map_or(Observation { is_counted: true, is_traced: false }, |file| observation(file))
    }

    /// What the file says of load shedding, if it does.
    pub(in crate::registry) fn shedding(&self) -> Option<SheddingSettings> {
        self.file.as_ref()?.global().written_shedding()
    }

    /// What is odd about the settings of one service.
    pub(in crate::registry) fn findings_of(&self, name: &str) -> Vec<Finding> {
        review_service(name, self.sites.of(name), self.file.as_deref(), self.updates.get(name))
    }

    /// What the settings of a service and of its sites are resolved from.
    pub(in crate::registry) fn layers(&self, name: &str) -> Layers<'_> {
        Ground::new(self.file.as_deref()).layers(name, self.sites.of(name), self.updates.get(name))
    }

    /// Whether something of the service has changed since the load that is under way began.
    #[cfg(feature = "config")]
    pub(in crate::registry) fn is_touched(&self, service: &str) -> bool {
        self.touched.as_ref().is_some_and(|touched| touched.contains(service))
    }

    /// Puts a file in force; gives back the one before it.
    #[cfg(feature = "config")]
    pub(super) fn replace_file(&mut self, file: Arc<FileConfig>) -> Option<Arc<FileConfig>> {
        self.version.bump();
        self.file.replace(file)
    }

    /// A load has ended, and what it loaded is in force.
    #[cfg(feature = "config")]
    pub(super) fn applied(&mut self) {
        self.version.bump();
        self.touched = None;
        self.reloads.applied();
    }

    /// A configuration was refused.
    #[cfg(feature = "config")]
    pub(super) fn refused(&mut self) {
        self.version.bump();
        self.reloads.refused();
    }

    /// Notes what is odd about a place, unless that is noted already.
    pub(super) fn note(&mut self, place: CallPlace, finding: impl FnOnce() -> Finding) -> Option<Finding> {
        let noted = self.unwritten.note(place, finding);
        if noted.is_some() {
            self.version.bump();
        }
        noted
    }

    /// Something of this service changes: a load that is under way has not seen all of it.
    pub(in crate::registry) fn touch(&mut self, service: &str) {
        self.version.bump();
        if let Some(touched) = &mut self.touched {
            touched.insert(service.to_owned());
        }
    }
}

/// What is to be seen of calls under this file.
pub(super) fn observation(file: &FileConfig) -> Observation {
    Observation { is_counted: file.counts_calls(), is_traced: file.traces_calls() }
}
