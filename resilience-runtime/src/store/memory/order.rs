//! Keeps finished records in the order of their last use; which is evicted, `eviction` decides. In: uses. Out: which was used last
//! and which first. A list through the entries of a slab, so that a use moves its record to the end in a few steps.

use super::entry::Entry;
use super::links::{Links, NONE};
use super::slab::Slab;

/// The ends of the list.
#[derive(Debug)]
pub(super) struct Order {
    first: u32,
    last: u32,
    length: usize,
}

impl Order {
    pub(super) const fn new() -> Self {
        Self { first: NONE, last: NONE, length: 0 }
    }

    pub(super) const fn len(&self) -> usize {
        self.length
    }

    /// The one that was not used for longest.
    pub(super) fn first(&self) -> Option<u32> {
        (self.first != NONE).then_some(self.first)
    }

    /// Adds an entry that is not in the list, as the one used last.
    pub(super) fn push<V>(&mut self, place: u32, entries: &mut Slab<Entry<V>>) {
        let before = std::mem::replace(&mut self.last, place);
        match entries.get_mut(before) {
            Some(entry) => entry.links.after = place,
            None => self.first = place,
        }
        if let Some(entry) = entries.get_mut(place) {
            entry.links = Links { before, after: NONE };
        }
        self.length += 1;
    }

    /// Removes an entry that is in the list.
    pub(super) fn remove<V>(&mut self, place: u32, entries: &mut Slab<Entry<V>>) {
        let Some(Links { before, after }) = entries.get(place).map(|entry| entry.links) else { return };
        match entries.get_mut(before) {
            Some(entry) => entry.links.after = after,
            None => self.first = after,
        }
        match entries.get_mut(after) {
            Some(entry) => entry.links.before = before,
            None => self.last = before,
        }
        if let Some(entry) = entries.get_mut(place) {
            entry.links = Links::NONE;
        }
        self.length -= 1;
    }

    /// Moves an entry that is in the list to the end.
    pub(super) fn touch<V>(&mut self, place: u32, entries: &mut Slab<Entry<V>>) {
        if self.last != place {
            self.remove(place, entries);
            self.push(place, entries);
        }
    }
}
