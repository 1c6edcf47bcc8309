//! Finds the shard of a record and locks it for an operation; `shard` decides on the answer. In: an operation and the time. Out:
//! its answer; whoever waits for the record is woken. Values are dropped, and tasks woken, after the lock of the shard is released:
//! both are foreign code.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::entry::Claimed;
use super::limits::MemoryLimits;
use super::line::Line;
use super::shard::{Key, Removed, Shard};
use crate::clock::Tick;
use crate::store::answers::{Completion, Release, Renewal};
use crate::store::record::{Fingerprint, Owner, RecordName};
use crate::sync::lock;
use crate::wakers::{Wakers, shielded};

/// The records of a memory store, whose values are `V`: cheap to clone, as that is done under a lock.
pub(crate) struct Records<V> {
    shards: Box<[Mutex<Guarded<V>>]>,
    /// Names are hashes already, but of keys that an attacker may choose.
    seed: u64,
    early: AtomicU64,
}

pub(super) struct Guarded<V> {
    pub(super) shard: Shard<V>,
    pub(super) line: Line,
}

/// What a memory store has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Readings {
    pub(crate) results: usize,
    pub(crate) leases: usize,
    pub(crate) bytes: u64,
    /// How many results were removed before their time, for want of room.
    pub(crate) early: u64,
}

impl<V: Clone> Records<V> {
    pub(crate) fn new(limits: MemoryLimits) -> Self {
        let shard = || Mutex::new(Guarded { shard: Shard::new(limits.per_shard()), line: Line::new() });
        Self {
            shards: (0..limits.shards()).map(|_| shard()).collect(),
            seed: RandomState::new().hash_one(0),
            early: AtomicU64::new(0),
        }
    }

    pub(crate) fn claim(
        &self,
        name: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        lease: Duration,
        now: Tick,
    ) -> Claimed<V> {
        let times = (now, now.plus(lease));
        self.within(name, |guarded, key, removed| {
            let hash = |name: &RecordName| hash(self.seed, name);
            guarded.shard.claim(key, (owner, fingerprint), times, hash, removed)
        })
    }

    /// A finished record, as a claim would find it, and its fingerprint.
    pub(crate) fn done(&self, name: RecordName, now: Tick) -> Option<(Fingerprint, Option<V>)> {
        self.within(name, |guarded, key, removed| guarded.shard.done(key, now, removed))
    }

    pub(crate) fn renew(&self, name: RecordName, owner: Owner, lease: Duration, now: Tick) -> Renewal {
        let times = (now, now.plus(lease));
        self.within(name, |guarded, key, removed| guarded.shard.renew(key, owner, times, removed))
    }

    /// `bytes` is what the value counts for.
    pub(crate) fn complete(
        &self,
        name: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        ttl: Duration,
        value: (Option<V>, u32),
        now: Tick,
    ) -> Completion {
        let times = (now, now.plus(ttl));
        let mut wakers = Wakers::none();
        let answer = self.within(name, |guarded, key, removed| {
            let hash = |name: &RecordName| hash(self.seed, name);
            let answer = guarded.shard.complete(key, (owner, fingerprint), times, value, hash, removed);
            wakers = guarded.line.call_all(&name);
            answer
        });
        wakers.wake();
        answer
    }

    pub(crate) fn release(&self, name: RecordName, owner: Owner, now: Tick) -> Release {
        let mut wakers = Wakers::none();
        let answer = self.within(name, |guarded, key, removed| {
            let answer = guarded.shard.release(key, owner, now, removed);
            if answer == Release::Freed {
                wakers = guarded.line.call_next(&name, Some(now));
            }
            answer
        });
        wakers.wake();
        answer
    }

    /// Lets a lease run out after that time; whoever waits for it is told, and waits for that.
    pub(crate) fn leave(&self, name: RecordName, owner: Owner, rest: Duration, now: Tick) {
        let times = (now, now.plus(rest));
        let mut wakers = Wakers::none();
        self.within(name, |guarded, key, removed| {
            if guarded.shard.renew(key, owner, times, removed) == Renewal::Extended {
                wakers = guarded.line.call_all(&name);
            }
        });
        wakers.wake();
    }

    pub(crate) fn readings(&self) -> Readings {
        let mut readings = Readings { early: self.early.load(Ordering::Relaxed), ..Readings::default() };
        for shard in &self.shards {
            let (results, leases, bytes) = lock(shard).shard.readings();
            readings.results += results;
            readings.leases += leases;
            readings.bytes += bytes;
        }
        readings
    }

    /// How many results were removed before their time.
    pub(crate) fn early(&self) -> u64 {
        self.early.load(Ordering::Relaxed)
    }

    pub(super) fn within<R>(
        &self,
        name: RecordName,
        run: impl FnOnce(&mut Guarded<V>, Key, &mut Removed<V>) -> R,
    ) -> R {
        let key = Key { name, hash: hash(self.seed, &name) };
        let mut removed = Removed::default();
        let answer = {
            let mut guarded = lock(self.shard(&name));
            run(&mut guarded, key, &mut removed)
        };
        if removed.early > 0 {
            self.early.fetch_add(removed.early, Ordering::Relaxed);
        }
        for value in removed.values {
            shielded(|| drop(value));
        }
        answer
    }
}

impl<V> Records<V> {
    pub(super) fn shard(&self, name: &RecordName) -> &Mutex<Guarded<V>> {
        // Other bits than those that the table goes by.
        &self.shards[usize::from(name.as_bytes()[31]) & (self.shards.len() - 1)]
    }
}

fn hash(seed: u64, name: &RecordName) -> u64 {
    let first = name.as_bytes().first_chunk().copied().map_or(0, u64::from_le_bytes);
    let mixed = u128::from(first ^ seed) * 0x9e37_79b9_7f4a_7c15;
    #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
    let folded = mixed as u64 ^ (mixed >> 64) as u64;
    folded
}

impl<V> fmt::Debug for Records<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("shards", &self.shards.len()).finish_non_exhaustive()
    }
}
