//! State of their own for the partitions of a service: tenants, hosts, shards.
//!
//! A bounded number of places is made as they are needed and kept for ever, so that a call holds a plain reference
//! to its state. A new partition that finds no place takes over one that nobody uses: of a healthy partition
//! first, the longest unused first. When all are in use, it shares the state of the whole service.

use std::any::Any;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use dashmap::DashMap;

use super::live::Live;
use super::service::Service;
use crate::clock::Tick;
use crate::policy::ServicePolicy;
use crate::wakers::Wakers;

/// A value that names a partition, whatever its type.
trait Name: Any + Send + Sync {
    fn as_any(&self) -> &dyn Any;
    fn is(&self, other: &dyn Name) -> bool;
    fn feed(&self, hasher: &mut dyn Hasher);
    fn boxed(&self) -> Box<dyn Name>;
}

impl<K: Hash + Eq + Clone + Send + Sync + 'static> Name for K {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn is(&self, other: &dyn Name) -> bool {
        other.as_any().downcast_ref::<K>().is_some_and(|other| other == self)
    }

    fn feed(&self, mut hasher: &mut dyn Hasher) {
        std::any::TypeId::of::<K>().hash(&mut hasher);
        self.hash(&mut hasher);
    }

    fn boxed(&self) -> Box<dyn Name> {
        Box::new(self.clone())
    }
}

impl PartialEq for dyn Name {
    fn eq(&self, other: &Self) -> bool {
        self.is(other)
    }
}

impl Eq for dyn Name {}

impl Hash for dyn Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.feed(state);
    }
}

/// The state of one partition, or of a whole service, and who uses it.
#[derive(Debug)]
pub(crate) struct Place {
    pub(super) live: Live,
    /// Calls that cannot lose it to another partition; not counted for the place of a whole service.
    users: AtomicU32,
    used_at: AtomicU64,
}

/// The partitions of one service.
#[derive(Default)]
pub(super) struct Partitions {
    places: DashMap<Box<dyn Name>, &'static Place>,
    pool: Mutex<Pool>,
}

#[derive(Default)]
struct Pool {
    made: Vec<&'static Place>,
    free: Vec<&'static Place>,
}

impl Partitions {
    /// The state of a partition, in use from now on; `None` when there is none to be had.
    pub(super) fn lease<K>(&self, service: &'static Service, name: &K, now: Tick) -> Option<&'static Place>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
    {
        let name: &dyn Name = name;
        if let Some(place) = self.places.get(name) {
            // Under the guard of the map, as taking over is: it never sees a place between the two.
            return Some(place.take(now));
        }
        // Copied first: that is code of the user's, which may panic.
        let owned = name.boxed();
        let place = self.place(service.policy(), now)?;
        let mut is_known = true;
        let entry = self.places.entry(owned).or_insert_with(|| {
            is_known = false;
            place
        });
        let lease = entry.take(now);
        drop(entry);
        if is_known {
            self.pool().free.push(place);
        }
        Some(lease)
    }

    /// How many partitions have state of their own. Never more than there are places: the parts of the map are counted
    /// one after another, and one that moves meanwhile would count twice.
    pub(super) fn len(&self) -> usize {
        self.places.len().min(self.pool().made.len())
    }

    /// Goes on under other settings, everywhere; gives back who is to be woken for it.
    pub(super) fn reshape(&self, old: &ServicePolicy, new: &ServicePolicy, now: Tick) -> Wakers {
        let mut woken = Wakers::none();
        for place in &self.pool().made {
            woken.append(place.live.reshape(old, new, now));
        }
        woken
    }

    /// A place for a new partition.
    fn place(&self, policy: &ServicePolicy, now: Tick) -> Option<&'static Place> {
        let mut pool = self.pool();
        if let Some(place) = pool.free.pop() {
            return Some(place);
        }
        if pool.made.len() < policy.max_partitions as usize {
            let place: &'static Place = Box::leak(Box::new(Place::new(now)));
            pool.made.push(place);
            return Some(place);
        }
        let evicted = self.free_some(&mut pool, policy, now);
        let place = pool.free.pop();
        drop(pool);
        // Values of the user's, dropped outside of the lock.
        drop(evicted);
        place
    }

    /// Frees a share of the places at once, so that the look at all of them is not needed for each newcomer.
    fn free_some(&self, pool: &mut Pool, policy: &ServicePolicy, now: Tick) -> Vec<Box<dyn Name>> {
        let mut idle: Vec<_> = self
            .places
            .iter()
            .filter(|entry| entry.users.load(Ordering::Acquire) == 0)
            .map(|entry| {
                let is_ill = !entry.live.is_healthy(policy, now);
                (is_ill, entry.used_at.load(Ordering::Relaxed), (*entry.key()).boxed())
            })
            .collect();
        idle.sort_by_key(|(is_ill, used_at, _)| (*is_ill, *used_at));
        let healthy = idle.iter().filter(|(is_ill, ..)| !is_ill).count();
        let wanted = (policy.max_partitions as usize / 16).max(1).min(healthy.max(1));
        let mut evicted = Vec::new();
        for (.., name) in idle.into_iter().take(wanted) {
            let unused = self.places.remove_if(&*name, |_, place| place.users.load(Ordering::Acquire) == 0);
            if let Some((owned, place)) = unused {
                evicted.push(owned);
                place.live.forget(now);
                pool.free.push(place);
            }
            evicted.push(name);
        }
        evicted
    }

    fn pool(&self) -> std::sync::MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    pub(super) fn new(now: Tick) -> Self {
        Self { live: Live::new(now), users: AtomicU32::new(0), used_at: AtomicU64::new(now.0) }
    }

    /// Uses it, until it is [left](Self::leave); it cannot be taken over meanwhile.
    fn take(&'static self, now: Tick) -> &'static Self {
        self.users.fetch_add(1, Ordering::Relaxed);
        self.used_at.store(now.0, Ordering::Relaxed);
        self
    }

    /// Ends a use.
    pub(crate) fn leave(&self) {
        self.users.fetch_sub(1, Ordering::Release);
    }
}

impl std::fmt::Debug for Partitions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Partitions").field("len", &self.len()).finish_non_exhaustive()
    }
}
