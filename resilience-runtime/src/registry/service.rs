//! All live state of one service, shared by every call site that names it.

use std::hash::Hash;
use std::time::Duration;

use super::interner::{Handle, Pointer};
use super::lineage::{Lineage, ServiceId};
use super::partitions::{Partitions, Place};
use super::shared::Shared;
use super::target::Target;
use crate::breaker_state::BreakerState;
use crate::clock::{Clock, Tick};
use crate::monitor::{Counters, RecentLatency, Stats};
use crate::policy::{ServicePolicy, ServiceRules};
use crate::shard::{Sharded, Slot};
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
    shared: &'static Shared,
    name: &'static str,
    id: ServiceId,
    lineage: Lineage,
    policy: Pointer<ServiceRules>,
    place: Place,
    pub(super) partitions: Partitions,
    pub(crate) recent: RecentLatency,
    pub(super) counters: Sharded<Counters>,
}

impl Service {
    pub(super) fn new(
        shared: &'static Shared,
        name: &'static str,
        id: ServiceId,
        lineage: Lineage,
        policy: Handle<ServiceRules>,
    ) -> Self {
        Self {
            shared,
            name,
            id,
            lineage,
            policy: Pointer::new(policy),
            place: Place::new(shared.clock.now()),
            partitions: Partitions::default(),
            recent: RecentLatency::default(),
            counters: Sharded::new(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it has counted so far.
    pub fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        for part in self.counters.iter() {
            part.read_into(&mut stats);
        }
        let now = self.now();
        stats.add_breaker(|totals| self.place.live.breaker.add_totals(totals, now));
        for place in self.partitions.places() {
            stats.add_breaker(|totals| place.live.breaker.add_totals(totals, now));
        }
        stats
    }

    /// The settings of its shared state that are in force now.
    pub fn policy(&self) -> &'static ServicePolicy {
        self.rules()
    }

    /// The same with what follows from them.
    #[inline]
    pub(crate) fn rules(&self) -> &'static ServiceRules {
        self.shared.service_policies.get(&self.policy)
    }

    /// Where its breaker stands. A breaker that is switched off keeps its state.
    pub fn breaker_state(&self) -> BreakerState {
        self.place.live.breaker.state()
    }

    /// The rest of the break of an open breaker.
    pub fn retry_after(&self) -> Option<Duration> {
        self.place.live.breaker.retry_after(self.now())
    }

    /// How many retry tokens it has; `None` when the budget is off.
    pub fn budget_tokens(&self) -> Option<f64> {
        self.place.live.budget_tokens(self.policy(), self.now())
    }

    /// How many attempts hold a seat in its bulkhead; `None` when the bulkhead is off.
    pub fn bulkhead_in_flight(&self) -> Option<u32> {
        self.policy().bulkhead.as_ref().map(|_| self.place.live.bulkhead.in_flight(&self.place.live.parts))
    }

    /// How many attempts wait for a seat; `None` when the bulkhead is off.
    pub fn bulkhead_queue_depth(&self) -> Option<u32> {
        self.policy().bulkhead.as_ref().map(|_| self.place.live.bulkhead.queue_depth())
    }

    /// How many attempts may hold a seat now, which an adaptive bulkhead changes; `None` when it is off.
    pub fn bulkhead_limit(&self) -> Option<u32> {
        self.policy().bulkhead.as_ref().map(|settings| self.place.live.bulkhead.limit(settings))
    }

    /// With which probability the throttle rejects the next attempt; `None` when it is off.
    pub fn throttle_probability(&self) -> Option<f64> {
        let settings = self.policy().throttle.as_ref()?;
        Some(self.place.live.throttle.probability(settings, self.now()))
    }

    /// The share of failures among its recent results: over the time window of the breaker, or over 10 s. `None`
    /// while there are too few for a share to mean anything.
    pub fn failure_rate(&self) -> Option<f64> {
        self.place.live.failure_rate(self.policy(), self.now())
    }

    /// Opens the breaker until [`reset_breaker`](Self::reset_breaker): every call is rejected.
    pub fn force_open(&'static self) {
        self.target().announce(self.place.live.breaker.force_open(self.now()));
    }

    /// Keeps the breaker closed until [`reset_breaker`](Self::reset_breaker), whatever the results.
    pub fn force_closed(&'static self) {
        self.target().announce(self.place.live.breaker.force_closed(self.now()));
    }

    /// Closes the breaker with an empty window, also when it is closed already.
    pub fn reset_breaker(&'static self) {
        self.target().announce(self.place.live.breaker.reset(self.now()));
    }

    #[inline]
    pub(crate) fn now(&self) -> Tick {
        self.shared.clock.now()
    }

    /// What tells it the time.
    pub(crate) fn clock(&self) -> &'static Clock {
        &self.shared.clock
    }

    #[inline]
    pub(crate) fn id(&self) -> ServiceId {
        self.id
    }

    #[inline]
    pub(crate) fn lineage(&self) -> Lineage {
        self.lineage
    }

    #[inline]
    pub(crate) fn counters(&self, slot: Slot) -> &Counters {
        self.counters.part(slot)
    }

    /// The counters of a thread, unless they have yet to be made.
    #[inline]
    pub(crate) fn made_counters(&self, slot: Slot) -> Option<&Counters> {
        self.counters.made(slot)
    }

    /// How many of its partitions have state of their own now.
    pub fn partitions(&self) -> usize {
        self.partitions.len()
    }

    /// The state of one partition for a call; `None` when so many are in use that it shares that of the service.
    pub(crate) fn lease<P>(&'static self, partition: &P, now: Tick) -> Option<&'static Place>
    where
        P: Hash + Eq + Clone + Send + Sync + 'static,
    {
        self.partitions.lease(self, partition, now)
    }

    /// The service with the state of all of it.
    #[inline]
    pub(crate) fn target(&'static self) -> Target {
        Target::new(self, &self.place)
    }

    /// The state of all of it.
    #[inline]
    pub(crate) fn place(&'static self) -> &'static Place {
        &self.place
    }

    #[inline]
    pub(crate) fn shared(&self) -> &'static Shared {
        self.shared
    }

    /// Puts other settings in force; the state goes on with them. Gives back who is to be woken once no lock is held.
    pub(super) fn turn(&self, policy: Handle<ServiceRules>, now: Tick) -> Wakers {
        let old = self.policy();
        let mut woken = Wakers::none();
        if self.policy.turn(policy) {
            woken.append(self.place.live.reshape(old, self.policy(), now));
            woken.append(self.partitions.reshape(old, self.policy(), now));
        }
        woken
    }
}
