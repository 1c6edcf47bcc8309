//! Everything alive: services by name, the sites bound to them, the settings in force.
//!
//! A [`Registry`] is a plain value. The program has one behind a static; with feature `testing`, a future may
//! have one of its own.

mod bindings;
mod blind;
mod by_name;
mod configuration;
mod degradation;
mod interner;
mod known;
mod lineage;
mod link;
mod live;
#[cfg(feature = "config")]
mod load;
mod partition;
mod partitions;
mod provided;
mod service;
mod shedding;
mod site;
mod target;
mod timers_needed;
mod unwritten;
mod updates;
#[cfg(feature = "config")]
mod watched;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::task::Context;

use dashmap::DashMap;

pub use self::configuration::Reloads;
pub(crate) use self::lineage::{Lineage, SiteId};
pub(crate) use self::live::Part;
pub use self::partition::Partition;
pub(crate) use self::partitions::Place;
pub use self::service::Service;
pub use self::shedding::{Shedding, start_load_shedding};
pub(crate) use self::site::Bound;
pub use self::site::Site;
pub(crate) use self::target::{Seating, Target};
pub(crate) use self::unwritten::Definition;
pub use self::updates::{clear_update, explain, inventory, update_service};
#[cfg(feature = "config")]
pub use self::watched::{ConfigWatch, load_config_from_file, watch_config_file};

use self::by_name::ByName;
use self::configuration::Configuration;
use self::interner::{Handle, Interner};
use self::lineage::{Lineages, ServiceId};
use crate::budget::RetryCap;
use crate::clock::{Clock, Tick};
use crate::monitor::Counters;
use crate::policy::{CallPolicy, CallRules, ServicePolicy, ServiceRules, Terms};
use crate::recent::Recent;
use crate::shard::{Sharded, Slot};
use crate::shed::{Askers, Pressure};
use crate::timer::{Armed, Timers};

/// Services, call sites and the settings in force.
pub struct Registry {
    clock: Clock,
    recent: Recent,
    services: DashMap<&'static str, &'static Service>,
    lineages: Lineages<ServiceId>,
    /// The sites whose redirects and fallbacks enclose one another.
    degrading: Lineages<SiteId>,
    call_policies: Interner<CallRules>,
    service_policies: Interner<ServiceRules>,
    terms: Interner<Terms>,
    retry_cap: RetryCap,
    max_concurrent_retries: AtomicU32,
    /// Where calls that are not counted write all the same, once they are off the shortest way: a place that nobody reads
    /// costs less than asking at each counter.
    unread: Sharded<Counters>,
    /// Whether what is odd about the settings has been announced, which the first use does.
    is_announced: AtomicBool,
    /// Held while settings of a service are resolved or those of all are exchanged, never while a call runs, and never
    /// while code runs that is not ours: a waker or a subscriber may use this registry.
    configuration: Mutex<Configuration>,
    /// Held for as long as a load takes. The lock above is taken within it, never the other way round.
    #[cfg(feature = "config")]
    loading: Mutex<()>,
    next_service: AtomicU32,
    by_name: ByName,
    pressure: Pressure,
    sampling: Askers,
    next_site: AtomicU32,
    timers: Timers,
}

impl fmt::Debug for Registry {
    /// Not with all that is in it: that leads back here.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("services", &self.services.len()).finish_non_exhaustive()
    }
}

static GLOBAL: LazyLock<Registry> = LazyLock::new(Registry::new);

/// The registry of the program, whatever the current future has been given.
pub(crate) fn global() -> &'static Registry {
    let registry: &'static Registry = &GLOBAL;
    // Not in the initialiser: a subscriber that asked for the registry would wait there for itself.
    if !registry.is_announced.load(Ordering::Relaxed) {
        registry.announce_at_first_use();
    }
    registry
}

/// The registry in force here: the program's, or under feature `testing` the one of the current isolated
/// future.
///
/// ```
/// assert!(resilience_runtime::registry().service("never_called").is_none());
/// ```
pub fn registry() -> &'static Registry {
    #[cfg(feature = "testing")]
    if let Some(registry) = crate::testing::isolated_registry() {
        return registry;
    }
    global()
}

