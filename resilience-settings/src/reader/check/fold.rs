//! Computes what a table comes to with the templates below it. In: a table and the templates below it. Out: the values that hold
//! for it, for the check between keys. What a template comes to is folded once, however many stand on it: a chain that each folded
//! anew would cost its length for every service.

use std::collections::HashMap;
use std::rc::Rc;

use crate::config::entry::Entry;
use crate::config::file::FileConfig;
use crate::config::values::Written;
use crate::policy::{Key, Value};
use crate::reader::check::extends::{Chains, base_of};

/// So many folds are kept, each of less than a kilobyte. Who has more templates than that mostly asks for the last.
const KEPT: usize = 4_096;

/// For each key the value that counts.
#[derive(Clone, Debug)]
pub(crate) struct Fold<'f>([Option<&'f Written>; Key::ALL.len()]);

impl<'f> Fold<'f> {
    /// Without any value.
    pub(crate) fn empty() -> Self {
        Self([None; Key::ALL.len()])
    }

    /// With the values of a table over these.
    pub(crate) fn with(&self, entry: &'f Entry) -> Self {
        let mut fold = self.clone();
        for written in entry.values.iter() {
            if let Some(place) = fold.0.get_mut(written.key as usize) {
                *place = Some(written);
            }
        }
        fold
    }

    pub(crate) fn get(&self, key: Key) -> Option<&'f Written> {
        self.0.get(key as usize).copied().flatten()
    }

    pub(crate) fn value(&self, key: Key) -> Option<&'f Value> {
        self.get(key).map(|written| &written.value)
    }
}

/// What templates come to.
#[derive(Debug)]
pub(crate) struct Folds<'f> {
    file: &'f FileConfig,
    chains: &'f Chains,
    known: HashMap<u32, Rc<Fold<'f>>>,
    empty: Rc<Fold<'f>>,
}

impl<'f> Folds<'f> {
    pub(crate) fn new(file: &'f FileConfig, chains: &'f Chains) -> Self {
        Self { file, chains, known: HashMap::new(), empty: Rc::new(Fold::empty()) }
    }

    /// What the table stands on comes to. `None` when a fault has been found in that.
    pub(crate) fn below(&mut self, entry: &Entry) -> Option<Rc<Fold<'f>>> {
        match base_of(self.file, entry) {
            Some(template) => self.of(template),
            None => Some(Rc::clone(&self.empty)),
        }
    }

    /// Calls itself for what the template stands on: as often as templates may stand on one another.
    fn of(&mut self, template: u32) -> Option<Rc<Fold<'f>>> {
        if let Some(fold) = self.known.get(&template) {
            return Some(Rc::clone(fold));
        }
        if !self.chains.is_sound(template) {
            return None;
        }
        let entry = self.file.templates.at(template)?;
        let fold = Rc::new(self.below(entry)?.with(entry));
        if self.known.len() == KEPT {
            self.known.clear();
        }
        self.known.insert(template, Rc::clone(&fold));
        Some(fold)
    }
}
