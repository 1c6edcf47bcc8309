//! Decides which keys of a file have no effect at a call site. In: the site and the settings in force there. Out: the keys that
//! somebody wrote and that do nothing, each with the reason. Stands apart from the [settling](crate::layers::settle), which
//! compares keys with each other: here the code of the site decides, which no layer can change.

use crate::layers::finding::{Finding, FindingKind};
use crate::layers::offers::Offers;
use crate::layers::resolved::{Effective, Resolved};
use crate::layers::settle::idle_because;
use crate::layers::site_facts::SiteFacts;
use crate::layers::source::Source;
use crate::policy::{Clause, Key, Sort, Value};
use crate::rules::acts::{self, switch_over};
use crate::rules::clauses::clause_of;

/// A key without effect at a call site.
#[derive(Clone, Debug)]
pub struct Inert {
    pub key: Key,
    pub reason: String,
    source: Source,
    /// Whether whoever wrote the key is told, as nothing but code can make it act.
    is_told: bool,
}

/// A call site, with its settings where they are not those of its service.
#[derive(Debug)]
pub struct AtSite<'s> {
    pub site: &'s SiteFacts,
    pub own: Option<Resolved>,
}

/// The keys of these settings that have no effect at the site.
pub fn inert(site: &SiteFacts, resolved: &Resolved) -> Vec<Inert> {
    let written = resolved.iter().filter(|entry| entry.source.is_written());
    written.filter_map(|entry| judge(site, resolved, entry)).collect()
}

/// What the sites of a service make of its settings, told to whoever wrote them.
///
/// A key of a single call is told for each site. State that sites share, and templates, which services share, are meant
/// for whoever can use them: told when nobody can.
pub fn find_inert(service: &str, sites: &[AtSite<'_>], of_service: &Resolved) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut shared = [const { Vec::<(&SiteFacts, Inert)>::new() }; Key::ALL.len()];
    for AtSite { site, own } in sites {
        for one in inert(site, own.as_ref().unwrap_or(of_service)).into_iter().filter(|one| one.is_told) {
            let is_shared =
                one.key.info().sort == Sort::Service || matches!(one.source, Source::FileTemplate { .. });
            if is_shared {
                shared[one.key as usize].push((site, one));
            } else {
                findings.push(told(service, site, &one, ""));
            }
        }
    }
    for at in &shared {
        if at.len() == sites.len()
            && let Some((site, one)) = at.first()
        {
            let others = match at.len() - 1 {
                0 => String::new(),
                count => format!(", nor at its {count} other call sites"),
            };
            findings.push(told(service, site, one, &others));
        }
    }
    findings
}

fn told(service: &str, site: &SiteFacts, one: &Inert, others: &str) -> Finding {
    let message = format!(
        "`{service}`: `{}` ({}) has no effect in {} ({}:{}){others}: {}",
        one.key.path(),
        one.source,
        site.path(),
        site.file,
        site.line,
        one.reason
    );
    Finding::new(FindingKind::WithoutEffect, service, message)
}

fn judge(site: &SiteFacts, resolved: &Resolved, entry: &Effective) -> Option<Inert> {
    let Effective { key, value, source, .. } = entry;
    let (key, source) = (*key, source.clone());
    // Nobody wrote what only follows another key.
    let follows = entry.adjusted.as_ref().is_some_and(|adjusted| adjusted.original == *value);
    // What the settling has found is said there.
    if follows || says_what_is_so(key, value) || idle_because(resolved, key).is_some() {
        return None;
    }
    if let Some(reason) = lacks(site, key) {
        return Some(Inert { key, reason: reason.to_owned(), source, is_told: true });
    }
    let by = switched_off_by(site, resolved, key)?;
    let reason = format!("`{}` is {} ({})", by.key.path(), by.value, by.source);
    // Switched off by somebody who can switch it on again: the keys wait for that. An attribute cannot be reached.
    let is_told = matches!(by.source, Source::Inline { .. })
        && !matches!(source, Source::Inline { .. } | Source::FileTemplate { .. });
    Some(Inert { key, reason, source, is_told })
}

/// Whether the value asks for what happens anyway where the key cannot act.
fn says_what_is_so(key: Key, value: &Value) -> bool {
    *value == Value::Off || (key == Key::MaxAttempts && *value == Value::Count(1))
}

/// What the site would need for the key to act.
fn lacks(site: &SiteFacts, key: Key) -> Option<&'static str> {
    let lacks = |offers: Offers, reason| (!site.offers.has_any(offers)).then_some(reason);
    let or_of_handle =
        |reason, of_handle| if site.offers.has_all(Offers::BY_HANDLE) { of_handle } else { reason };
    match key {
        Key::DegradeTimeout => lacks(
            Offers::REDIRECT.and(Offers::FALLBACK),
            "it has no `redirect` and no `fallback` that could be waited for",
        ),
        Key::DegradationEnabled => lacks(
            Offers::ANSWERS,
            "nothing answers for a failed call: its attribute has no `cache`, `redirect`, `fallback` or `static_response`",
        ),
        Key::MaxPartitions => lacks(Offers::PARTITION, "its attribute has no `partition`"),
        _ if is_of(key, Clause::Hedge, Key::Hedge) => lacks(
            Offers::HEDGE,
            or_of_handle(
                "its body cannot run in copies; write `idempotent = true` and `hedge` in its attribute",
                "a handle runs no copies; an annotated function with `idempotent = true` and `hedge` does",
            ),
        ),
        _ if is_of(key, Clause::Cache, Key::Cache) => lacks(
            Offers::CACHE,
            or_of_handle(
                "it keeps no answers; write `cache`, with the key to keep them by, in its attribute",
                "a handle keeps no answers; an annotated function with `cache` does",
            ),
        ),
        Key::IdempotencyOnUnavailable if site.offers.has_all(Offers::IDEMPOTENCY) => lacks(
            Offers::STORE,
            "its keys are kept in the memory of this process, which is never away; write `store` in its attribute",
        ),
        _ if is_of(key, Clause::Idempotency, Key::Idempotency) => lacks(
            Offers::IDEMPOTENCY,
            or_of_handle(
                "it has no keys; write `idempotency`, with the key of a call, in its attribute",
                "a handle has no keys; an annotated function with `idempotency` does",
            ),
        ),
        _ if site.degradation_only && is_about_retries(site, key) => {
            Some("its body runs once, as `graceful_degradation` alone never retries")
        }
        _ => None,
    }
}

