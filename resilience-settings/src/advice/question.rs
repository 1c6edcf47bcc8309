//! Data: who calls whom, and what processes have measured; it goes into advice beside the file.

use std::collections::BTreeMap;

use super::facts::Measured;
use super::running::Running;

/// What is known beside the settings. By itself it knows nothing, and advice goes by the file alone.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Question {
    /// Which service calls which: the caller, then whom it calls. A file does not say.
    pub calls: Vec<(String, String)>,
    /// What was measured, by service.
    pub measured: BTreeMap<String, Measured>,
    /// What is in force in the process that has measured it, by service.
    pub running: BTreeMap<String, Running>,
    /// How many attempts per second each service bears, by name; under the empty name, those that are not named.
    pub capacity: BTreeMap<String, f64>,
}

impl Question {
    /// How much a service bears.
    pub(super) fn capacity_of(&self, service: &str) -> Option<f64> {
        self.capacity.get(service).or_else(|| self.capacity.get("")).copied()
    }
}
