//! Names of rules. In: a name. Out: the same as a static text, which events and series hold; at most so many.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// So many names are told apart in a process. They are kept for ever, and come from outside too.
const MOST: usize = 1_024;

/// The name of all that come later.
const OTHER: &str = "other";

/// The name, as it is told from now on.
pub(crate) fn interned(name: &str) -> &'static str {
    static NAMES: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    let names = names.get_or_insert_with(HashSet::new);
    if let Some(known) = names.get(name) {
        return known;
    }
    if names.len() >= MOST {
        return OTHER;
    }
    let name: &'static str = Box::leak(name.into());
    names.insert(name);
    name
}
