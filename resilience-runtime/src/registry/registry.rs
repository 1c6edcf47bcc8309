//! Makes services and binds call sites to them. In: names and sites. Out: services and bound sites, made under the lock of the
//! settings that they get.

use std::fmt;
#[cfg(feature = "server")]
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::{Duration, Instant};

use resilience_settings::policy::{CallPolicy, ServicePolicy};

use dashmap::DashMap;

use super::call_path::{CallPath, ServiceId, SiteId};
use super::chance::Chance;
use super::interner::{Handle, Interner};
use super::shared::Shared;
use crate::clock::Clock;
use crate::monitor::History;
use crate::policy::{CallRules, EffectivePolicy, Observation, ServiceRules};
use crate::registry::configuration::ByName;
use crate::registry::configuration::require_timers_of;
use crate::registry::configuration::{Configuration, Glance, Version};
use crate::registry::service::Service;
use crate::registry::site::BoundSite;
use crate::registry::site::Site;
use crate::sync::lock;

/// Services, call sites and the settings in force.
pub struct Registry {
    pub(crate) shared: Shared,
    pub(super) services: DashMap<&'static str, &'static Service>,
    call_policies: Interner<CallRules>,
    /// Whether the findings about the settings have been announced, which the first use does.
    pub(super) is_announced: AtomicBool,
    /// Held while settings are resolved or exchanged. Never held while a call runs, or while foreign code runs: a waker
    /// or a subscriber may use this registry.
    configuration: Mutex<Configuration>,
    /// That of the configuration.
    pub(super) version: Arc<Version>,
    /// The version in which every service that is named had been made.
    pub(super) all_made_at: AtomicU64,
    /// What collections last read of the configuration. Held for as long as it takes to copy the reference.
    pub(super) glance: Mutex<Arc<Glance>>,
    /// Held for as long as a load takes. The lock above is taken within it, never the other way round.
    #[cfg(feature = "config")]
    pub(super) loading: Mutex<()>,
    next_service: AtomicU32,
    pub(super) by_name: ByName,
    next_site: AtomicU32,
}

impl fmt::Debug for Registry {
    /// Without its contents, which refer back to it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("services", &self.services.len()).finish_non_exhaustive()
    }
}

impl Registry {
    pub(crate) fn new() -> Self {
        Self::with(Clock::new(), Chance::default(), History::default())
    }

    /// One that goes by tokio's clock, with random numbers of its own.
    #[cfg(all(feature = "testing", feature = "config"))]
    pub(crate) fn isolated(seed: u64) -> Self {
        Self::with(Clock::on_tokio(), Chance::seeded(seed), History::default())
    }

    /// The same with a record of all that happens, for assertions.
    #[cfg(feature = "testing")]
    pub(crate) fn recorded(seed: u64) -> Self {
        Self::with(Clock::on_tokio(), Chance::seeded(seed), History::recorded())
    }

    fn with(clock: Clock, chance: Chance, history: History) -> Self {
        let configuration = Configuration::new();
        Self {
            shared: Shared::new(configuration.max_concurrent_retries(), clock, chance, history),
            services: DashMap::new(),
            call_policies: Interner::new(),
            is_announced: AtomicBool::new(false),
            version: Arc::clone(&configuration.version),
            all_made_at: AtomicU64::new(u64::MAX),
            glance: Mutex::default(),
            configuration: Mutex::new(configuration),
            #[cfg(feature = "config")]
            loading: Mutex::default(),
            next_service: AtomicU32::new(0),
            by_name: ByName::new(),
            next_site: AtomicU32::new(0),
        }
    }

    /// How many different settings have been in force so far: of sites, of services, and of both together. They are kept
    /// for ever (100 to 400 bytes each), so that calls can hold them without counting; this is how to see that a reload
    /// loop does not add to them.
    pub fn interned_policies(&self) -> usize {
        self.call_policies.len() + self.shared.service_policies.len() + self.shared.effective_policies.len()
    }

    /// Its clock.
    pub(crate) fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// How long it has existed.
    pub(crate) fn uptime(&self) -> Duration {
        self.clock().now().since(self.shared.began)
    }

