//! Keeps the call sites without an attribute, by the location of their calls, and the findings about names and settings above the
//! limits.

use std::collections::{HashMap, HashSet};

use resilience_settings::config::limits::{MAX_FINDINGS, MAX_SETTINGS_OF_A_PLACE};

use resilience_settings::layers::Finding;

use crate::registry::site::BoundSite;

/// A place in the program and the service that it calls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::registry) struct CallPlace {
    pub(in crate::registry) service: String,
    pub(in crate::registry) file: &'static str,
    pub(in crate::registry) line: u32,
    pub(in crate::registry) column: u32,
}

/// The sites that were made, and the findings about what was above the limits.
#[derive(Debug, Default)]
pub(in crate::registry) struct Unwritten {
    /// The oldest of a place first. Settings have no order or hash of their own (there are fractions among them); their
    /// text has.
    pub(in crate::registry) sites: HashMap<CallPlace, Vec<(String, &'static BoundSite)>>,
    /// How many services nobody else names.
    pub(in crate::registry) names: usize,
    crowded: HashSet<CallPlace>,
    findings: Vec<Finding>,
}

impl Unwritten {
    pub(in crate::registry) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub(in crate::registry) fn get(&self, place: &CallPlace, settings: &str) -> Option<&'static BoundSite> {
        let sites = self.sites.get(place)?;
        sites.iter().find(|(known, _)| known == settings).map(|(_, bound)| *bound)
    }

    /// The oldest site of a place that may have no further one.
    pub(in crate::registry) fn oldest_of_crowded(&self, place: &CallPlace) -> Option<&'static BoundSite> {
        let sites = self.sites.get(place).filter(|sites| sites.len() >= MAX_SETTINGS_OF_A_PLACE)?;
        sites.first().map(|(_, bound)| *bound)
    }

    /// Records that a limit is reached. Returns the finding if it is new.
    pub(in crate::registry) fn note(
        &mut self,
        place: CallPlace,
        finding: impl FnOnce() -> Finding,
    ) -> Option<Finding> {
        if self.findings.len() == MAX_FINDINGS || !self.crowded.insert(place) {
            return None;
        }
        self.findings.push(finding());
        self.findings.last().cloned()
    }
}
