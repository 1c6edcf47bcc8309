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
    pub(crate) fn intern(&self, value: T) -> Handle {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        Handle(places.get(&value).copied().unwrap_or_else(|| {
            let kept: &'static T = Box::leak(Box::new(value));
            let place = self.values.push(kept);
            places.insert(kept, place);
            place
        }))
    }

    /// The value that a cell points at now.
    #[inline]
    pub(crate) fn get(&self, cell: &Pointer) -> &'static T {
        self.values[cell.0.load(Ordering::Acquire)]
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.values.count()
    }
}

/// The place of an interned value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handle(usize);

/// Points at an interned value, and can be turned to another.
#[derive(Debug)]
pub(crate) struct Pointer(AtomicUsize);

impl Pointer {
    pub(crate) fn new(handle: Handle) -> Self {
        Self(AtomicUsize::new(handle.0))
    }

    /// Points at another value from now on; says whether that is a change.
    pub(crate) fn turn(&self, handle: Handle) -> bool {
        self.0.swap(handle.0, Ordering::AcqRel) != handle.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_kept_once() {
        let interner = Interner::new();
        let (one, two) = (interner.intern("one".to_owned()), interner.intern("two".to_owned()));
        assert_eq!(interner.intern("one".to_owned()), one);
        let cell = Pointer::new(one);
        assert_eq!(interner.get(&cell), "one");
        assert!(cell.turn(two));
        assert!(!cell.turn(two));
        assert_eq!((interner.get(&cell).as_str(), interner.len()), ("two", 2));
    }
}
