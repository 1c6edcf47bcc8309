//! Decides which record the memory store evicts: the finished result that was unused for longest. In: the records of a shard, and
//! the time. Out: the same within the limits, without records whose time is over.

use super::shard::{Removed, Shard};
use crate::clock::Tick;
use crate::store::record::RecordName;

/// How many places a claim looks at beside its own for records whose time is over. With two, whatever is over is gone
/// before the shard has grown by half; nothing else finds a lease that ran out and is never asked for again.
const LOOKS: u32 = 2;

impl<V: Clone> Shard<V> {
    /// Makes room for the result that was stored last.
    pub(super) fn evict(&mut self, now: Tick, hash: impl Fn(&RecordName) -> u64, removed: &mut Removed<V>) {
        while self.finished.len() > self.limits.results || self.bytes > self.limits.bytes {
            let Some(place) = self.finished.first() else { return };
            let Some(entry) = self.entries.get(place) else { return };
            removed.early += u64::from(!entry.is_over(now));
            let hash = hash(&entry.name);
            self.remove(place, hash, removed);
        }
    }

    /// Removes what is over, a few places on.
    pub(super) fn sweep(&mut self, now: Tick, hash: impl Fn(&RecordName) -> u64, removed: &mut Removed<V>) {
        for _ in 0..LOOKS {
            self.hand = if self.hand + 1 < self.entries.places() { self.hand + 1 } else { 0 };
            let over = self.entries.get(self.hand).filter(|entry| entry.is_over(now));
            if let Some(hash) = over.map(|entry| hash(&entry.name)) {
                self.remove(self.hand, hash, removed);
            }
        }
    }
}
