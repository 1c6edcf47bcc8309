//! Holds all live state of one name: a service, shared by every call site that names it. Its readings and what operators do with it
//! have files of their own.

use std::hash::Hash;

use resilience_settings::policy::ServicePolicy;

use super::event_limits::EventLimits;
use crate::clock::{Clock, Tick};
use crate::counting::shard::{Sharded, Slot};
use crate::events::Pace;
use crate::monitor::{Counters, ErrorPatterns, RecentLatency};
use crate::policy::ServiceRules;
use crate::registry::call_path::{CallPath, ServiceId};
use crate::registry::idempotency::AskedStores;
use crate::registry::interner::{Handle, Pointer};
use crate::registry::partitions::{PartitionState, Partitions};
use crate::registry::shared::Shared;
use crate::registry::site::SiteCounts;
use crate::wakers::Wakers;

/// A service: its breaker, its retry budget and its counters.
///
/// ```
/// # async fn show() {
/// if let Some(service) = resilience_runtime::registry().service("claude_api") {
///     println!("{} calls, breaker {}", service.stats().started(), service.breaker_state());
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Service {
    /// The clock, timers and tables of its registry.
    shared: &'static Shared,
    name: &'static str,
    id: ServiceId,
    /// The chain of calls that consists of a call of it alone.
    call_path: CallPath,
    /// The settings in force.
    policy: Pointer<ServiceRules>,
    /// Breaker, budget, bulkhead, rate limit and throttle, of all calls that have no partition of their own.
    pub(super) unpartitioned: PartitionState,
    /// The same for each partition.
    pub(in crate::registry) partitions: Partitions,
    /// How long its attempts took of late, where a call site asks for a quantile.
    pub(crate) recent: RecentLatency,
    /// What its failures have in common.
    pub(crate) patterns: ErrorPatterns,
    pub(in crate::registry) event_limits: EventLimits,
    /// How much is told of its single calls.
    pub(in crate::registry) pace: Pace,
    /// What it has counted, a part for each thread, beside what its sites have.
    pub(in crate::registry) counters: Sharded<Counters>,
    /// What its sites have counted.
    pub(in crate::registry) sites: boxcar::Vec<&'static SiteCounts>,
    /// The stores that its calls have asked for their keys.
    pub(crate) stores: AskedStores,
}

impl Service {
    pub(in crate::registry) fn new(
        shared: &'static Shared,
        name: &'static str,
        id: ServiceId,
        call_path: CallPath,
        policy: Handle<ServiceRules>,
    ) -> Self {
        let now = shared.clock.now();
        let service = Self {
            shared,
            name,
            id,
            call_path,
            policy: Pointer::new(policy),
            unpartitioned: PartitionState::new(now),
            partitions: Partitions::default(),
            recent: RecentLatency::default(),
            patterns: ErrorPatterns::default(),
            event_limits: EventLimits::default(),
            pace: Pace::default(),
            counters: Sharded::new(),
            sites: boxcar::Vec::new(),
            stores: AskedStores::default(),
        };
        service.unpartitioned.state.start_in(service.policy(), now);
        service
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The settings of its shared state that are in force now.
    pub fn policy(&self) -> &'static ServicePolicy {
        self.rules()
    }

    /// The same, with the numbers derived from them.
    #[inline]
    pub(crate) fn rules(&self) -> &'static ServiceRules {
        self.shared.service_policies.get(&self.policy)
    }

    #[inline]
    pub(crate) fn now(&self) -> Tick {
        self.shared.clock.now()
    }

    /// Its clock.
    pub(crate) fn clock(&self) -> &'static Clock {
        &self.shared.clock
    }

    #[inline]
    pub(crate) fn id(&self) -> ServiceId {
        self.id
    }

    #[inline]
    pub(crate) fn call_path(&self) -> CallPath {
        self.call_path
    }

    #[inline]
    pub(crate) fn counters(&self, slot: Slot) -> &Counters {
        self.counters.part(slot)
    }

    /// The state of one partition, kept for a call until it [leaves](PartitionState::leave) it. `None` when all states
    /// are in use: the call then uses that of the calls without a partition. `label` is what operators see of one that is
    /// new.
    pub(crate) fn lease<P>(
        &'static self,
        partition: &P,
        label: impl FnOnce() -> Option<String>,
        now: Tick,
    ) -> Option<&'static PartitionState>
    where
        P: Hash + Eq + Clone + Send + Sync + 'static,
    {
        self.partitions.lease(|| self.policy(), partition, label, now)
    }

    /// The state of all calls that have no partition of their own.
    #[inline]
    pub(crate) fn unpartitioned(&'static self) -> &'static PartitionState {
        &self.unpartitioned
    }

    #[inline]
    pub(crate) fn shared(&self) -> &'static Shared {
        self.shared
    }

    /// Puts other settings in force and adapts all state to them. Returns the wakers of waiters that get a seat by that,
    /// to be woken once no lock is held.
    pub(in crate::registry) fn set_policy(&self, policy: Handle<ServiceRules>, now: Tick) -> Wakers {
        let old = self.policy();
        let mut woken = Wakers::none();
        if self.policy.swap(policy) {
            woken.append(self.unpartitioned.state.reshape(old, self.policy(), now));
            woken.append(self.partitions.reshape(old, self.policy(), now));
        }
        woken
    }
}