impl Registry {
    pub(crate) fn new() -> Self {
        let configuration = Configuration::new();
        Self {
            clock: Clock::new(),
            timers: Timers::new(),
            recent: Recent::new(),
            services: DashMap::new(),
            lineages: Lineages::default(),
            degrading: Lineages::default(),
            call_policies: Interner::new(),
            service_policies: Interner::new(),
            terms: Interner::new(),
            retry_cap: RetryCap::default(),
            max_concurrent_retries: AtomicU32::new(configuration.max_concurrent_retries()),
            unread: Sharded::new(),
            is_announced: AtomicBool::new(false),
            configuration: Mutex::new(configuration),
            #[cfg(feature = "config")]
            loading: Mutex::default(),
            next_service: AtomicU32::new(0),
            by_name: ByName::new(),
            pressure: Pressure::default(),
            sampling: Askers::default(),
            next_site: AtomicU32::new(0),
        }
    }

    /// How many different settings have been in force so far: of sites, of services, and of both together. They are kept
    /// for ever (100 to 400 bytes each), so that calls can hold them without counting; this is how to see that a reload
    /// loop does not add to them.
    pub fn interned_policies(&self) -> usize {
        self.call_policies.len() + self.service_policies.len() + self.terms.len()
    }

    /// Whether it is the registry of the program, and none that a test made for itself.
    fn is_of_the_program(&self) -> bool {
        std::ptr::eq(self, &raw const *GLOBAL)
    }

    /// The counters of calls that are not counted.
    pub(crate) fn unread(&self, slot: Slot) -> &Counters {
        self.unread.part(slot)
    }

    /// The same, unless they have yet to be made.
    #[inline]
    pub(crate) fn made_unread(&self, slot: Slot) -> Option<&Counters> {
        self.unread.made(slot)
    }

    /// Has the task woken at `until`, or soon after.
    #[inline]
    pub(crate) fn arm(&'static self, until: Tick, cx: &mut Context<'_>) -> Armed {
        self.timers.arm(&self.clock, until, cx)
    }

    /// What tells it the time.
    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Retries that are in flight now, in all services.
    pub fn concurrent_retries(&self) -> u32 {
        self.retry_cap.in_flight()
    }

    /// The binding of a site, made at its first call.
    pub(crate) fn bind(&'static self, site: &'static Site) -> &'static Bound {
        let known = self.lock().bindings.get(site);
        known.unwrap_or_else(|| {
            // Not under the lock: it may panic.
            site.require_timers();
            self.bind_locked(&mut self.lock(), site)
        })
    }

    /// The same under the lock, so that a reload either sees the new binding or has happened before it.
    fn bind_locked(&'static self, configuration: &mut Configuration, site: &'static Site) -> &'static Bound {
        if let Some(bound) = configuration.bindings.get(site) {
            return bound;
        }
        let facts = site.facts();
        configuration.touch(facts.service);
        let layers = configuration.layers(facts.service);
        let of_service = layers.of_service();
        let service = self.service_or_new(facts.service, || of_service.service_policy());
        // An update of the service waits for the lock, so these are its settings until then.
        let terms = self.intern_terms(
            layers.call_policy(&of_service, facts),
            service.rules(),
            configuration.counts(),
        );
        let id = SiteId(self.next_site.fetch_add(1, Ordering::Relaxed));
        let bound: &'static Bound = Box::leak(Box::new(Bound::new(self, service, facts, terms, id)));
        configuration.bindings.add(site, bound);
        bound
    }

    /// Settings for the calls of one site, past all layers.
    #[cfg(all(test, feature = "testing"))]
    pub(crate) fn set_call_policy(&'static self, site: &'static Site, change: impl FnOnce(&mut CallPolicy)) {
        let bound = self.bind(site);
        let mut policy = CallPolicy::clone(bound.rules());
        change(&mut policy);
        bound.turn(self.intern_terms(policy, bound.service().rules(), self.lock().counts()));
    }

    /// What the calls of a site go by, of a service with these settings.
    fn intern_terms(
        &self,
        policy: CallPolicy,
        service: &'static ServiceRules,
        is_counted: bool,
    ) -> Handle<Terms> {
        let call = self.call_policies.intern(policy.into());
        self.terms.intern(Terms::new(call.value(), service, is_counted))
    }

    fn service_or_new(
        &'static self,
        name: &'static str,
        policy: impl FnOnce() -> ServicePolicy,
    ) -> &'static Service {
        *self.services.entry(name).or_insert_with(|| {
            let id = ServiceId(self.next_service.fetch_add(1, Ordering::Relaxed));
            let lineage = self.lineages.extend(Lineage::ROOT, id).unwrap_or(Lineage::ROOT);
            let policy = self.service_policies.intern(policy().into());
            Box::leak(Box::new(Service::new(self, name, id, lineage, policy)))
        })
    }

    fn lock(&self) -> MutexGuard<'_, Configuration> {
        self.configuration.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
