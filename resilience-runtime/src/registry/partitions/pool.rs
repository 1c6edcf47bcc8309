//! Places for partitions: in goes the need for one, out comes one that is new, free, or was taken over.
//!
//! Which partition loses its place is found in a bounded number of steps, however many there are: a hand goes round, looks
//! at the next [`LOOKS`] places, and takes the best of these over, one of a healthy partition first, the longest unused first.
//! With so few places that is exactly the best of all; with many, what is taken over is among the longest unused thirtieth,
//! mostly. (Redis evicts that way, with five looks. An exact order would have to be changed by every call.)

use std::sync::Arc;

use super::name::Named;
use super::partition_state::PartitionState;
use crate::clock::Tick;
use crate::policy::ServicePolicy;
use crate::registry::service::BreakerOverride;

/// How many places a newcomer looks at that finds none free.
pub(super) const LOOKS: usize = 32;

/// The places of one service.
#[derive(Default)]
pub(super) struct Pool {
    pub(super) made: Vec<Owned>,
    pub(super) free: Vec<&'static PartitionState>,
    hand: usize,
    /// What an operator wants of the breakers of all of them.
    pub(super) breaker_override: BreakerOverride,
    /// How many places were looked at so far.
    #[cfg(test)]
    pub(super) looks: usize,
}

/// A place, and the partition that it belongs to once that has been entered.
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
    /// A place that nobody has, if there is one or may be made.
    pub(super) fn take_free(&mut self, policy: &ServicePolicy, now: Tick) -> Option<&'static PartitionState> {
        if let Some(partition) = self.free.pop() {
            return Some(partition);
        }
        if self.made.len() >= policy.max_partitions as usize {
            return None;
        }
        let number = u32::try_from(self.made.len()).ok()?;
        let partition: &'static PartitionState = Box::leak(Box::new(PartitionState::numbered(now, number)));
        partition.state.apply_override(self.breaker_override, now);
        self.made.push(Owned { partition, owner: None });
        Some(partition)
    }

    /// The partition whose place is taken over, of those that nobody uses.
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

    /// From now on the place belongs to that partition, or to none; gives back the one before, to be dropped outside of the
    /// lock.
    pub(super) fn set_owner(
        &mut self,
        partition: &PartitionState,
        owner: Option<Arc<Named>>,
    ) -> Option<Arc<Named>> {
        let made = self.made.get_mut(partition.number() as usize)?;
        std::mem::replace(&mut made.owner, owner)
    }
}
