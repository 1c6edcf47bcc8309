//! Finds errors that are retried blindly, as the feature of their client is missing. In: a retried error of a client whose feature
//! this build lacks. Out: a finding, once for each site and client.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard};

use resilience_settings::layers::{Finding, FindingKind};

use resilience_settings::layers::site_facts::SiteFacts;

use resilience_settings::config::limits::MAX_FINDINGS;

use crate::classify::Client;
use crate::sync::lock;

/// The sites that retry errors without looking into them, for want of a feature.
#[derive(Debug, Default)]
pub(super) struct BlindRetries(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    told: HashSet<(&'static str, u32, &'static str)>,
    findings: Vec<Finding>,
}

impl BlindRetries {
    pub(super) fn findings(&self) -> Vec<Finding> {
        self.lock().findings.clone()
    }

    /// Records a retry. Returns the finding if it is new.
    pub(super) fn note(&self, facts: &SiteFacts, client: Client) -> Option<Finding> {
        let Client { error, feature, .. } = client;
        let mut noted = self.lock();
        if noted.findings.len() == MAX_FINDINGS || !noted.told.insert((facts.file, facts.line, feature)) {
            return None;
        }
        let message =
            format!("a `{error}` of `{}` is retried blindly: enable feature `{feature}`", facts.function);
        let finding = Finding::new(FindingKind::FeatureMissing, facts.service, message);
        noted.findings.push(finding.clone());
        Some(finding)
    }

    fn lock(&self) -> MutexGuard<'_, Noted> {
        lock(&self.0)
    }
}
