//! Gives the idempotency keys of a call site their scope, and finds scopes that two functions share. In: a call site with keys.
//! Out: the scope, and a finding when another has it too, or when the site runs for several types.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

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
        let whose = |scope, is_shared| KeyScope {
            scope,
            names,
            is_shared,
            first: OnceLock::new(),
            is_told: AtomicBool::new(false),
        };
        let Some(other) = others.next() else { return whose(scope, false) };
        let message = format!(
            "{} and {} have one scope for their idempotency keys, `{scope}`, and would be given the results of each other: their calls are rejected until one writes `scope`",
            facts.source(),
            other.source(),
        );
        self.tell_of_scope(facts, message);
        whose(scope, true)
    }

    /// Notes the types of receiver and result that a function runs for. With a body in a trait, or generic, it may run for
    /// several, which are one site with one scope: that is told once, when the second comes. It is not refused: what tells
    /// them apart may be in the key.
    pub(crate) fn note_types(&self, facts: &SiteFacts, scope: &KeyScope, types: [&'static str; 2]) {
        let first = *scope.first.get_or_init(|| types);
        if first == types || scope.is_told.swap(true, Ordering::Relaxed) {
            return;
        }
        let differ = usize::from(first[0] == types[0]);
        let named =
            |types: [&'static str; 2]| types[differ].trim_start_matches('&').trim_start_matches("mut ");
        let message = format!(
            "{} runs for `{}` and for `{}` with one scope for their idempotency keys, `{}`: with the same key, one is given the result of the other; have the `key` tell them apart, and write `scope = …` to say so",
            facts.source(),
            named(first),
            named(types),
            scope.scope,
        );
        self.tell_of_scope(facts, message);
    }

    fn tell_of_scope(&self, facts: &SiteFacts, message: String) {
        let finding = Finding::new(FindingKind::SharedScope, facts.service, message);
        let mut findings = lock(&self.idempotency.findings);
        if findings.len() < MAX_FINDINGS {
            findings.push(finding.clone());
        }
        drop(findings);
        announce(&[finding]);
    }
}
