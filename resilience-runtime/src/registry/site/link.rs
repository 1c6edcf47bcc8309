//! Links statics into a list, before `main`. In: statics, added one by one before `main`. Out: all of them.
//!
//! The expansion of an attribute has the linker call [`add`](List::add) (`__resilience_link!`), so the registry knows every site of
//! the program before any is called. The list runs through the statics: nothing is allocated where no allocator may be
//! ready, and the standard library needs nothing else than a lock. A library that is loaded later adds its own then.

use crate::sync::lock;
use std::sync::{Mutex, OnceLock};

/// What was linked before this one; set once.
#[derive(Debug)]
pub(in crate::registry) struct Link<T: 'static>(OnceLock<Option<&'static T>>);

impl<T> Link<T> {
    pub(in crate::registry) const fn new() -> Self {
        Self(OnceLock::new())
    }
}

/// A list that runs through its members, the last one first.
pub(in crate::registry) struct List<T: 'static> {
    last: Mutex<Option<&'static T>>,
    link: fn(&T) -> &Link<T>,
}

impl<T> List<T> {
    /// An empty list of members that keep their link there.
    pub(in crate::registry) const fn new(link: fn(&T) -> &Link<T>) -> Self {
        Self { last: Mutex::new(None), link }
    }

    /// Puts one on the list. Again, as some targets run such code twice, it changes nothing.
    pub(in crate::registry) fn add(&self, one: &'static T) {
        let mut last = lock(&self.last);
        if (self.link)(one).0.set(*last).is_ok() {
            *last = Some(one);
        }
    }

    /// All that are on it.
    pub(in crate::registry) fn all(&'static self) -> impl Iterator<Item = &'static T> {
        let last = *lock(&self.last);
        std::iter::successors(last, |one| (self.link)(one).0.get().copied().flatten())
    }
}
