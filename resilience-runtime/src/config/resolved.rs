//! What all layers say together: for each key the value that counts, where it comes from, what it hides.
//! Data between folding the layers, settling their contradictions, and making policies or explanations.

use std::collections::BTreeMap;

use super::accepted::misfit;
use super::finding::{Finding, FindingKind};
use super::source::Source;
use crate::policy::{Key, Value};

/// The value of a key that counts, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    pub(super) key: Key,
    pub(super) value: Value,
    pub(super) source: Source,
    pub(super) hides: Vec<(Source, Value)>,
    pub(super) adjusted: Option<Adjustment>,
}

/// What the other settings did to a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjustment {
    pub(super) original: Value,
    pub(super) reason: String,
}

impl Effective {
    /// The key.
    pub fn key(&self) -> Key {
        self.key
    }

    /// The value that counts.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Where it comes from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The weaker values that it hides, the strongest of them first.
    pub fn hides(&self) -> &[(Source, Value)] {
        &self.hides
    }

    /// What the other settings did to it, if anything.
    pub fn adjusted(&self) -> Option<&Adjustment> {
        self.adjusted.as_ref()
    }
}

impl Adjustment {
    /// The value as it was written.
    pub fn original(&self) -> &Value {
        &self.original
    }

    /// Why it does not count as written.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// The settings of a service, or of one of its call sites, with their origin.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(super) service: String,
    pub(super) entries: BTreeMap<Key, Effective>,
    pub(super) service_type: Option<&'static str>,
    pub(super) findings: Vec<Finding>,
}

impl Resolved {
    pub(super) fn new(service: &str) -> Self {
        Self {
            service: service.to_owned(),
            entries: BTreeMap::new(),
            service_type: None,
            findings: Vec::new(),
        }
    }

    /// The value of a key that counts, unless no layer has one.
    pub(crate) fn effective(&self, key: Key) -> Option<&Effective> {
        self.entries.get(&key)
    }

    /// Every key with a value, in the order of [`Key::ALL`].
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Effective> {
        self.entries.values()
    }

    /// What is allowed but likely not meant.
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub(super) fn value(&self, key: Key) -> Option<&Value> {
        self.effective(key).map(Effective::value)
    }

    /// Lays a value over what is there. One that the key does not take is left out and reported: types
    /// forbid it in attributes and the reader in files, so it comes from a hand-made patch.
    pub(super) fn lay(&mut self, key: Key, value: Value, source: Source) {
        if let Some(reason) = misfit(key, &value) {
            let message = format!("`{}`: {reason} ({source}); it is left out", self.service);
            self.findings.push(Finding::new(FindingKind::Refused, &self.service, message));
            return;
        }
        let mut hides = Vec::new();
        if let Some(below) = self.entries.remove(&key) {
            hides.push((below.source, below.value));
            hides.extend(below.hides);
        }
        let effective = Effective { key, value, source, hides, adjusted: None };
        self.entries.insert(key, effective);
    }
}