/// The setting that switches off what the key is about, as far as this site goes.
fn switched_off_by<'r>(site: &SiteFacts, resolved: &'r Resolved, key: Key) -> Option<&'r Effective> {
    let by = |switch: Key, off: &Value| {
        resolved.effective(switch).filter(|entry| switch != key && entry.value == *off)
    };
    let no = Value::Switch(false);
    let of_retries = || {
        // `max_attempts = 1` beside `retry_enabled = false`: each is idle because of the other, and either is enough.
        let off = by(Key::RetryEnabled, &no).or_else(|| by(Key::MaxAttempts, &Value::Count(1)));
        off.filter(|_| is_about_retries(site, key))
    };
    of_retries().or_else(|| match key {
        Key::CircuitBreakerEnabled => by(Key::Breaker, &Value::Off),
        Key::RetryBudgetEnabled => by(Key::Budget, &Value::Off),
        key => switch_over(key).and_then(|switch| by(switch, &no)),
    })
}

fn is_of(key: Key, clause: Clause, switch: Key) -> bool {
    key == switch || clause_of(key) == clause
}

/// Whether the key only says something about further runs of the body. A copy is one too: it is paid for like a retry.
fn is_about_retries(site: &SiteFacts, key: Key) -> bool {
    match key {
        Key::MaxAttempts | Key::RetryEnabled => true,
        key if acts::is_about_retries(key) => true,
        Key::Idempotent => !site.offers.has_any(Offers::HEDGE),
        key => {
            (key == Key::RetryBudgetEnabled || is_of(key, Clause::Budget, Key::Budget))
                && !site.offers.has_any(Offers::HEDGE)
        }
    }
}

#[cfg(all(test, feature = "file"))]
mod tests;
