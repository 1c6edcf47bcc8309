//! Takes run-time updates of settings (`update_service`), and answers `explain` and `inventory`. In: run-time changes, and
//! questions. Out: changed settings; what is in force and why.

use std::sync::Arc;

use resilience_settings::config::ConfigError;
use resilience_settings::config::patch::check_patch;
use resilience_settings::explain::Explanation;
use resilience_settings::policy::Patch;

use super::configuration::Reloads;
use super::glance::Glance;
use crate::events::{Event, Rare, emit};
use crate::registry::announce::announce;
use crate::registry::global::registry;
use crate::registry::registry::Registry;
use crate::registry::site::Site;
use crate::sync::lock;
use crate::wakers::shielded;

impl Registry {
    /// Lays a patch over the settings of a service, above its file and its attributes; an earlier patch of the
    /// same service keeps the keys that this one does not name. It survives reloads, until
    /// [`clear_update`](Self::clear_update). Only `[overrides]` of the file are stronger.
    ///
    /// A value that is accepted and has no effect, or not the one that was asked for, is logged as a warning and shows in
    /// [`findings`](Self::findings) and [`explain`](Self::explain).
    ///
    /// # Errors
    ///
    /// When a value is out of range, with every such value; nothing is changed then. And when neither a call site nor the
    /// file names the service, with the name that may be meant.
    ///
    /// ```
    /// use resilience_runtime::{Patch, registry};
    ///
    /// # registry().load_config("[services.claude_api]", "example.toml")?;
    /// registry().update_service("claude_api", &Patch::new().max_attempts(2))?;
    /// assert!(registry().update_service("claude_apo", &Patch::new()).is_err());
    /// registry().clear_update("claude_api");
    /// # Ok::<(), resilience_runtime::ConfigError>(())
    /// ```
    pub fn update_service(&self, name: &str, patch: &Patch) -> Result<(), ConfigError> {
        check_patch(name, patch)?;
        let mut configuration = self.lock();
        self.require_known(&configuration, name)?;
        let before = configuration.findings_of(name);
        let mut update = configuration.updates.get(name).cloned().unwrap_or_default();
        update.extend(patch);
        configuration.updates.set(name, update);
        let woken = self.resolve(&mut configuration, name);
        let mut findings = configuration.findings_of(name);
        drop(configuration);
        woken.wake();
        self.tell_of(name, |service| Rare::OverrideSet { service });
        findings.retain(|one| !before.contains(one));
        announce(&findings);
        Ok(())
    }

    /// Makes another run-time update of that of a service; the result is checked as a patch before it is in force. What
    /// `change` says besides comes back with it. It runs under a lock. `event` is what is told of it.
    ///
    /// # Errors
    ///
    /// As [`update_service`](Self::update_service).
    #[cfg(feature = "server")]
    pub(crate) fn change_update<T>(
        &self,
        name: &str,
        event: impl FnOnce(&'static str) -> Rare<'static>,
        change: impl FnOnce(&Patch) -> (Patch, T),
    ) -> Result<T, ConfigError> {
        let mut configuration = self.lock();
        self.require_known(&configuration, name)?;
        let before = configuration.findings_of(name);
        let nothing = Patch::new();
        let (update, besides) = change(configuration.updates.get(name).unwrap_or(&nothing));
        check_patch(name, &update)?;
        if update.is_empty() {
            configuration.updates.clear(name);
        } else {
            configuration.updates.set(name, update);
        }
        let woken = self.resolve(&mut configuration, name);
        let mut findings = configuration.findings_of(name);
        drop(configuration);
        woken.wake();
        self.tell_of(name, event);
        findings.retain(|one| !before.contains(one));
        announce(&findings);
        Ok(besides)
    }

    /// Takes all run-time updates of a service back; says whether there were any.
    pub fn clear_update(&self, name: &str) -> bool {
        let mut configuration = self.lock();
        let had = configuration.updates.clear(name);
        let woken = self.resolve(&mut configuration, name);
        drop(configuration);
        woken.wake();
        if had {
            self.tell_of(name, |service| Rare::OverrideCleared { service });
        }
        had
    }

    /// Tells what was done to a service, if anybody has asked for it or called it; its name lives as long as it does. It is
    /// done: whoever listens and panics does not undo it.
    fn tell_of(&self, name: &str, what: impl FnOnce(&'static str) -> Rare<'static>) {
        if let Some(service) = self.made_service(name) {
            shielded(|| emit(&Event::Rare(what(service.name())), &self.shared.history));
        }
    }

    /// Every setting of a service in force, where each comes from, and what it hides. `None` for a name that
    /// neither a call site nor the file nor an update has.
    pub fn explain(&self, name: &str) -> Option<Explanation> {
        let configuration = self.lock();
        let sites = configuration.sites.of(name);
        configuration.knows(name).then(|| {
            Explanation::new(name, sites, configuration.file.as_deref(), configuration.updates.get(name))
        })
    }

    /// How many services have settings of a run-time update.
    pub fn updates(&self) -> usize {
        self.lock().updates.services().count()
    }

    /// What a collection reads of the settings in force.
    pub(crate) fn glance(&self) -> Arc<Glance> {
        let last = Arc::clone(&lock(&self.glance));
        if last.version == Some(self.version.get()) {
            return last;
        }
        let Some(configuration) = self.patient_lock() else { return last };
        let new = Arc::new(Glance::of(&configuration));
        drop(configuration);
        let before = std::mem::replace(&mut *lock(&self.glance), Arc::clone(&new));
        drop(before);
        new
    }

    /// How many configurations were put in force and how many were refused.
    pub fn reloads(&self) -> Reloads {
        self.lock().reloads
    }

    /// Every annotated function of the program, called or not, in the order of files and lines.
    pub fn inventory(&self) -> Vec<&'static Site> {
        self.lock().sites.all.clone()
    }
}

/// [`Registry::update_service`] of the registry in force here.
///
/// # Errors
///
/// As there.
pub fn update_service(name: &str, patch: &Patch) -> Result<(), ConfigError> {
    registry().update_service(name, patch)
}

/// [`Registry::clear_update`] of the registry in force here.
pub fn clear_update(name: &str) -> bool {
    registry().clear_update(name)
}

/// [`Registry::explain`] of the registry in force here.
///
/// ```
/// if let Some(explanation) = resilience_runtime::explain("claude_api") {
///     println!("{explanation}");
/// }
/// ```
pub fn explain(name: &str) -> Option<Explanation> {
    registry().explain(name)
}

/// [`Registry::inventory`] of the registry in force here.
///
/// ```
/// for site in resilience_runtime::inventory() {
///     println!("{} calls {} ({}:{})", site.path(), site.service(), site.file(), site.line());
/// }
/// ```
pub fn inventory() -> Vec<&'static Site> {
    registry().inventory()
}
