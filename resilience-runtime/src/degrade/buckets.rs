//! Values by the hash of a key that is the user's. The user's code runs outside of every lock: the hash is made before,
//! and keys are compared, one value at a time, with the lock let go. Its destructors run where the caller lets go of what
//! it has taken out.

use std::collections::HashMap;
use std::sync::Arc;

/// Values, several where hashes collide.
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

    /// Takes a value out, if it is still in.
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

    /// The newest that is not among those.
    fn unseen(&self, hash: u64, seen: &[Arc<V>]) -> Option<Arc<V>> {
        let bucket = self.0.get(&hash)?;
        bucket.iter().rev().find(|value| !seen.iter().any(|other| Arc::ptr_eq(value, other))).cloned()
    }
}

/// What lies behind a lock together with its buckets.
pub(super) trait HasBuckets<V> {
    fn buckets(&self) -> &Buckets<V>;
}

/// How many that come while a value is looked for are compared as well. Code of a key that makes calls of its own could
/// bring new ones for ever.
const LATECOMERS: usize = 16;

/// Looks for a value: it, or what `otherwise` makes under the lock, under which there is none. `lock` takes the lock; `is`
/// compares, outside of it.
pub(super) fn find_or<V, G, R>(
    lock: impl Fn() -> G,
    hash: u64,
    mut is: impl FnMut(&V) -> bool,
    otherwise: impl FnOnce(G) -> R,
) -> Result<Arc<V>, R>
where
    G: std::ops::Deref<Target: HasBuckets<V>>,
{
    // What comes meanwhile is compared as well, so at the end nothing under the lock is unknown. They go after the lock:
    // by then this may be the last to hold them.
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
