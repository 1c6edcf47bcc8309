//! A call site with idempotency keys goes in; out comes the scope of its keys, and a finding when it has that in common with
//! another.

use resilience_settings::config::limits::MAX_FINDINGS;
use resilience_settings::layers::{Finding, FindingKind};

use super::shared_state::KeyScope;
use crate::registry::announce::announce;
use crate::registry::shared::Shared;
use crate::registry::site::linked;
use crate::store::RecordNames;
use crate::sync::lock;
use resilience_settings::layers::offers::Offers;
use resilience_settings::layers::site_facts::SiteFacts;

impl Shared {
    /// The scope of the keys of a function. If another function of the service has it, both are rejected, whichever is called
    /// first: sites are known from the start.
    pub(in crate::registry) fn key_scope(&self, facts: &SiteFacts) -> KeyScope {
        let scope = facts.scope();
        let mut others = linked().map(|site| &site.facts).filter(|other| {
            other.service == facts.service
                && other.offers.has_any(Offers::IDEMPOTENCY)
                && (other.file, other.line, other.path()) != (facts.file, facts.line, facts.path())
                && other.scope() == scope
        });
        let names = RecordNames::new("", facts.service, &scope);
        let Some(other) = others.next() else { return KeyScope { scope, names, is_shared: false } };
        let message = format!(
            "{} and {} have one scope for their idempotency keys, `{scope}`, and would be given the results of each other: their calls are rejected until one writes `scope`",
            facts.source(),
            other.source(),
        );
        let finding = Finding::new(FindingKind::SharedScope, facts.service, message);
        let mut findings = lock(&self.idempotency.findings);
        if findings.len() < MAX_FINDINGS {
            findings.push(finding.clone());
        }
        drop(findings);
        announce(&[finding]);
        KeyScope { scope, names, is_shared: true }
    }
}
