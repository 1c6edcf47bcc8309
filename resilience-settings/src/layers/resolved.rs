//! Data: for each key the value that counts, where it comes from, and what it hides. Between folding the layers, settling their
//! contradictions, and making policies or explanations.

use std::rc::Rc;
use std::sync::Arc;

use crate::layers::finding::{Finding, FindingKind};
use crate::layers::source::Source;
use crate::policy::{Key, Ratio, Tokens, Value};
use crate::rules::accepted::misfit;

/// The value of a key that counts, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    pub(crate) key: Key,
    pub(crate) value: Value,
    pub(crate) source: Source,
    pub(crate) hides: Vec<(Source, Value)>,
    pub(crate) adjusted: Option<Adjustment>,
}

/// What the other settings did to a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjustment {
    pub(crate) original: Value,
    pub(crate) reason: String,
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
pub struct Resolved {
    pub(crate) service: String,
    /// A place for each key, in the order of [`Key::ALL`]. Shared by the services of one template as long as no
    /// stronger layer changes them: a load would else copy all defaults for every call site.
    entries: Vec<Option<Rc<Effective>>>,
    pub(crate) service_type: Option<Arc<str>>,
    pub(crate) findings: Vec<Finding>,
}

impl Resolved {
    pub fn new(service: &str) -> Self {
        Self {
            service: service.to_owned(),
            entries: vec![None; Key::ALL.len()],
            service_type: None,
            findings: Vec::new(),
        }
    }

    /// The value of a key that counts, unless no layer has one.
    pub fn effective(&self, key: Key) -> Option<&Effective> {
        self.entries.get(key as usize)?.as_deref()
    }

    pub fn effective_mut(&mut self, key: Key) -> Option<&mut Effective> {
        self.entries.get_mut(key as usize)?.as_mut().map(Rc::make_mut)
    }

    /// Leaves the key out, as if no layer had it.
    pub fn forget(&mut self, key: Key) {
        if let Some(place) = self.entries.get_mut(key as usize) {
            *place = None;
        }
    }

    /// Takes the key out.
    pub fn take(&mut self, key: Key) -> Option<Effective> {
        self.entries.get_mut(key as usize)?.take().map(Rc::unwrap_or_clone)
    }

    /// Puts in a value that the layers do not have.
    pub fn put(&mut self, effective: Effective) {
        if let Some(place) = self.entries.get_mut(effective.key as usize) {
            *place = Some(Rc::new(effective));
        }
    }

    /// Every key with a value, in the order of [`Key::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = &Effective> {
        self.entries.iter().flatten().map(Rc::as_ref)
    }

    /// What is allowed but likely not meant.
    #[cfg(all(test, feature = "file"))]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The same when nothing else is wanted.
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    pub fn value(&self, key: Key) -> Option<&Value> {
        self.effective(key).map(Effective::value)
    }

    /// Lays a value over what is there. One that the key does not take is left out and reported: types
    /// forbid it in attributes and the reader in files, so it comes from a hand-made patch.
    pub fn lay(&mut self, key: Key, value: Value, source: Source) {
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
