//! What all layers say together: for each key the value that counts, where it comes from, what it hides.
//! Data between folding the layers, settling their contradictions, and making policies or explanations.

use std::rc::Rc;
use std::sync::Arc;

use super::accepted::misfit;
use super::finding::{Finding, FindingKind};
use super::source::Source;
use crate::policy::{Key, Ratio, Tokens, Value};

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

/// A number as it is counted with, so that what is shown is what is in force.
fn in_force(key: Key, value: Value) -> Value {
    match (key, value) {
        (Key::BudgetRatio, Value::Number(share)) => {
            Value::Number(Tokens::from_millionths(Ratio::saturating(share).millionths()).get())
        }
        (Key::MinPerSecond | Key::BudgetCost | Key::ThrottledCost | Key::PerSecond, Value::Number(count)) => {
            Value::Number(Tokens::from_number(count).get())
        }
        (_, value) => value,
    }
}

/// The settings of a service, or of one of its call sites, with their origin.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(super) service: String,
    /// A place for each key, in the order of [`Key::ALL`]. Shared by the services of one template as long as no
    /// stronger layer changes them: a load would else copy all defaults for every call site.
    entries: Vec<Option<Rc<Effective>>>,
    pub(super) service_type: Option<Arc<str>>,
    pub(super) findings: Vec<Finding>,
}

impl Resolved {
    pub(super) fn new(service: &str) -> Self {
        Self {
            service: service.to_owned(),
            entries: vec![None; Key::ALL.len()],
            service_type: None,
            findings: Vec::new(),
        }
    }

    /// The value of a key that counts, unless no layer has one.
    pub(crate) fn effective(&self, key: Key) -> Option<&Effective> {
        self.entries.get(key as usize)?.as_deref()
    }

    pub(super) fn effective_mut(&mut self, key: Key) -> Option<&mut Effective> {
        self.entries.get_mut(key as usize)?.as_mut().map(Rc::make_mut)
    }

    /// Leaves the key out, as if no layer had it.
    pub(super) fn forget(&mut self, key: Key) {
        if let Some(place) = self.entries.get_mut(key as usize) {
            *place = None;
        }
    }

    /// Takes the key out.
    pub(super) fn take(&mut self, key: Key) -> Option<Effective> {
        self.entries.get_mut(key as usize)?.take().map(Rc::unwrap_or_clone)
    }

    /// Puts in a value that the layers do not have.
    pub(super) fn put(&mut self, effective: Effective) {
        if let Some(place) = self.entries.get_mut(effective.key as usize) {
            *place = Some(Rc::new(effective));
        }
    }

    /// Every key with a value, in the order of [`Key::ALL`].
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Effective> {
        self.entries.iter().flatten().map(Rc::as_ref)
    }

    /// What is allowed but likely not meant.
    #[cfg(all(test, feature = "config"))]
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The same when nothing else is wanted.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
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
        let value = in_force(key, value);
        let mut hides = Vec::new();
        if let Some(below) = self.take(key) {
            hides.push((below.source, below.value));
            hides.extend(below.hides);
        }
        self.put(Effective { key, value, source, hides, adjusted: None });
    }
}
