//! Counts events in a sliding window, and adds up what all threads have counted in it, for breaker and throttle. In: events of a
//! few kinds with their time. Out: how many of each kind the last window holds, exact to a tenth of its length. Counting is an add
//! in the [`Tally`] of the current thread, without a lock or a shared cache line.
//!
//! The tag of a count says which slice, generation, slice length and era (number of length changes) it belongs to.
//!
//! A thread that was stopped between admission and recording may still write for an earlier generation. In a part of
//! its own, that replaces nothing newer; in the part that threads without one of their own share, it can replace a few
//! counts of the new generation, as if they had come before it began.

use crate::clock::Tick;
use crate::counting::shard::{Own, Parts, Writer};
use crate::counting::slices::{FULL_SLICES, Slices};
use crate::counting::tally::{Stamp, Tally};
use crate::counting::window_key::WindowKey;
use crate::sync::atomic::{AtomicU32, Ordering};
use crate::sync::{Mutex, lock};

/// The state of a window that all threads share; the owner of the window stores the per-thread parts. The length is
/// passed in with each use, as it may change at any time.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct SliceWindow<const KINDS: usize> {
    /// How often the length has changed. Without it, a return to an earlier length would count what is still stored for
    /// it, and once more what was carried over. It is the first field because each event reads it right after the
    /// breaker's word.
    era: AtomicU32,
    /// What was counted in slices of another length.
    seed: Mutex<Option<Seed<KINDS>>>,
}

/// Counts from before a change of length, taken as evenly spread over `span`.
#[derive(Clone, Copy, Debug)]
struct Seed<const KINDS: usize> {
    counts: [u64; KINDS],
    key: WindowKey,
    at: Tick,
    span: u64,
}

impl<const KINDS: usize> SliceWindow<KINDS> {
    /// The tag of the current slice, which changes whenever a slice, a generation or an era begins.
    pub(crate) fn tag(&self, key: WindowKey, now: Tick) -> u32 {
        self.stamp(key).tag(key.slices.number(now))
    }

    /// Counts an event of a kind, below `KINDS`, in the part of the current thread.
    #[inline]
    pub(crate) fn record(&self, own: &Tally<KINDS>, kind: usize, key: WindowKey, now: Tick, by: impl Writer) {
        own.count(kind, self.stamp(key), now, by);
    }

    /// As [`record`](Self::record), if the thread's current slice is still the one it last counted in; else counts
    /// nothing and returns `false`.
    #[inline]
    pub(crate) fn record_on(
        &self,
        own: &Tally<KINDS>,
        kind: usize,
        key: WindowKey,
        now: Tick,
        by: Own,
    ) -> bool {
        own.count_on(kind, self.stamp(key), now, by)
    }

    #[inline]
    fn stamp(&self, key: WindowKey) -> Stamp {
        Stamp { key, era: self.era.load(Ordering::Relaxed) }
    }

    /// The events of a generation in the window that ends now.
    pub(crate) fn counts(&self, all: &impl Parts<Tally<KINDS>>, key: WindowKey, now: Tick) -> [u64; KINDS] {
        self.newest(all, key, now, key.slices.window())
    }

    /// The events of the last `reach` nanoseconds, in whole slices.
    fn newest(&self, all: &impl Parts<Tally<KINDS>>, key: WindowKey, now: Tick, reach: u64) -> [u64; KINDS] {
        let seed = *lock(&self.seed);
        let seeded = match seed {
            Some(seed) if seed.key == key => seed.within(reach, now),
            _ => [0; KINDS],
        };
        let before = (reach / key.slices.length()).clamp(1, FULL_SLICES);
        self.newest_first(all, key, now)
            .take(usize::try_from(before).map_or(usize::MAX, |before| before.saturating_add(1)))
            .fold(seeded, |sums, counts| std::array::from_fn(|kind| sums[kind].saturating_add(counts[kind])))
    }

    /// The events of each slice in the window, from the current one back.
    pub(crate) fn newest_first(
        &self,
        all: &impl Parts<Tally<KINDS>>,
        key: WindowKey,
        now: Tick,
    ) -> impl Iterator<Item = [u64; KINDS]> {
        let stamp = self.stamp(key);
        let newest = key.slices.number(now);
        (newest.saturating_sub(FULL_SLICES)..=newest).rev().map(move |slice| {
            let mut counts = [0; KINDS];
            let tag = stamp.tag(slice);
            all.iter().for_each(|part| part.add_to(&mut counts, slice, tag));
            counts
        })
    }

    /// Carries the newest counts over to slices of another length.
    pub(crate) fn reshape(&self, all: &impl Parts<Tally<KINDS>>, old: WindowKey, new: Slices, now: Tick) {
        if old.slices == new {
            return;
        }
        let span = new.window().min(old.slices.window()).max(1);
        let counts = self.newest(all, old, now, span);
        let key = WindowKey { slices: new, ..old };
        *lock(&self.seed) = Some(Seed { counts, key, at: now, span });
        self.era.fetch_add(1, Ordering::Relaxed);
    }

    /// Clears all counts.
    pub(crate) fn forget(&self) {
        *lock(&self.seed) = None;
        self.era.fetch_add(1, Ordering::Relaxed);
    }
}

impl<const KINDS: usize> Seed<KINDS> {
    /// The counts that lie in the last `window` nanoseconds.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "float casts saturate, counts stay far below 2^53, and a share needs no nanoseconds"
    )]
    fn within(&self, window: u64, now: Tick) -> [u64; KINDS] {
        let reach = window.saturating_sub(now.0.saturating_sub(self.at.0));
        let share = (reach as f64 / self.span as f64).min(1.0);
        self.counts.map(|count| (count as f64 * share) as u64)
    }
}
