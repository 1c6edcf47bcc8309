//! Decides which partition loses its state to a new one, when there are as many as may be. In: a new partition. Out: a state that
//! is new, free, or taken over from another.
//!
//! Which partition loses its state is decided in a bounded number of steps, however many there are: a clock hand looks at
//! the next [`LOOKS`] states and takes over the best of them, healthy partitions first, and of these the longest unused.
//! With no more states than that, it is the best of all; with many, it is mostly among the longest unused thirtieth.
//! (Redis evicts that way, with five looks. An exact order would have to be updated by every call.)

use std::sync::Arc;

use resilience_settings::policy::ServicePolicy;

use super::name::Named;
use super::partition_state::PartitionState;
use crate::clock::Tick;
use crate::registry::service::BreakerOverride;

/// How many states a new partition looks at if none is free.
pub(super) const LOOKS: usize = 32;

/// The states of the partitions of one service.
#[derive(Default)]
pub(super) struct Pool {
    pub(super) made: Vec<Owned>,
    pub(super) free: Vec<&'static PartitionState>,
    hand: usize,
    /// The operator's override of all of their breakers.
    pub(super) breaker_override: BreakerOverride,
    /// How many states were looked at so far.
    #[cfg(test)]
    pub(super) looks: usize,
}

/// A state, and the partition that has it, once that is in the map.
pub(super) struct Owned {
    pub(super) partition: &'static PartitionState,
    pub(super) owner: Option<Arc<Named>>,
}

impl Owned {
    /// What operators see of the partition, if its site says that.
    pub(super) fn label(&self) -> Option<&str> {
        self.owner.as_ref()?.label.as_deref()
    }

    /// Whether that is what operators see of it: its label, or without one its number behind `#`.
    pub(super) fn is_shown_by(&self, label: &str) -> bool {
        match self.label() {
            Some(own) => own == label,
            None => {
                label.strip_prefix('#').is_some_and(|number| number.parse() == Ok(self.partition.number()))
            }
        }
    }
}

impl Pool {
    /// A state that no partition has: a free one, or a new one if there may be more.
    pub(super) fn take_free(&mut self, policy: &ServicePolicy, now: Tick) -> Option<&'static PartitionState> {
        if let Some(partition) = self.free.pop() {
            return Some(partition);
        }
        if self.made.len() >= policy.max_partitions as usize {
            return None;
        }
        let number = u32::try_from(self.made.len()).ok()?;
        let partition: &'static PartitionState = Box::leak(Box::new(PartitionState::numbered(now, number)));
        partition.state.start_in(policy, now);
        partition.state.apply_override(self.breaker_override, now);
        self.made.push(Owned { partition, owner: None });
        Some(partition)
    }

    /// The partition whose state is taken over, of those that no call uses.
    pub(super) fn choose(&mut self, policy: &ServicePolicy, now: Tick) -> Option<Arc<Named>> {
        let mut best: Option<(bool, u64, &Arc<Named>)> = None;
        let count = self.made.len();
        for look in 0..LOOKS.min(count) {
            let Owned { partition, owner } = &self.made[(self.hand + look) % count];
            let Some(owner) = owner else { continue };
            if partition.is_used() {
                continue;
            }
            let rank = (!partition.state.is_healthy(policy, now), partition.used_at());
            if best.as_ref().is_none_or(|(is_ill, used_at, _)| rank < (*is_ill, *used_at)) {
                best = Some((rank.0, rank.1, owner));
            }
        }
        let chosen = best.map(|(.., owner)| Arc::clone(owner));
        self.hand = (self.hand + LOOKS) % count.max(1);
        #[cfg(test)]
        {
            self.looks += LOOKS.min(count);
        }
        chosen
    }

    /// Sets which partition has a state. Returns the one before, to be dropped outside of the lock.
    pub(super) fn set_owner(
        &mut self,
        partition: &PartitionState,
        owner: Option<Arc<Named>>,
    ) -> Option<Arc<Named>> {
        let made = self.made.get_mut(partition.number() as usize)?;
        std::mem::replace(&mut made.owner, owner)
    }
}
