//! An error of a client that this build does not know goes in, a finding comes out, once for each site and client.

use std::collections::HashSet;

use super::configuration::announce;
use super::site::Bound;
use crate::classify::Client;
use crate::config::limits::MAX_FINDINGS;
use crate::config::{Finding, FindingKind};

/// Who retries errors that nobody looked at.
#[derive(Debug, Default)]
pub(super) struct Blind {
    told: HashSet<(&'static str, u32, &'static str)>,
    findings: Vec<Finding>,
}

impl Blind {
    pub(super) fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl Bound {
    /// Notes that an error of this client was retried though nothing is known of it.
    #[cold]
    pub(crate) fn note_blind_retry(&self, client: Client) {
        let (facts, Client { error, feature, .. }) = (self.facts(), client);
        let mut configuration = self.registry().lock();
        let blind = &mut configuration.blind;
        if blind.findings.len() == MAX_FINDINGS || !blind.told.insert((facts.file, facts.line, feature)) {
            return;
        }
        let message =
            format!("a `{error}` of `{}` is retried blindly: enable feature `{feature}`", facts.function);
        let finding = Finding::new(FindingKind::FeatureMissing, facts.service, message);
        blind.findings.push(finding.clone());
        drop(configuration);
        announce(&[finding]);
    }
}
