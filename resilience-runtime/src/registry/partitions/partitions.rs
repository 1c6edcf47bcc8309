//! Finds the state of a partition by its name, or makes it; which one loses its own for that, `pool` decides. In: a name. Out: the
//! state of that partition, found or made.

use std::hash::{BuildHasherDefault, Hash, Hasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard};

use resilience_settings::policy::ServicePolicy;

use dashmap::DashMap;

use super::name::{Named, hash_of};
use super::partition_state::{PartitionState, Use};
use super::pool::Pool;
use crate::breaker::Transition;
use crate::breaker_state::BreakerState;
use crate::clock::Tick;
use crate::registry::service::BreakerOverride;
use crate::sync::lock;
use crate::wakers::Wakers;

/// So many bytes of a label are kept.
const MAX_LABEL: usize = 64;

/// How many names that come while one is looked for are compared as well. Code of a name that makes calls of its own could
/// bring new ones for ever.
const LATECOMERS: usize = 16;

/// The partitions of one service.
#[derive(Default)]
pub(in crate::registry) struct Partitions {
    pub(super) hasher: RandomState,
    /// Several where hashes collide.
    pub(super) by_hash: DashMap<u64, Vec<Arc<Named>>, BuildHasherDefault<Hashed>>,
    /// The lock of a part of the map is taken within this one, never the other way round.
    pool: Mutex<Pool>,
}

/// Passes on what is a hash already.
#[derive(Default)]
pub(super) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are hashes");
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl Partitions {
    /// The state of a partition, in use from now on; `None` when there is none to be had.
    ///
    /// A partition that is new gets what `label` says, which is asked then and not again.
    pub(in crate::registry) fn lease<K>(
        &self,
        policy: impl FnOnce() -> &'static ServicePolicy,
        name: &K,
        label: impl FnOnce() -> Option<String>,
        now: Tick,
    ) -> Option<&'static PartitionState>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
    {
        let hash = hash_of(&self.hasher, name);
        let mut seen = Seen::default();
        if let Some(found) = self.find(hash, name, now, &mut seen) {
            return Some(found.keep());
        }
        // Copied first: if that panics, no state has been taken over for nothing.
        let copy = name.clone();
        let label = label().and_then(shown_label);
        let spare = Spare { partitions: self, partition: Some(self.acquire(policy, now)?) };
        let new = Arc::new(Named::new(hash, spare.get(), copy, label));
        loop {
            if let Some(found) = self.find(hash, name, now, &mut seen) {
                // Destructors of the user's run while the use is still to be given back, should they panic.
                drop((spare, new, seen));
                return Some(found.keep());
            }
            let mut bucket = self.by_hash.entry(hash).or_default();
            if seen.names.len() < seen.most.max(1) && !bucket.iter().all(|other| seen.has(other)) {
                continue;
            }
            bucket.push(Arc::clone(&new));
            let taken = spare.get().take(now);
            drop(bucket);
            let before = self.pool().set_owner(spare.take(), Some(new));
            drop((before, seen));
            return Some(taken.keep());
        }
    }

    /// Looks for a partition among those that have not been seen, which are seen then. It is in use from now on.
    #[inline]
    pub(super) fn find<K: Eq + 'static>(
        &self,
        hash: u64,
        name: &K,
        now: Tick,
        seen: &mut Seen,
    ) -> Option<Use> {
        loop {
            let bucket = self.by_hash.get(&hash)?;
            if seen.most == 0 {
                seen.most = bucket.len() + LATECOMERS;
            } else if seen.names.len() >= seen.most {
                return None;
            }
            let is_new = |other: &&Arc<Named>| !seen.has(other);
            let other = Arc::clone(bucket.iter().find(is_new)?);
            // Under the guard of the map, as taking over is, so that neither sees a state that the other is about to
            // change.
            let taken = other.partition.take(now);
            drop(bucket);
            if other.is(name) {
                return Some(taken);
            }
            seen.names.push(other);
        }
    }

    /// How many partitions have state of their own.
    pub(in crate::registry) fn len(&self) -> usize {
        let pool = self.pool();
        pool.made.len() - pool.free.len()
    }

    /// Every state, those that no partition has now included.
    pub(in crate::registry) fn all(&self) -> Vec<&'static PartitionState> {
        self.pool().made.iter().map(|owned| owned.partition).collect()
    }

    /// The state of every partition that has one now.
    pub(in crate::registry) fn occupied(&self) -> Vec<&'static PartitionState> {
        self.pool().made.iter().filter(|owned| owned.owner.is_some()).map(|owned| owned.partition).collect()
    }

    /// The state of the breakers of all partitions, if there are any and none lets a call pass.
    pub(in crate::registry) fn all_open(&self) -> Option<BreakerState> {
        let pool = self.pool();
        let mut states = pool
            .made
            .iter()
            .filter(|owned| owned.owner.is_some())
            .map(|owned| owned.partition.state.breaker.state());
        let is_open = |state: &BreakerState| matches!(state, BreakerState::Open | BreakerState::ForcedOpen);
        let first = states.next().filter(is_open)?;
        states.try_fold(first, |one, next| {
            is_open(&next).then_some(if one == next { one } else { BreakerState::Open })
        })
    }

    /// The label of the partition with that number, if it has one.
    pub(in crate::registry) fn label(&self, number: u32) -> Option<String> {
        self.pool().made.get(number as usize)?.label().map(str::to_owned)
    }

    /// Does what an operator wants to the partitions that are shown by that label, and to no others; nothing if there are
    /// none. Gives back what their breakers have done, to be told of.
    pub(in crate::registry) fn operate_one(
        &self,
        label: &str,
        breaker_override: BreakerOverride,
        now: Tick,
    ) -> Vec<(&'static PartitionState, Option<Transition>)> {
        let pool = self.pool();
        let of_it = pool.made.iter().filter(|owned| owned.owner.is_some() && owned.is_shown_by(label));
        of_it.map(|owned| (owned.partition, owned.partition.state.operate(breaker_override, now))).collect()
    }

    /// Applies an operator's override to the state of the calls without a partition and to that of each partition, future
    /// ones included. Two operators at once leave all of them alike. Returns one transition for an event: that of the
    /// former, if it has made one.
    pub(in crate::registry) fn operate(
        &self,
        whole: &PartitionState,
        breaker_override: BreakerOverride,
        now: Tick,
    ) -> Option<Transition> {
        let mut pool = self.pool();
        pool.breaker_override = breaker_override;
        let mut told = whole.state.operate(breaker_override, now);
        for owned in &pool.made {
            let transition = owned.partition.state.operate(breaker_override, now);
            told = told.or(transition);
        }
        told
    }

    /// Adapts all states to other settings. Returns the wakers to be woken.
    pub(in crate::registry) fn reshape(&self, old: &ServicePolicy, new: &ServicePolicy, now: Tick) -> Wakers {
        let mut woken = Wakers::none();
        for owned in &self.pool().made {
            woken.append(owned.partition.state.reshape(old, new, now));
        }
        woken
    }

    /// A state for a new partition.
    fn acquire(
        &self,
        policy: impl FnOnce() -> &'static ServicePolicy,
        now: Tick,
    ) -> Option<&'static PartitionState> {
        let mut pool = self.pool();
        // Under the lock: settings that are put in force from here on find the state that is made.
        let policy = policy();
        if let Some(partition) = pool.take_free(policy, now) {
            return Some(partition);
        }
        let chosen = pool.choose(policy, now)?;
        let partition = chosen.partition;
        let evicted = self.evict(&chosen)?;
        partition.state.forget(now);
        partition.state.apply_override(pool.breaker_override, now);
        let owner = pool.set_owner(partition, None);
        drop(pool);
        // Names are dropped outside of the lock. The state is free until they are gone.
        let spare = Spare { partitions: self, partition: Some(partition) };
        drop((owner, evicted, chosen));
        Some(spare.take())
    }

    /// Removes a partition from the map, unless it has come into use.
    fn evict(&self, chosen: &Arc<Named>) -> Option<Arc<Named>> {
        let mut bucket = self.by_hash.get_mut(&chosen.hash)?;
        let nth = bucket.iter().position(|named| Arc::ptr_eq(named, chosen))?;
        if chosen.partition.is_used() {
            return None;
        }
        let evicted = bucket.swap_remove(nth);
        let is_empty = bucket.is_empty();
        drop(bucket);
        if is_empty {
            self.by_hash.remove_if(&chosen.hash, |_, bucket| bucket.is_empty());
        }
        Some(evicted)
    }

    pub(super) fn pool(&self) -> MutexGuard<'_, Pool> {
        lock(&self.pool)
    }
}