    /// The most retries that may be in flight at once, in all services.
    pub(crate) fn max_concurrent_retries(&self) -> u32 {
        self.shared.max_concurrent_retries.load(Ordering::Relaxed)
    }

    /// How often what has happened is summed up.
    pub(crate) fn summary_interval(&self) -> Duration {
        self.lock().summary_interval()
    }

    /// Where the server of the dashboard is to listen, if the file asks for it.
    #[cfg(feature = "server")]
    pub(crate) fn server_address(&self) -> Option<SocketAddr> {
        self.lock().server_address()
    }

    /// Retries that are in flight now, in all services.
    pub fn concurrent_retries(&self) -> u32 {
        self.shared.retry_cap.in_flight()
    }

    /// The binding of a site, made at its first call.
    pub(crate) fn bind(&'static self, site: &'static Site) -> &'static BoundSite {
        let known = self.lock().bindings.get(site);
        known.unwrap_or_else(|| {
            // Not under the lock: it may panic.
            require_timers_of(site.facts());
            self.bind_locked(&mut self.lock(), site)
        })
    }

    /// The same under the lock, so that a reload either sees the new binding or has happened before it.
    pub(super) fn bind_locked(
        &'static self,
        configuration: &mut Configuration,
        site: &'static Site,
    ) -> &'static BoundSite {
        if let Some(bound) = configuration.bindings.get(site) {
            return bound;
        }
        let facts = site.facts();
        configuration.touch(facts.service);
        let layers = configuration.layers(facts.service);
        let of_service = layers.of_service();
        let service = self.service_or_new(facts.service, || of_service.service_policy());
        // An update of the service waits for the lock, so these are its settings until then.
        let policy = self.intern_policy(
            layers.call_policy(&of_service, facts),
            service.rules(),
            configuration.observation(),
        );
        let id = SiteId(self.next_site.fetch_add(1, Ordering::Relaxed));
        let bound: &'static BoundSite =
            Box::leak(Box::new(BoundSite::new(&self.shared, service, facts, policy, id)));
        configuration.bindings.add(site, bound);
        bound
    }

    /// Changes the policy of one site, bypassing all layers.
    #[cfg(all(test, feature = "testing"))]
    pub(crate) fn set_call_policy(&'static self, site: &'static Site, change: impl FnOnce(&mut CallPolicy)) {
        let bound = self.bind(site);
        let mut policy = CallPolicy::clone(bound.rules());
        change(&mut policy);
        bound.set_policy(self.intern_policy(policy, bound.service().rules(), self.lock().observation()));
    }

    /// The effective policy of a site, for a service with these settings.
    pub(super) fn intern_policy(
        &self,
        policy: CallPolicy,
        service: &'static ServiceRules,
        observation: Observation,
    ) -> Handle<EffectivePolicy> {
        let call = self.call_policies.intern(policy.into());
        self.shared.effective_policies.intern(EffectivePolicy::new(call.value(), service, observation))
    }

    pub(super) fn service_or_new(
        &'static self,
        name: &'static str,
        policy: impl FnOnce() -> ServicePolicy,
    ) -> &'static Service {
        *self.services.entry(name).or_insert_with(|| {
            let id = ServiceId(self.next_service.fetch_add(1, Ordering::Relaxed));
            let call_path = self.shared.call_paths.extend(CallPath::ROOT, id).unwrap_or(CallPath::ROOT);
            let policy = self.shared.service_policies.intern(policy().into());
            Box::leak(Box::new(Service::new(&self.shared, name, id, call_path, policy)))
        })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Configuration> {
        lock(&self.configuration)
    }

    /// The same for a collection, unless it cannot be had in time.
    pub(super) fn patient_lock(&self) -> Option<MutexGuard<'_, Configuration>> {
        /// Longer than anybody holds it who is not stopped meanwhile, so that whoever changes settings and then asks sees them.
        const PATIENCE: Duration = Duration::from_millis(50);
        /// Shorter than most hold it.
        const PAUSE: Duration = Duration::from_micros(20);
        let mut since = None;
        loop {
            match self.configuration.try_lock() {
                Ok(configuration) => return Some(configuration),
                Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => {
                    if since.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
                        return None;
                    }
                    std::thread::sleep(PAUSE);
                }
            }
        }
    }
}
