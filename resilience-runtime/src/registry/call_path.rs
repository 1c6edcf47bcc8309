//! Knows which services a nested call is inside of; whether it passes through, `call/nested` decides. In: a call inside others.
//! Out: one small number for the services that are being called there, or the sites that are being answered for.
//!
//! A call path is an entry of an append-only table: the enclosing call path, and one more service or site. There
//! are as many as there are paths through annotated functions, so the table stays small, and a nested call
//! finds its entry with one look at the cache of its site.

use crate::sync::lock;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// A chain of calls that enclose one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CallPath<Id = ServiceId>(u32, PhantomData<Id>);

/// The number of a service within its registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ServiceId(pub(super) u32);

/// The number of a bound site within its registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SiteId(pub(super) u32);

impl From<ServiceId> for u32 {
    fn from(id: ServiceId) -> Self {
        id.0
    }
}

impl From<SiteId> for u32 {
    fn from(id: SiteId) -> Self {
        id.0
    }
}

impl<Id> CallPath<Id> {
    /// Outside any call.
    pub(crate) const ROOT: Self = Self(0, PhantomData);
}

/// The table of call paths.
#[derive(Debug)]
pub(super) struct CallPaths<Id> {
    table: Table,
    ids: PhantomData<Id>,
}

/// The same, whatever it is that has the numbers.
#[derive(Debug, Default)]
struct Table {
    links: boxcar::Vec<Link>,
    /// The number of a call path by the enclosing one and its own. Guards the appending, so that no link is made twice.
    known: Mutex<HashMap<(u32, u32), u32>>,
}

#[derive(Debug)]
struct Link {
    outer: u32,
    own: u32,
}

impl<Id> Default for CallPaths<Id> {
    fn default() -> Self {
        Self { table: Table::default(), ids: PhantomData }
    }
}

impl<Id: Copy + Into<u32>> CallPaths<Id> {
    /// The call path of a call of `own` made within `outer`, or `None` when a call of that one encloses it
    /// already.
    pub(super) fn extend(&self, outer: CallPath<Id>, own: Id) -> Option<CallPath<Id>> {
        self.table.extend(outer.0, own.into()).map(|number| CallPath(number, PhantomData))
    }

    /// Whether a call of `own` is part of the call path.
    pub(super) fn encloses(&self, call_path: CallPath<Id>, own: Id) -> bool {
        self.table.encloses(call_path.0, own.into())
    }
}

impl Table {
    fn extend(&self, outer: u32, own: u32) -> Option<u32> {
        if self.encloses(outer, own) {
            return None;
        }
        let mut known = lock(&self.known);
        Some(*known.entry((outer, own)).or_insert_with(|| {
            let index = self.links.push(Link { outer, own });
            u32::try_from(index + 1).unwrap_or(u32::MAX)
        }))
    }

    fn encloses(&self, call_path: u32, own: u32) -> bool {
        let mut at = call_path;
        while let Some(link) = (at as usize).checked_sub(1).and_then(|index| self.links.get(index)) {
            if link.own == own {
                return true;
            }
            at = link.outer;
        }
        false
    }
}

/// The outer call path that was extended last, and the result, each in one half of a word; zero when unset.
#[derive(Debug, Default)]
pub(super) struct LastExtended(AtomicU64);

impl LastExtended {
    /// The result of extending `outer`, if that was extended last.
    #[inline]
    pub(super) fn get<Id: Copy>(&self, outer: CallPath<Id>) -> Option<CallPath<Id>> {
        let word = self.0.load(Ordering::Relaxed);
        #[expect(clippy::cast_possible_truncation, reason = "the lower half")]
        let own = word as u32;
        (own != 0 && word >> 32 == u64::from(outer.0)).then_some(CallPath(own, PhantomData))
    }

    pub(super) fn set<Id: Copy>(&self, outer: CallPath<Id>, own: CallPath<Id>) {
        self.0.store(u64::from(outer.0) << 32 | u64::from(own.0), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_entered_once_on_each_path() {
        let call_paths = CallPaths::default();
        let [a, b, c] = [1, 2, 3].map(ServiceId);
        let in_a = call_paths.extend(CallPath::ROOT, a).unwrap();
        let in_ab = call_paths.extend(in_a, b).unwrap();
        assert_eq!(call_paths.extend(in_ab, a), None);
        assert_eq!(call_paths.extend(in_ab, b), None);
        assert!(call_paths.extend(in_ab, c).is_some());
        assert!(call_paths.extend(CallPath::ROOT, b).is_some());
        assert_eq!(call_paths.extend(in_a, b), Some(in_ab), "the same path has the same call_path");
    }

    #[test]
    fn the_last_extension_is_remembered_for_its_outer_call_path_only() {
        let call_paths = CallPaths::default();
        let last = LastExtended::default();
        assert_eq!(last.get(CallPath::<SiteId>::ROOT), None);
        let alone = call_paths.extend(CallPath::ROOT, SiteId(0)).unwrap();
        last.set(CallPath::ROOT, alone);
        assert_eq!(last.get(CallPath::ROOT), Some(alone));
        assert_eq!(last.get(alone), None);
    }
}
