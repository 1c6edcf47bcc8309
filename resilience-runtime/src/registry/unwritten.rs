//! The call sites that no attribute wrote, by the place that makes their calls, and what there was no room for.

use std::collections::{HashMap, HashSet};

use super::bound::Bound;
use crate::config::Finding;
use crate::config::limits::{MAX_FINDINGS, MAX_SETTINGS_OF_A_PLACE};

/// A place in the program and the service that it calls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CallPlace {
    pub(super) service: String,
    pub(super) file: &'static str,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// The sites that were made, and what there was no room for.
#[derive(Debug, Default)]
pub(super) struct Unwritten {
    /// The oldest of a place first. Settings have no order or hash of their own (there are fractions among them); their
    /// text has.
    pub(super) sites: HashMap<CallPlace, Vec<(String, &'static Bound)>>,
    /// How many services nobody else names.
    pub(super) names: usize,
    crowded: HashSet<CallPlace>,
    findings: Vec<Finding>,
}

impl Unwritten {
    pub(super) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub(super) fn get(&self, place: &CallPlace, settings: &str) -> Option<&'static Bound> {
        let sites = self.sites.get(place)?;
        sites.iter().find(|(known, _)| known == settings).map(|(_, bound)| *bound)
    }

    /// The oldest site of a place that may have no further one.
    pub(super) fn oldest_of_crowded(&self, place: &CallPlace) -> Option<&'static Bound> {
        let sites = self.sites.get(place).filter(|sites| sites.len() >= MAX_SETTINGS_OF_A_PLACE)?;
        sites.first().map(|(_, bound)| *bound)
    }

    /// Notes that there is no room; gives back what nobody has been told yet.
    pub(super) fn note(&mut self, place: CallPlace, finding: impl FnOnce() -> Finding) -> Option<Finding> {
        if self.findings.len() == MAX_FINDINGS || !self.crowded.insert(place) {
            return None;
        }
        self.findings.push(finding());
        self.findings.last().cloned()
    }
}
