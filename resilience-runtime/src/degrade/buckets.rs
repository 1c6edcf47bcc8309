//! A hash table for keys with user code. In: hashes and values. Out: the value whose key is equal. User code runs
//! outside of every lock: the hash is computed before, and keys are compared one at a time with the lock released.
//! Destructors run when the caller drops the values that it has removed.

use std::collections::HashMap;
use std::sync::Arc;

/// Values by hash, several per hash if hashes collide.
#[derive(Debug)]
pub(super) struct Buckets<V>(HashMap<u64, Vec<Arc<V>>>);

impl<V> Default for Buckets<V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<V> Buckets<V> {
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn push(&mut self, hash: u64, value: Arc<V>) {
        self.0.entry(hash).or_default().push(value);
    }

    /// Removes a value, if it is still there.
    pub(super) fn remove(&mut self, hash: u64, value: &Arc<V>) -> Option<Arc<V>> {
        let bucket = self.0.get_mut(&hash)?;
        let place = bucket.iter().position(|other| Arc::ptr_eq(other, value))?;
        let removed = bucket.swap_remove(place);
        if bucket.is_empty() {
            self.0.remove(&hash);
        }
        Some(removed)
    }

    fn count(&self, hash: u64) -> usize {
        self.0.get(&hash).map_or(0, Vec::len)
    }

    /// The newest value that is not among `seen`.
    fn unseen(&self, hash: u64, seen: &[Arc<V>]) -> Option<Arc<V>> {
        let bucket = self.0.get(&hash)?;
        bucket.iter().rev().find(|value| !seen.iter().any(|other| Arc::ptr_eq(value, other))).cloned()
    }
}

/// The data behind a lock, which contains buckets.
pub(super) trait HasBuckets<V> {
    fn buckets(&self) -> &Buckets<V>;
}

/// How many values that are added during a search are compared as well. It is limited, as key code that makes calls of
/// its own could add new ones for ever.
const LATECOMERS: usize = 16;

/// Finds the value that `is` accepts. If there is none, returns what `otherwise` makes of the locked data, while the
/// lock still guarantees that there is none. `lock` takes the lock; `is` runs outside of it.
pub(super) fn find_or<V, G, R>(
    lock: impl Fn() -> G,
    hash: u64,
    mut is: impl FnMut(&V) -> bool,
    otherwise: impl FnOnce(G) -> R,
) -> Result<Arc<V>, R>
where
    G: std::ops::Deref<Target: HasBuckets<V>>,
{
    // Values that are added meanwhile are compared as well, so at the end every value under the lock has been compared.
    // `seen` is dropped after the lock: by then it may hold the last references.
    let mut seen = Vec::new();
    let mut most = None;
    loop {
        let locked = lock();
        let most = *most.get_or_insert_with(|| locked.buckets().count(hash) + LATECOMERS);
        let next = if seen.len() < most { locked.buckets().unseen(hash, &seen) } else { None };
        let Some(next) = next else { return Err(otherwise(locked)) };
        drop(locked);
        if is(&next) {
            return Ok(next);
        }
        seen.push(next);
    }
}
