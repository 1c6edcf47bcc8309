//! Finds a service by its name, and says which names are known. In: a name. Out: the service of that name, if the program or the
//! file names it, whether it has been called or not. Apart from calls, which find their service by their site and never by its
//! name.

use std::sync::MutexGuard;
use std::sync::atomic::Ordering;
use std::time::Duration;

use resilience_settings::config::ConfigError;
use resilience_settings::config::patch::unknown_service;
use resilience_settings::sorted::sort;

use super::configuration::Configuration;
use crate::registry::registry::Registry;
use crate::registry::service::Service;

/// How many services are made while the lock is held once: some hundred microseconds.
const AT_ONCE: usize = 64;

/// How long the lock is free in between.
const GAP: Duration = Duration::from_micros(50);

impl Registry {
    /// The service of that name: one that a call site, the file or a run-time update names. It is there before its first
    /// call, so that its breaker can be forced, its series exist, and its settings can be read.
    pub fn service(&'static self, name: &str) -> Option<&'static Service> {
        self.made_service(name).or_else(|| self.make_service(&mut self.lock(), name))
    }

    /// Every service that a call site, the file or a run-time update names, by name.
    pub fn services(&'static self) -> Vec<&'static Service> {
        self.make_named(&|| Some(self.lock()));
        self.made_services()
    }

    /// The same for a collection, which does not wait for the lock of the configuration for long. It may lack services that
    /// nobody has called and that were named only just now; the next has them.
    pub(crate) fn services_at_hand(&'static self) -> Vec<&'static Service> {
        self.make_named(&|| self.patient_lock());
        self.made_services()
    }

    fn made_services(&self) -> Vec<&'static Service> {
        let mut services: Vec<_> = self.services.iter().map(|service| *service).collect();
        sort(&mut services, |one, other| one.name().cmp(other.name()));
        services
    }

    /// Makes every service that is named, unless the lock is not to be had.
    fn make_named(&'static self, lock: &dyn Fn() -> Option<MutexGuard<'static, Configuration>>) {
        while self.all_made_at.load(Ordering::Acquire) != self.version.get() {
            let Some(configuration) = lock() else { return };
            let mut names = configuration.names();
            names.retain(|name| !self.services.contains_key(*name));
            let unmade: Vec<String> = names.into_iter().map(str::to_owned).collect();
            if unmade.is_empty() {
                self.all_made_at.store(configuration.version.get(), Ordering::Release);
                return;
            }
            drop(configuration);
            for some in unmade.chunks(AT_ONCE) {
                let Some(mut configuration) = lock() else { return };
                for name in some {
                    self.make_service(&mut configuration, name);
                }
                drop(configuration);
                // Without a gap the lock would be ours again, and first calls wait for it.
                std::thread::sleep(GAP);
            }
        }
    }

    /// The service, if anybody has asked for it or called it.
    pub(in crate::registry) fn made_service(&self, name: &str) -> Option<&'static Service> {
        self.services.get(name).map(|service| *service)
    }

    /// Makes the service under the lock, so that a reload either sees it or has happened before it.
    fn make_service(
        &'static self,
        configuration: &mut Configuration,
        name: &str,
    ) -> Option<&'static Service> {
        if let Some(made) = self.made_service(name) {
            return Some(made);
        }
        if !configuration.knows(name) {
            return None;
        }
        configuration.touch(name);
        // Kept for ever with the service; a program has a name for each already, and only the file may have others.
        let of_site = configuration.sites.of(name).first().map(|site| site.service);
        let name = of_site.unwrap_or_else(|| String::leak(name.to_owned()));
        let policy = configuration.layers(name).of_service().service_policy();
        Some(self.service_or_new(name, || policy))
    }

    /// Refuses an unknown name, and suggests the one that may be meant.
    pub(in crate::registry) fn require_known(
        &self,
        configuration: &Configuration,
        name: &str,
    ) -> Result<(), ConfigError> {
        if configuration.knows(name) || self.services.contains_key(name) {
            return Ok(());
        }
        Err(unknown_service(name, &mut configuration.names().into_iter()))
    }
}

impl Configuration {
    /// Whether a call site, the file or an update names the service.
    pub(in crate::registry) fn knows(&self, name: &str) -> bool {
        !self.sites.of(name).is_empty()
            || self.updates.get(name).is_some()
            || self.file.as_deref().is_some_and(|file| file.has_service(name))
    }

    /// The names of all of them; some more than once.
    fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.updates.services().collect();
        for name in self.sites.services() {
            names.push(name);
        }
        if let Some(file) = &self.file {
            names.extend(file.service_names());
        }
        names
    }
}
