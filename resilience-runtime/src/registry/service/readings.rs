//! Shows the state of a service (breaker, budget, bulkhead, throttle), and changes nothing. In: a service. Out: readings, for
//! metrics, pages and tests. Its counters are in `counter_sums`.

use std::time::Duration;

use resilience_settings::layers::offers::Offers;

use super::service::Service;
use crate::breaker_state::{BreakerState, OBSERVED};

impl Service {
    /// How many of its attempts each rule of chaos has hit.
    #[cfg_attr(
        not(feature = "testing"),
        expect(clippy::unused_self, reason = "there is no chaos without the feature")
    )]
    pub(crate) fn injections(&self) -> Vec<(&'static str, u64)> {
        #[cfg(feature = "testing")]
        return self.shared().chaos.counts_of(self.name());
        #[cfg(not(feature = "testing"))]
        return Vec::new();
    }

    /// Whether a call site of it that was called keeps the results of its keys in the memory of the process.
    pub(crate) fn keeps_results_in_memory(&self) -> bool {
        self.sites
            .iter()
            .map(|(_, site)| site.facts.offers)
            .any(|offers| offers.has_any(Offers::IDEMPOTENCY) && !offers.has_any(Offers::STORE))
    }

    /// Where its breaker stands. A breaker that is switched off keeps its state. Of a service that rejects all of its
    /// partitions, it is open: `ForcedOpen` when an operator did that to each. With `mode = Observe` it is where the breaker
    /// would stand, and keeps no call from running.
    pub fn breaker_state(&self) -> BreakerState {
        let own = self.unpartitioned.state.breaker.state();
        if own.is_closed() { self.partitions.all_open().unwrap_or(own) } else { own }
    }

    /// A state of one of its breakers, as it is shown: what that of an observed service would be is not what happens to calls.
    pub(crate) fn shown_state(&self, state: BreakerState) -> &'static str {
        if self.policy().is_observed() { OBSERVED } else { state.name() }
    }

    /// The rest of the break of an open breaker.
    pub fn retry_after(&self) -> Option<Duration> {
        self.unpartitioned.state.breaker.retry_after(self.now())
    }

    /// How many retry tokens it has; `None` when the budget is off.
    pub fn budget_tokens(&self) -> Option<f64> {
        self.unpartitioned.state.budget_tokens(self.policy(), self.now())
    }

    /// How many attempts hold a permit in its bulkhead; `None` when the bulkhead is off.
    pub fn bulkhead_in_flight(&self) -> Option<u32> {
        self.policy()
            .bulkhead
            .as_ref()
            .map(|_| self.unpartitioned.state.bulkhead.in_flight(&self.unpartitioned.state.shards))
    }

    /// How many attempts wait for a permit; `None` when the bulkhead is off.
    pub fn bulkhead_queue_depth(&self) -> Option<u32> {
        self.policy().bulkhead.as_ref().map(|_| self.unpartitioned.state.bulkhead.queue_depth())
    }

    /// How many attempts may hold a permit now, which an adaptive bulkhead changes; `None` when it is off.
    pub fn bulkhead_limit(&self) -> Option<u32> {
        self.policy().bulkhead.as_ref().map(|settings| self.unpartitioned.state.bulkhead.limit(settings))
    }

    /// With which probability the throttle rejects the next attempt; `None` when it is off.
    pub fn throttle_probability(&self) -> Option<f64> {
        let settings = self.policy().throttle.as_ref()?;
        Some(self.unpartitioned.state.throttle.probability(settings, self.now()))
    }

    /// The share of failures among its recent results: over the time window of the breaker, or over 10 s. `None`
    /// while there are too few for a share to mean anything.
    pub fn failure_rate(&self) -> Option<f64> {
        self.unpartitioned.state.failure_rate(self.policy(), self.now())
    }

    /// How many of its partitions have state of their own now.
    pub fn partitions(&self) -> usize {
        self.partitions.len()
    }
}
