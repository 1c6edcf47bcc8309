//! Data: a call site bound to its service, with the settings of its calls. In: a call site and its service. Out: the effective
//! policy of its calls, and what it remembers between them.

use std::sync::OnceLock;
use std::time::Duration;

use resilience_settings::policy::Ratio;

use resilience_settings::layers::site_facts::SiteFacts;

use resilience_settings::layers::offers::Offers;

use super::counts::SiteCounts;
use super::degradation::Degradation;
use crate::classify::Client;
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::degrade::Caches;
use crate::events::{Event, Function, OfCall, emit, is_retry_told, is_told};
use crate::monitor::{CachedQuantile, SiteCounters};
use crate::policy::{CallRules, EffectivePolicy};
use crate::registry::announce::announce;
use crate::registry::call_path::{CallPath, LastExtended, SiteId};
use crate::registry::idempotency::KeyScope;
use crate::registry::interner::{Handle, Pointer};
use crate::registry::service::Service;
use crate::registry::shared::Shared;

/// A site bound to its service, with the policy of its calls.
#[derive(Debug)]
pub(crate) struct BoundSite {
    shared: &'static Shared,
    service: &'static Service,
    facts: &'static SiteFacts,
    policy: Pointer<EffectivePolicy>,
    counts: &'static SiteCounts,
    last_call_path: LastExtended,
    degradation: Degradation,
    hedge_latency: CachedQuantile,
    timeout_latency: CachedQuantile,
    key_scope: OnceLock<Box<KeyScope>>,
}

impl BoundSite {
    pub(in crate::registry) fn new(
        shared: &'static Shared,
        service: &'static Service,
        facts: &'static SiteFacts,
        policy: Handle<EffectivePolicy>,
        id: SiteId,
    ) -> Self {
        let counts: &'static SiteCounts = Box::leak(Box::new(SiteCounts::new(facts)));
        service.sites.push(counts);
        Self {
            counts,
            shared,
            service,
            facts,
            policy: Pointer::new(policy),
            last_call_path: LastExtended::default(),
            degradation: Degradation::new(id),
            hedge_latency: CachedQuantile::default(),
            timeout_latency: CachedQuantile::default(),
            key_scope: OnceLock::new(),
        }
    }

    /// Whether something else may answer for a failed call. What its caller sees is then known only after that.
    #[inline]
    pub(crate) fn may_be_answered_for(&self) -> bool {
        self.facts.offers.has_any(Offers::ANSWERS)
    }

    #[inline]
    pub(crate) fn service(&self) -> &'static Service {
        self.service
    }

    #[inline]
    pub(crate) fn shared(&self) -> &'static Shared {
        self.shared
    }

    /// Its counters for a thread.
    #[inline]
    pub(crate) fn counters(&self, slot: Slot) -> &'static SiteCounters {
        self.counts.part(slot, || self.service.counters(slot))
    }

    /// The same, unless they have yet to be made.
    #[inline]
    pub(crate) fn existing_counters(&self, slot: Slot) -> Option<&'static SiteCounters> {
        self.counts.existing(slot)
    }

    /// The settings of its calls, and those of its service.
    #[inline]
    pub(crate) fn policy(&self) -> &'static EffectivePolicy {
        self.shared.effective_policies.get(&self.policy)
    }

    #[inline]
    pub(crate) fn rules(&self) -> &'static CallRules {
        self.policy().call
    }

    #[inline]
    pub(crate) fn now(&self) -> Tick {
        self.shared.clock.now()
    }

    /// A recent reading of the clock, for callers that only need to know the slice of a window: see
    /// [`Recent`](crate::recent::Recent).
    #[inline]
    pub(crate) fn coarse_now(&self) -> Tick {
        self.shared.recent.get(&self.shared.clock)
    }

    #[inline]
    pub(crate) fn facts(&self) -> &'static SiteFacts {
        self.facts
    }

    /// The function, as events name it.
    pub(crate) fn as_told(&self) -> Function<'static> {
        let service = self.service();
        Function {
            service: service.name(),
            function: self.facts.function,
            pace: &service.pace,
            now: self.now(),
        }
    }

    /// Tells those who listen what happens to one of its calls. They are foreign code.
    pub(crate) fn tell(&self, what: OfCall) {
        emit(&Event::OfCall(self.as_told(), what), &self.shared.history);
    }

    /// Whether anybody listens to what happens to single calls.
    #[inline]
    pub(crate) fn is_told(&self) -> bool {
        is_told() || self.shared.history.calls.is_heard()
    }

    /// Whether anybody listens to retries.
    #[inline]
    pub(crate) fn is_retry_told(&self) -> bool {
        is_retry_told() || self.shared.history.calls.is_heard()
    }

    /// What its idempotency keys belong to.
    pub(crate) fn key_scope(&self) -> &KeyScope {
        if let Some(scope) = self.key_scope.get() {
            return scope;
        }
        // Not within the initialiser: a finding is announced, to a subscriber that may call this function.
        let scope = Box::new(self.shared.key_scope(self.facts));
        self.key_scope.get_or_init(|| scope)
    }

    /// Whether the body cannot run again.
    pub(crate) fn is_single(&self) -> bool {
        self.facts.degradation_only
    }

    /// The response caches of this site.
    pub(crate) fn caches(&self) -> &Caches {
        &self.degradation.caches
    }

    /// The chain of sites that are being answered for, extended by this one.
    pub(crate) fn degrading(&self, outer: CallPath<SiteId>) -> CallPath<SiteId> {
        self.degradation.call_path(outer, &self.shared.degrading)
    }

    /// Whether a call comes back to this site from its own redirect or fallback.
    #[inline]
    pub(crate) fn is_cycle(&self, outer: CallPath<SiteId>) -> bool {
        outer != CallPath::ROOT && self.degradation.is_cycle(outer, &self.shared.degrading, self.facts)
    }

    /// After which time an attempt counts as slow enough for a copy.
    pub(crate) fn hedge_latency(&self, share: Ratio, now: Tick) -> Option<Duration> {
        self.hedge_latency.get(&self.service.recent, share, now)
    }

    /// The quantile that an adaptive timeout is derived from.
    pub(crate) fn timeout_latency(&self, share: Ratio, now: Tick) -> Option<Duration> {
        self.timeout_latency.get(&self.service.recent, share, now)
    }

    /// Sets the policy of the calls that begin from now on.
    pub(in crate::registry) fn set_policy(&self, policy: Handle<EffectivePolicy>) {
        self.policy.swap(policy);
    }

    /// The call path within a call of this site, or `None` when the call is inside one of the same service.
    #[inline]
    pub(crate) fn call_path(&self, outer: CallPath) -> Option<CallPath> {
        if outer == CallPath::ROOT {
            return Some(self.service.call_path());
        }
        if let Some(own) = self.last_call_path.get(outer) {
            return Some(own);
        }
        let own = self.shared.call_paths.extend(outer, self.service.id())?;
        self.last_call_path.set(outer, own);
        Some(own)
    }

    /// Notes that an error of this client was retried though nothing is known of it.
    #[cold]
    pub(crate) fn note_blind_retry(&self, client: Client) {
        if let Some(finding) = self.shared.blind_retries.note(self.facts, client) {
            announce(&[finding]);
        }
    }
}
