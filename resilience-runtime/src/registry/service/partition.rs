//! Shows the partitions of a service and the state of each. In: a partition. Out: what can be shown of it, all read in one moment.

use std::time::Duration;

use resilience_settings::policy::ServicePolicy;
use resilience_settings::sorted::sort;

use super::service::Service;
use super::service_state::ServiceState;
use crate::breaker_state::BreakerState;
use crate::clock::Tick;
use crate::registry::partitions::PartitionState;

/// One partition of a service, as it was when it was asked for. Made by [`Service::list_partitions`].
///
/// It has a number, and what `partition_label` says of it; never its name: the value of `partition` may be a secret.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Partition {
    /// Its number among the partitions of its service, from 0. A partition that has made room for another leaves its number to
    /// it.
    pub number: u32,
    /// What `partition_label` gave when it was new, at most 64 bytes of it; `None` where that is not written.
    pub label: Option<String>,
    /// How long ago a call used it last.
    pub idle: Duration,
    /// Whether a call uses it.
    pub in_use: bool,
    /// Where its breaker stands. A breaker that is switched off keeps its state.
    pub breaker_state: BreakerState,
    /// The rest of the break of an open breaker.
    pub retry_after: Option<Duration>,
    /// The share of failures among its recent results; `None` while there are too few for a share to mean anything.
    pub failure_rate: Option<f64>,
    /// How many results the window of its breaker holds.
    pub results: u64,
    /// How many of them are failures.
    pub failures: u64,
    /// How many retry tokens it has; `None` when the budget is off.
    pub budget_tokens: Option<f64>,
    /// How many attempts hold a permit in its bulkhead; `None` when the bulkhead is off.
    pub bulkhead_in_flight: Option<u32>,
    /// How many attempts wait for a permit; `None` when the bulkhead is off.
    pub bulkhead_queue_depth: Option<u32>,
    /// How many attempts may hold a permit now; `None` when the bulkhead is off.
    pub bulkhead_limit: Option<u32>,
}

impl Partition {
    fn read(partition: &PartitionState, label: Option<String>, policy: &ServicePolicy, now: Tick) -> Self {
        let state = &partition.state;
        let counts = state.breaker.counts(&state.shards, now, policy.breaker.as_ref());
        Self {
            number: partition.number(),
            label,
            idle: now.since(Tick(partition.used_at())),
            in_use: partition.is_used(),
            breaker_state: state.breaker.state(),
            retry_after: state.breaker.retry_after(now),
            failure_rate: state.failure_rate(policy, now),
            results: counts.total(),
            failures: counts.failures(),
            budget_tokens: state.budget_tokens(policy, now),
            bulkhead_in_flight: policy.bulkhead.as_ref().map(|_| state.bulkhead.in_flight(&state.shards)),
            bulkhead_queue_depth: policy.bulkhead.as_ref().map(|_| state.bulkhead.queue_depth()),
            bulkhead_limit: policy.bulkhead.as_ref().map(|settings| state.bulkhead.limit(settings)),
        }
    }
}

impl ServiceState {
    /// How many retry tokens there are; `None` when the budget is off.
    pub(in crate::registry) fn budget_tokens(&self, policy: &ServicePolicy, now: Tick) -> Option<f64> {
        let settings = policy.budget.as_ref()?;
        let success_rate = self.success_rate(policy, now);
        Some(self.budget.tokens(&self.shards, now, settings, success_rate))
    }
}

impl Service {
    /// How many of its partitions have their breaker in each state, in the order of all states.
    pub(crate) fn breaker_states(&self) -> [u64; BreakerState::ALL.len()] {
        let mut states = [0; BreakerState::ALL.len()];
        for partition in self.partitions.occupied() {
            states[partition.state.breaker.state() as usize] += 1;
        }
        states
    }

    /// So many of its partitions at most, and what state they are in: first those whose breaker is not closed, then those that
    /// were used last. A reader that shows them has to say how many there are in all: [`partitions`](Self::partitions).
    ///
    /// ```
    /// # fn show(service: &'static resilience_runtime::Service) {
    /// for partition in service.list_partitions(20) {
    ///     println!("#{}: {}", partition.number, partition.breaker_state);
    /// }
    /// # }
    /// ```
    pub fn list_partitions(&self, most: usize) -> Vec<Partition> {
        let occupied = self.partitions.occupied().into_iter();
        // Read once: calls go on meanwhile.
        let ranked = occupied.map(|partition| {
            let is_closed = partition.state.breaker.state().is_closed();
            ((is_closed, std::cmp::Reverse(partition.used_at()), partition.number()), partition)
        });
        let mut partitions: Vec<_> = ranked.collect();
        sort(&mut partitions, |(one, _), (other, _)| one.cmp(other));
        let (policy, now) = (self.policy(), self.now());
        let shown = partitions.into_iter().take(most);
        shown.map(|(_, one)| Partition::read(one, self.partitions.label(one.number()), policy, now)).collect()
    }
}
