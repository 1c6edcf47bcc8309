//! Counts the failures of a service by sort. In: failures, one by one. Out: how often each sort of them occurred. A sort is a
//! variant or a type with a status, never a text: texts hold secrets, and there is no end of them.
//!
//! Every failed attempt comes here, so that a sort which is known already costs a look at its slot and an add, without a
//! lock. The slots are those of the service and not of threads: failures write to state that threads share anyway.

use std::time::Duration;

use resilience_settings::sorted::sort;

use crate::clock::{Tick, nanos};
use crate::monitor::outcome::{AttemptOutcome, Series as _};
use crate::monitor::snapshot::ErrorPattern;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard, OnceBox, lock};

/// So many sorts are told apart.
const SLOTS: usize = 64;
/// A slot is free after so long without an occurrence.
const KEPT: Duration = Duration::from_mins(10);
const KEPT_NANOS: u64 = nanos(KEPT);
/// What has no slot.
const OTHER: &str = "other";

/// What failures of a sort have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PatternKey {
    /// The variant or the type of the error.
    pub(crate) what: &'static str,
    /// The status that it carries.
    pub(crate) status: Option<u16>,
}

impl PatternKey {
    /// A number for it; never 0, which is that of a slot without one. The address stands for the text: one text may have
    /// several addresses, and then has several slots, which are read as one.
    #[inline]
    fn hash(self) -> u64 {
        (self.what.as_ptr().addr() as u64) << u16::BITS | u64::from(self.status.unwrap_or(0))
    }
}

/// Where to look first for a hash.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "6 bits")]
fn home(hash: u64) -> usize {
    // Fibonacci hashing: the upper bits depend on all others.
    (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - SLOTS.ilog2())) as usize
}

/// What a service has seen of one sort.
#[derive(Debug, Default)]
struct Slot {
    hash: AtomicU64,
    /// Until when it is kept, if nothing more comes.
    until: AtomicU64,
    /// The place of the outcome of the last among all outcomes.
    outcome: AtomicU64,
    attempts: AtomicU64,
    calls: AtomicU64,
}

impl Slot {
    #[inline]
    fn is_kept(&self, now: Tick) -> bool {
        now.0 < self.until.load(Ordering::Relaxed)
    }

    #[inline]
    fn hit(&self, outcome: AttemptOutcome, now: Tick, ends_call: bool) {
        self.until.store(now.0.wrapping_add(KEPT_NANOS), Ordering::Relaxed);
        self.outcome.store(outcome.place() as u64, Ordering::Relaxed);
        self.attempts.fetch_add(1, Ordering::Relaxed);
        if ends_call {
            self.calls.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Begins anew, for that hash.
    fn begin(&self, hash: u64, now: Tick) {
        self.attempts.store(0, Ordering::Relaxed);
        self.calls.store(0, Ordering::Relaxed);
        self.until.store(now.0.wrapping_add(KEPT_NANOS), Ordering::Relaxed);
        self.hash.store(hash, Ordering::Relaxed);
    }

    fn read(&self, PatternKey { what, status }: PatternKey, now: Tick, now_ms: u64) -> ErrorPattern {
        let last = Tick(self.until.load(Ordering::Relaxed).wrapping_sub(KEPT_NANOS));
        let ago = u64::try_from(now.since(last).as_millis()).unwrap_or(u64::MAX);
        let outcome = usize::try_from(self.outcome.load(Ordering::Relaxed)).ok();
        ErrorPattern {
            what: what.to_owned(),
            status,
            outcome: outcome
                .and_then(|place| AttemptOutcome::ALL.get(place))
                .map_or("", |outcome| outcome.name()),
            count: self.calls.load(Ordering::Relaxed),
            attempts: self.attempts.load(Ordering::Relaxed),
            last_at_ms: now_ms.saturating_sub(ago),
        }
    }
}

/// The sorts of failures of one service. Made by the first of them: most services have none.
#[derive(Debug, Default)]
pub(crate) struct ErrorPatterns(OnceBox<Table>);

#[derive(Debug)]
struct Table {
    slots: [Slot; SLOTS],
    other: Slot,
    /// Until when there is surely no slot to be had, so that sorts without end do not look for one each time.
    full_until: AtomicU64,
    /// Whose the slots are. Whoever gives a slot to another sort holds the lock. A failure that finds its slot while that is
    /// being given away, after ten minutes without one, may be counted for the newcomer.
    owners: Mutex<[Option<PatternKey>; SLOTS]>,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            slots: std::array::from_fn(|_| Slot::default()),
            other: Slot::default(),
            full_until: AtomicU64::new(0),
            owners: Mutex::new([None; SLOTS]),
        }
    }
}

