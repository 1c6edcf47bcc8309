//! Keeps and compares the names of partitions. In: a value of the user's, of any type. Out: a copy that can be compared with
//! others. The code of such values may panic, block, or make calls of its own, so it never runs under a lock.

use std::any::{Any, TypeId};
use std::hash::{BuildHasher, Hash};

use super::partition_state::PartitionState;

/// A value that names a partition.
pub(super) trait Name: Any + Send + Sync {
    fn as_any(&self) -> &dyn Any;
}

impl<K: Any + Send + Sync> Name for K {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A partition that has a state.
pub(super) struct Named {
    pub(super) hash: u64,
    pub(super) partition: &'static PartitionState,
    /// What operators see of it, if its site says that.
    pub(super) label: Option<Box<str>>,
    name: Box<dyn Name>,
}

impl Named {
    pub(super) fn new<K: Clone + Send + Sync + 'static>(
        hash: u64,
        partition: &'static PartitionState,
        name: K,
        label: Option<Box<str>>,
    ) -> Self {
        Self { hash, partition, label, name: Box::new(name) }
    }

    /// Whether it has that name. Values of different types are different names.
    pub(super) fn is<K: Eq + 'static>(&self, name: &K) -> bool {
        // Of the value and not of its box, which has a name of its own.
        (*self.name).as_any().downcast_ref::<K>().is_some_and(|own| own == name)
    }
}

/// The hash of a name.
pub(super) fn hash_of<K: Hash + 'static>(hasher: &impl BuildHasher, name: &K) -> u64 {
    hasher.hash_one((TypeId::of::<K>(), name))
}