/// A label as it is kept: no longer than names may be; `None` of an empty one.
fn shown_label(label: String) -> Option<Box<str>> {
    let mut label = label;
    label.truncate(label.floor_char_boundary(MAX_LABEL));
    (!label.is_empty()).then(|| label.into_boxed_str())
}

/// The names that were compared with the one that is looked for.
#[derive(Default)]
pub(super) struct Seen {
    names: Vec<Arc<Named>>,
    /// No more than so many are; 0 before the first.
    most: usize,
}

impl Seen {
    fn has(&self, name: &Arc<Named>) -> bool {
        self.names.iter().any(|known| Arc::ptr_eq(known, name))
    }
}

/// A state that no partition has yet. It goes back to the pool when this is dropped.
struct Spare<'a> {
    partitions: &'a Partitions,
    partition: Option<&'static PartitionState>,
}

impl Spare<'_> {
    fn get(&self) -> &'static PartitionState {
        self.partition.expect("it is there until it is taken")
    }

    fn take(mut self) -> &'static PartitionState {
        self.partition.take().expect("it is taken once")
    }
}

impl Drop for Spare<'_> {
    fn drop(&mut self) {
        if let Some(partition) = self.partition.take() {
            self.partitions.pool().free.push(partition);
        }
    }
}

impl std::fmt::Debug for Partitions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Partitions").field("len", &self.len()).finish_non_exhaustive()
    }
}
