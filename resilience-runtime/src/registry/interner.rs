//! Keeps each distinct setting once. In: settings. Out: a plain reference, the same for the same content, for ever, without a count
//! or a lock.
//!
//! A reload adds only settings that never existed before, so the table grows by what operators invent and
//! not by how often they save the file.

use crate::sync::lock;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An append-only table of distinct values.
#[derive(Debug)]
pub(crate) struct Interner<T: 'static> {
    values: boxcar::Vec<&'static T>,
    indexes: Mutex<HashMap<&'static T, usize>>,
}

impl<T: Eq + Hash + 'static> Interner<T> {
    pub(crate) fn new() -> Self {
        Self { values: boxcar::Vec::new(), indexes: Mutex::default() }
    }

    /// The index of a value, which is added if it is new.
    pub(crate) fn intern(&self, value: T) -> Handle<T> {
        let mut indexes = lock(&self.indexes);
        let index = indexes.get(&value).copied().unwrap_or_else(|| {
            let kept: &'static T = Box::leak(Box::new(value));
            let index = self.values.push(kept);
            indexes.insert(kept, index);
            index
        });
        Handle { index, value: self.values[index] }
    }

    /// The value that a cell points at now.
    #[inline]
    pub(crate) fn get(&self, cell: &Pointer<T>) -> &'static T {
        match cell.index.load(Ordering::Acquire) {
            FIRST => cell.first,
            index => self.swapped_in(index),
        }
    }

    /// Out of line, so that the usual case saves no registers for it.
    #[inline(never)]
    fn swapped_in(&self, index: usize) -> &'static T {
        self.values[index]
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.values.count()
    }
}

/// An interned value and its index.
#[derive(Debug)]
pub(crate) struct Handle<T: 'static> {
    index: usize,
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

/// A pointer to an interned value, which can be swapped for another.
///
/// The value that it was made with is a plain reference beside the index: most programs never change their settings, and
/// going through the table costs a dozen instructions in each call.
#[derive(Debug)]
pub(crate) struct Pointer<T: 'static> {
    index: AtomicUsize,
    first: &'static T,
}

impl<T> Pointer<T> {
    pub(crate) fn new(Handle { value, .. }: Handle<T>) -> Self {
        Self { index: AtomicUsize::new(FIRST), first: value }
    }

    /// Swaps the value. Returns whether the new one is another one.
    pub(crate) fn swap(&self, Handle { index, value }: Handle<T>) -> bool {
        let index = if std::ptr::eq(value, self.first) { FIRST } else { index };
        self.index.swap(index, Ordering::AcqRel) != index
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
