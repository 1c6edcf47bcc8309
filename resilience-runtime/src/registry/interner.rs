//! Settings kept once for each content, for ever: a reader holds a plain reference, without a count or a lock.
//!
//! A reload adds only settings that never existed before, so the table grows by what operators invent and
//! not by how often they save the file.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// An append-only table of distinct values.
#[derive(Debug)]
pub(crate) struct Interner<T: 'static> {
    values: boxcar::Vec<&'static T>,
    places: Mutex<HashMap<&'static T, usize>>,
}

impl<T: Eq + Hash + 'static> Interner<T> {
    pub(crate) fn new() -> Self {
        Self { values: boxcar::Vec::new(), places: Mutex::default() }
    }

    /// The place of a value, which is added if it is new.
    pub(crate) fn intern(&self, value: T) -> Handle<T> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let place = places.get(&value).copied().unwrap_or_else(|| {
            let kept: &'static T = Box::leak(Box::new(value));
            let place = self.values.push(kept);
            places.insert(kept, place);
            place
        });
        Handle { place, value: self.values[place] }
    }

    /// The value that a cell points at now.
    #[inline]
    pub(crate) fn get(&self, cell: &Pointer<T>) -> &'static T {
        match cell.place.load(Ordering::Acquire) {
            FIRST => cell.first,
            place => self.turned_to(place),
        }
    }

    /// Apart, so that nothing is made ready for it on the other way.
    #[inline(never)]
    fn turned_to(&self, place: usize) -> &'static T {
        self.values[place]
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.values.count()
    }
}

/// An interned value and its place.
#[derive(Debug)]
pub(crate) struct Handle<T: 'static> {
    place: usize,
    value: &'static T,
}

impl<T> Handle<T> {
    /// The value.
    pub(crate) fn value(&self) -> &'static T {
        self.value
    }
}

/// Stands for the value that a pointer was made with.
const FIRST: usize = usize::MAX;

/// Points at an interned value, and can be turned to another.
///
/// What it was made with is a plain reference beside the place: most programs never change their settings, and
/// the way through the table costs a dozen instructions in each call.
#[derive(Debug)]
pub(crate) struct Pointer<T: 'static> {
    place: AtomicUsize,
    first: &'static T,
}

impl<T> Pointer<T> {
    pub(crate) fn new(Handle { value, .. }: Handle<T>) -> Self {
        Self { place: AtomicUsize::new(FIRST), first: value }
    }

    /// Points at another value from now on; says whether that is a change.
    pub(crate) fn swap(&self, Handle { place, value }: Handle<T>) -> bool {
        let place = if std::ptr::eq(value, self.first) { FIRST } else { place };
        self.place.swap(place, Ordering::AcqRel) != place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_kept_once() {
        let interner = Interner::new();
        let intern = |value: &str| interner.intern(value.to_owned());
        assert!(std::ptr::eq(intern("one").value, intern("one").value));
        let cell = Pointer::new(intern("one"));
        assert_eq!(interner.get(&cell), "one");
        assert!(cell.swap(intern("two")));
        assert!(!cell.swap(intern("two")));
        assert_eq!((interner.get(&cell).as_str(), interner.len()), ("two", 2));
        assert!(cell.swap(intern("one")), "back to the first");
        assert!(!cell.swap(intern("one")));
        assert_eq!(interner.get(&cell), "one");
    }
}
