//! Decides whether a claim of a record in memory is granted, and that a key which comes again with another fingerprint is
//! refused; for Redis, `scripts/claim.lua` does. In: an operation and the time. Out: its answer, and what was removed on the way,
//! to be dropped once the lock is released. The records of one shard, under its lock.

use hashbrown::HashTable;

use super::entry::{Claimed, Entry, State};
use super::limits::PerShard;
use super::links::Links;
use super::order::Order;
use super::slab::Slab;
use crate::clock::Tick;
use crate::store::answers::{Completion, Holder, Release, Renewal};
use crate::store::record::{Fingerprint, Owner, RecordName, Token};

#[derive(Debug)]
pub(super) struct Shard<V> {
    index: HashTable<u32>,
    pub(super) entries: Slab<Entry<V>>,
    pub(super) finished: Order,
    /// Of the values of finished records.
    pub(super) bytes: u64,
    /// The last token.
    token: u64,
    /// Which place is looked at next.
    pub(super) hand: u32,
    pub(super) limits: PerShard,
}

/// What an operation removed, which is dropped after the lock: its destructor is foreign code.
#[derive(Debug)]
pub(super) struct Removed<V> {
    pub(super) values: Vec<V>,
    /// How many results were removed before their time, for want of room.
    pub(super) early: u64,
}

impl<V> Default for Removed<V> {
    fn default() -> Self {
        Self { values: Vec::new(), early: 0 }
    }
}

/// The record that an operation is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) name: RecordName,
    pub(super) hash: u64,
}

impl<V: Clone> Shard<V> {
    pub(super) const fn new(limits: PerShard) -> Self {
        Self {
            index: HashTable::new(),
            entries: Slab::new(),
            finished: Order::new(),
            bytes: 0,
            token: 0,
            hand: 0,
            limits,
        }
    }

    pub(super) fn claim(
        &mut self,
        key: Key,
        (owner, fingerprint): (Owner, Fingerprint),
        (now, until): (Tick, Tick),
        hash: impl Fn(&RecordName) -> u64,
        removed: &mut Removed<V>,
    ) -> Claimed<V> {
        let Some(place) = self.find(key, now, removed) else {
            self.sweep(now, &hash, removed);
            self.token += 1;
            let token = Token::new(self.token);
            let state = State::Running;
            self.insert(
                key,
                Entry { name: key.name, owner, fingerprint, until, token, state, links: Links::NONE },
                hash,
            );
            return Claimed::Granted(token);
        };
        let Some(entry) = self.entries.get_mut(place) else { return Claimed::Mismatch };
        if entry.fingerprint != fingerprint {
            return Claimed::Mismatch;
        }
        match &entry.state {
            State::Done { value, .. } => {
                let value = value.clone();
                self.finished.touch(place, &mut self.entries);
                Claimed::Done(value)
            }
            State::Running if entry.owner == owner => {
                entry.until = until;
                Claimed::Granted(entry.token)
            }
            State::Running => Claimed::Running { until: entry.until },
        }
    }

    /// A finished record, as a claim would find it: with the fingerprint that the claim has to have.
    pub(super) fn done(
        &mut self,
        key: Key,
        now: Tick,
        removed: &mut Removed<V>,
    ) -> Option<(Fingerprint, Option<V>)> {
        let place = self.find(key, now, removed)?;
        let entry = self.entries.get(place)?;
        let State::Done { value, .. } = &entry.state else { return None };
        let found = (entry.fingerprint, value.clone());
        self.finished.touch(place, &mut self.entries);
        Some(found)
    }

    pub(super) fn renew(
        &mut self,
        key: Key,
        owner: Owner,
        (now, until): (Tick, Tick),
        removed: &mut Removed<V>,
    ) -> Renewal {
        let Some(entry) = self.find(key, now, removed).and_then(|place| self.entries.get_mut(place)) else {
            return Renewal::Gone;
        };
        if entry.owner != owner {
            return Renewal::Lost;
        }
        if entry.is_done() {
            return Renewal::Done;
        }
        entry.until = until;
        Renewal::Extended
    }

