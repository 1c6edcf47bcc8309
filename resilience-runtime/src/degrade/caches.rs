//! Finds the response cache of a call site for the types of key and answer: a generic annotated function has one site and many
//! types. In: the types. Out: the cache for them.

use std::any::{Any, TypeId};
use std::fmt;
use std::hash::Hash;
use std::sync::Mutex;

use super::cache::ResponseCache;
use crate::sync::lock;

/// All caches of a site, one per instance of the function. They are never freed, so that calls can hold them without a
/// reference count.
#[derive(Default)]
pub(crate) struct Caches {
    made: boxcar::Vec<(TypeId, &'static (dyn Any + Send + Sync))>,
    /// Ensures that no cache is created twice.
    making: Mutex<()>,
}

impl Caches {
    /// The cache for these types, created on first use.
    pub(crate) fn of<K, T>(&self, capacity: u32) -> &'static ResponseCache<K, T>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        T: Send + Sync + 'static,
    {
        self.find().unwrap_or_else(|| {
            let _making = lock(&self.making);
            self.find().unwrap_or_else(|| {
                let cache: &'static _ = Box::leak(Box::new(ResponseCache::new(capacity)));
                self.made.push((TypeId::of::<ResponseCache<K, T>>(), cache));
                cache
            })
        })
    }

    fn find<C: 'static>(&self) -> Option<&'static C> {
        let of_type = TypeId::of::<C>();
        let (_, cache) = self.made.iter().map(|(_, made)| made).find(|made| made.0 == of_type)?;
        cache.downcast_ref()
    }
}

impl fmt::Debug for Caches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caches").field("made", &self.made.count()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pair_of_types_has_one_cache() {
        let caches = Caches::default();
        let of_u8 = caches.of::<u8, String>(1);
        assert!(std::ptr::eq(of_u8, caches.of::<u8, String>(1)));
        assert!(!std::ptr::addr_eq(of_u8, caches.of::<u16, String>(1)));
        assert_eq!(caches.made.count(), 2);
    }
}
