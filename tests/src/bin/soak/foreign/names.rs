//! Keys and values of the user whose trait implementations panic.

use std::hash::{Hash, Hasher};

use crate::foreign::hazards::{Hazard, strike};

/// Most calls have several of these.
const SHARE: f64 = 0.0005;

/// The name of a partition, or the key of an answer.
#[derive(Debug)]
pub(crate) struct Name(u64);

/// A cached answer.
#[derive(Debug)]
pub(crate) struct Value(u64);

impl Name {
    pub(crate) fn new(key: u64) -> Self {
        Self(key)
    }
}

impl Value {
    pub(crate) fn new(answer: u64) -> Self {
        Self(answer)
    }

    pub(crate) fn get(&self) -> u64 {
        self.0
    }
}

impl Clone for Name {
    fn clone(&self) -> Self {
        strike(Hazard::Traits, SHARE);
        Self(self.0)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        strike(Hazard::Traits, SHARE);
        self.0 == other.0
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        strike(Hazard::Traits, SHARE);
        self.0.hash(state);
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        strike(Hazard::Traits, SHARE);
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        strike(Hazard::Traits, SHARE);
        Self(self.0)
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        strike(Hazard::Traits, SHARE);
    }
}