impl ErrorPatterns {
    /// Counts a failed attempt, and whether it has ended its call.
    #[expect(
        clippy::inline_always,
        reason = "a part of each failed attempt, which costs as much as a call does"
    )]
    #[inline(always)]
    pub(crate) fn hit(&self, key: PatternKey, outcome: AttemptOutcome, now: Tick, ends_call: bool) {
        let hash = key.hash();
        match self.0.get().map(|table| &table.slots[home(hash)]) {
            Some(slot) if slot.hash.load(Ordering::Relaxed) == hash && slot.is_kept(now) => {
                slot.hit(outcome, now, ends_call);
            }
            _ => self.hit_elsewhere(key, outcome, now, ends_call),
        }
    }

    #[cold]
    #[inline(never)]
    fn hit_elsewhere(&self, key: PatternKey, outcome: AttemptOutcome, now: Tick, ends_call: bool) {
        self.0.get_or_init(Box::default).slot(key, now).hit(outcome, now, ends_call);
    }

    /// What has occurred, the most frequent first; what had no slot is last.
    pub(crate) fn read(&self, now: Tick, now_ms: u64) -> Vec<ErrorPattern> {
        let Some(table) = self.0.get() else { return Vec::new() };
        let owners = *table.owners();
        let mut patterns: Vec<ErrorPattern> = Vec::new();
        for (slot, owner) in table.slots.iter().zip(owners) {
            let Some(sort) = owner.filter(|_| slot.is_kept(now)) else { continue };
            let new = slot.read(sort, now, now_ms);
            match patterns.iter_mut().find(|old| old.what == new.what && old.status == new.status) {
                Some(old) => merge(old, new),
                None => patterns.push(new),
            }
        }
        sort(&mut patterns, |a, b| b.attempts.cmp(&a.attempts).then_with(|| a.what.cmp(&b.what)));
        if table.other.is_kept(now) {
            patterns.push(table.other.read(PatternKey { what: OTHER, status: None }, now, now_ms));
        }
        patterns
    }
}

/// The same sort under two addresses of its name.
fn merge(old: &mut ErrorPattern, new: ErrorPattern) {
    let (count, attempts) = (old.count + new.count, old.attempts + new.attempts);
    if new.last_at_ms > old.last_at_ms {
        *old = new;
    }
    (old.count, old.attempts) = (count, attempts);
}

impl Table {
    /// The slot of a sort: its own, a new one, or that of all others.
    fn slot(&self, key: PatternKey, now: Tick) -> &Slot {
        let hash = key.hash();
        let places = || (0..SLOTS).map(|step| (home(hash) + step) % SLOTS);
        let is_own = |place: &usize| self.slots[*place].hash.load(Ordering::Relaxed) == hash;
        if let Some(own) = places().find(is_own)
            && self.slots[own].is_kept(now)
        {
            return &self.slots[own];
        }
        if now.0 < self.full_until.load(Ordering::Relaxed) {
            return self.others(now);
        }
        let mut owners = self.owners();
        // Others may have been here meanwhile.
        let is_free = |place: &usize| owners[*place].is_none() || !self.slots[*place].is_kept(now);
        let Some(place) = places().find(is_own).or_else(|| places().find(is_free)) else {
            let first = self.slots.iter().map(|slot| slot.until.load(Ordering::Relaxed)).min();
            self.full_until.store(first.unwrap_or(0), Ordering::Relaxed);
            drop(owners);
            return self.others(now);
        };
        let slot = &self.slots[place];
        if owners[place].is_none() || !slot.is_kept(now) {
            owners[place] = Some(key);
            slot.begin(hash, now);
        }
        slot
    }

    fn others(&self, now: Tick) -> &Slot {
        if !self.other.is_kept(now) {
            self.other.begin(0, now);
        }
        &self.other
    }

    fn owners(&self) -> MutexGuard<'_, [Option<PatternKey>; SLOTS]> {
        lock(&self.owners)
    }
}

#[cfg(test)]
mod tests;
