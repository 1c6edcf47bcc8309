//! Which calls enclose a point of the program, as one small number: the services that are being called, or
//! the sites that are being answered for.
//!
//! A lineage is an entry of an append-only table: the enclosing lineage, and one more service or site. There
//! are as many as there are paths through annotated functions, so the table stays small, and a nested call
//! finds its entry with one look at the cache of its site.

use std::collections::HashMap;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// A chain of calls that enclose one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Lineage<Id = ServiceId>(u32, PhantomData<Id>);

/// The number of a service within its registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ServiceId(pub(super) u32);

/// The number of a bound site within its registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SiteId(pub(super) u32);

impl<Id> Lineage<Id> {
    /// Outside any call.
    pub(crate) const ROOT: Self = Self(0, PhantomData);
}

#[derive(Debug)]
struct Link<Id> {
    outer: Lineage<Id>,
    own: Id,
}

type Known<Id> = HashMap<(Lineage<Id>, Id), Lineage<Id>>;

/// The table of lineages.
#[derive(Debug)]
pub(super) struct Lineages<Id> {
    links: boxcar::Vec<Link<Id>>,
    /// Guards the appending, so that no link is made twice.
    known: Mutex<Known<Id>>,
}

impl<Id> Default for Lineages<Id> {
    fn default() -> Self {
        Self { links: boxcar::Vec::new(), known: Mutex::default() }
    }
}

impl<Id: Copy + Eq + Hash> Lineages<Id> {
    /// The lineage of a call of `own` made within `outer`, or `None` when a call of that one encloses it
    /// already.
    pub(super) fn extend(&self, outer: Lineage<Id>, own: Id) -> Option<Lineage<Id>> {
        if self.encloses(outer, own) {
            return None;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Some(*known.entry((outer, own)).or_insert_with(|| {
            let place = self.links.push(Link { outer, own });
            Lineage(u32::try_from(place + 1).unwrap_or(u32::MAX), PhantomData)
        }))
    }

    /// Whether a call of `own` is part of the lineage.
    pub(super) fn encloses(&self, lineage: Lineage<Id>, own: Id) -> bool {
        let mut at = lineage;
        while let Some(link) = (at.0 as usize).checked_sub(1).and_then(|place| self.links.get(place)) {
            if link.own == own {
                return true;
            }
            at = link.outer;
        }
        false
    }
}

/// The last outer lineage that was asked for and what it became, in one word each half; zero when unset.
#[derive(Debug, Default)]
pub(super) struct LastExtended(AtomicU64);

impl LastExtended {
    /// What `outer` became, if it was the last to be asked for.
    #[inline]
    pub(super) fn get<Id: Copy>(&self, outer: Lineage<Id>) -> Option<Lineage<Id>> {
        let word = self.0.load(Ordering::Relaxed);
        #[expect(clippy::cast_possible_truncation, reason = "the lower half")]
        let own = word as u32;
        (own != 0 && word >> 32 == u64::from(outer.0)).then_some(Lineage(own, PhantomData))
    }

    pub(super) fn set<Id: Copy>(&self, outer: Lineage<Id>, own: Lineage<Id>) {
        self.0.store(u64::from(outer.0) << 32 | u64::from(own.0), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_entered_once_on_each_path() {
        let lineages = Lineages::default();
        let [a, b, c] = [1, 2, 3].map(ServiceId);
        let in_a = lineages.extend(Lineage::ROOT, a).unwrap();
        let in_ab = lineages.extend(in_a, b).unwrap();
        assert_eq!(lineages.extend(in_ab, a), None);
        assert_eq!(lineages.extend(in_ab, b), None);
        assert!(lineages.extend(in_ab, c).is_some());
        assert!(lineages.extend(Lineage::ROOT, b).is_some());
        assert_eq!(lineages.extend(in_a, b), Some(in_ab), "the same path has the same lineage");
    }

    #[test]
    fn the_last_extension_is_remembered_for_its_outer_lineage_only() {
        let lineages = Lineages::default();
        let last = LastExtended::default();
        assert_eq!(last.get(Lineage::<SiteId>::ROOT), None);
        let alone = lineages.extend(Lineage::ROOT, SiteId(0)).unwrap();
        last.set(Lineage::ROOT, alone);
        assert_eq!(last.get(Lineage::ROOT), Some(alone));
        assert_eq!(last.get(alone), None);
    }
}
