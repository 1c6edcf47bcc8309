//! Collects all findings about the settings in force; what is one, `explain/review` of the settings decides. In: the settings in
//! force and the sites. Out: findings, when asked for and announced at the first use.

use std::sync::atomic::Ordering;

use resilience_settings::explain::review::review;

use resilience_settings::layers::Finding;

use super::chaos_findings::of_chaos;
#[cfg(feature = "testing")]
use super::chaos_findings::{aimless, of_armed};
use super::glance::Glance;
#[cfg(feature = "testing")]
use crate::chaos::Target;
use crate::registry::announce::announce;
use crate::registry::registry::Registry;

impl Registry {
    /// What is worth knowing about the settings in force though nothing is refused: call sites that contradict one
    /// another, keys of the file that a call site shadows, names that match nothing, more names than there is room for, errors of clients whose feature is missing. Of each kind there are at most
    /// [100](resilience_settings::config::limits::MAX_FINDINGS). The program's registry logs it when it is first used, and at each load.
    pub fn findings(&self) -> Vec<Finding> {
        let configuration = self.lock();
        let (sites, file) = (configuration.sites.facts(), configuration.file.clone());
        let updates = configuration.updates.clone();
        let noted = [
            configuration.unwritten.findings(),
            &self.shared.blind_retries.findings(),
            &self.shared.idempotency.findings(),
            #[cfg(feature = "testing")]
            &self.shared.chaos.findings(),
        ]
        .concat();
        drop(configuration);
        let mut findings = review(&sites, file.as_deref(), &updates);
        findings.extend(of_chaos(file.as_deref()));
        #[cfg(feature = "testing")]
        findings.extend(of_armed(&self.shared.chaos, self.clock().now(), || &sites));
        findings.extend(noted);
        findings
    }

    /// Why no call site is meant by a target of scripts or rules, if none is.
    #[cfg(feature = "testing")]
    pub(crate) fn why_aimless(&self, target: &Target) -> Option<String> {
        let sites = self.lock().sites.facts();
        aimless(target, &sites)
    }

    /// How many findings there are, as [`findings`](Self::findings) would say: what a review has had holds until something changes.
    pub(crate) fn findings_count(&self, settings: &Glance) -> usize {
        let noted = settings.noted
            + self.shared.blind_retries.findings().len()
            + self.shared.idempotency.findings().len()
            + of_chaos(settings.file.as_deref()).len();
        #[cfg(feature = "testing")]
        let noted = noted
            + self.shared.chaos.findings().len()
            + of_armed(&self.shared.chaos, self.clock().now(), || settings.sites.facts()).len();
        settings.reviewed() + noted
    }

    /// Announces the findings, for whoever comes here first.
    #[cold]
    pub(in crate::registry) fn announce_at_first_use(&self) {
        if !self.is_announced.swap(true, Ordering::Relaxed) {
            announce(&self.findings());
        }
    }
}