    pub(super) fn complete(
        &mut self,
        key: Key,
        (owner, fingerprint): (Owner, Fingerprint),
        (now, until): (Tick, Tick),
        (value, bytes): (Option<V>, u32),
        hash: impl Fn(&RecordName) -> u64,
        removed: &mut Removed<V>,
    ) -> Completion {
        // It would push out all others, and then itself.
        let fits = u64::from(bytes) <= self.limits.bytes;
        let (value, bytes) = if fits { (value, bytes) } else { (removed.keep(value), 0) };
        let state = State::Done { value, bytes };
        let (place, answer) = if let Some(place) = self.find(key, now, removed) {
            let Some(entry) = self.entries.get_mut(place) else { return Completion::Repeated };
            let refused = match (entry.owner == owner, entry.is_done()) {
                (false, true) => Some(Completion::LostTo(Holder::Done)),
                (false, false) => Some(Completion::LostTo(Holder::Running)),
                (true, true) => Some(Completion::Repeated),
                (true, false) => None,
            };
            if let Some(refused) = refused {
                removed.state(state);
                return refused;
            }
            (entry.fingerprint, entry.until, entry.state) = (fingerprint, until, state);
            (place, Completion::Stored)
        } else {
            self.token += 1;
            let token = Token::new(self.token);
            let entry = Entry { name: key.name, owner, fingerprint, until, token, state, links: Links::NONE };
            (self.insert(key, entry, &hash), Completion::Kept)
        };
        self.bytes += u64::from(bytes);
        self.finished.push(place, &mut self.entries);
        self.evict(now, &hash, removed);
        answer
    }

    pub(super) fn release(&mut self, key: Key, owner: Owner, now: Tick, removed: &mut Removed<V>) -> Release {
        let Some(place) = self.find(key, now, removed) else { return Release::NotHeld };
        let is_held = self.entries.get(place).is_some_and(|entry| entry.owner == owner && !entry.is_done());
        if !is_held {
            return Release::NotHeld;
        }
        self.remove(place, key.hash, removed);
        Release::Freed
    }

    /// Whether there is such a record, running or done.
    pub(super) fn has(&mut self, key: Key, now: Tick, removed: &mut Removed<V>) -> bool {
        self.find(key, now, removed).is_some()
    }

    /// How many results it keeps, how many leases, and how many bytes of values.
    pub(super) fn readings(&self) -> (usize, usize, u64) {
        let results = self.finished.len();
        (results, self.index.len().saturating_sub(results), self.bytes)
    }

    /// The place of a record whose time is not over; one whose time is over is removed.
    fn find(&mut self, key: Key, now: Tick, removed: &mut Removed<V>) -> Option<u32> {
        let entries = &self.entries;
        let is_it = |place: &u32| entries.get(*place).is_some_and(|entry| entry.name == key.name);
        let place = *self.index.find(key.hash, is_it)?;
        if self.entries.get(place)?.is_over(now) {
            self.remove(place, key.hash, removed);
            return None;
        }
        Some(place)
    }

    fn insert(&mut self, key: Key, entry: Entry<V>, hash: impl Fn(&RecordName) -> u64) -> u32 {
        let place = self.entries.insert(entry);
        let entries = &self.entries;
        let hash_of = |place: &u32| entries.get(*place).map_or(0, |entry| hash(&entry.name));
        self.index.insert_unique(key.hash, place, hash_of);
        place
    }

    pub(super) fn remove(&mut self, place: u32, hash: u64, removed: &mut Removed<V>) {
        if let Ok(found) = self.index.find_entry(hash, |other| *other == place) {
            found.remove();
        }
        if self.entries.get(place).is_some_and(Entry::is_done) {
            self.finished.remove(place, &mut self.entries);
        }
        let Some(entry) = self.entries.remove(place) else { return };
        if let State::Done { bytes, .. } = &entry.state {
            self.bytes -= u64::from(*bytes);
        }
        removed.state(entry.state);
    }
}

impl<V> Removed<V> {
    fn state(&mut self, state: State<V>) {
        if let State::Done { value, .. } = state {
            self.values.extend(value);
        }
    }

    /// Takes a value that is not to be stored.
    fn keep(&mut self, value: Option<V>) -> Option<V> {
        self.values.extend(value);
        None
    }
}
