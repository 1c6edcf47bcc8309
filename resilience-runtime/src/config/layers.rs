//! The layers in their order: everything that says something about a service goes in, one value per key
//! comes out. The order is the contract of the whole configuration; it is written here and nowhere else.

use std::collections::BTreeMap;

use super::chain::Chain;
use super::clauses::switch_of;
use super::entry::Entry;
use super::file::FileConfig;
use super::finding::{Finding, FindingKind};
use super::overrides::OverrideTarget;
use super::resolved::Resolved;
use super::site_facts::SiteFacts;
use super::source::Source;
use super::templates;
use crate::policy::{Key, Patch, ServiceKind, Sort, Value};

/// The settings of a service, without what single call sites write for themselves.
pub(crate) fn resolve_service(
    name: &str,
    sites: &[&SiteFacts],
    file: Option<&FileConfig>,
    update: Option<&Patch>,
) -> Resolved {
    resolve(name, None, sites, file, update)
}

/// The settings of one call site; `sites` are all those of its service.
pub(crate) fn resolve_site(
    site: &SiteFacts,
    sites: &[&SiteFacts],
    file: Option<&FileConfig>,
    update: Option<&Patch>,
) -> Resolved {
    resolve(site.service, Some(site), sites, file, update)
}

fn resolve(
    name: &str,
    site: Option<&SiteFacts>,
    sites: &[&SiteFacts],
    file: Option<&FileConfig>,
    update: Option<&Patch>,
) -> Resolved {
    let mut resolved = Resolved::new(name);
    let inline = agreed(&mut resolved, sites);
    let service = file.and_then(|file| file.services.get(name));
    let aimed = |site: Option<String>| {
        let service = name.to_owned();
        file?.overrides.get(&OverrideTarget { service, site })
    };
    let (broad, narrow) = (aimed(None), site.and_then(|site| aimed(Some(site.path()))));
    let update: Vec<(Key, Value)> = update.map(|patch| with_clauses(patch.iter())).unwrap_or_default();

    let kind = kind_of(broad, &update, service, &inline);
    let template =
        service.and_then(|entry| entry.base.as_ref()).map_or(kind.name(), |base| base.name.as_str());
    lay_template(&mut resolved, file, template);
    if let Some(site) = site.filter(|site| site.degradation_only) {
        resolved.lay(Key::AttemptTimeout, Value::Off, site.source());
        resolved.lay(Key::Deadline, Value::Off, site.source());
        if !site.inline.iter().any(|(key, _)| *key == Key::Breaker) {
            resolved.lay(Key::CircuitBreakerEnabled, Value::Switch(false), site.source());
        }
    }
    for (key, value, source) in inline {
        resolved.lay(key, value, source);
    }
    if let (Some(entry), Some(file)) = (service, file) {
        lay_entry(&mut resolved, entry, |line| Source::File { file: file.origin.clone(), line });
        resolved.service_type = entry.service_type.map(|(label, _)| label);
    }
    if let Some(site) = site {
        for (key, value) in site.written(Sort::Call) {
            resolved.lay(key, value, site.source());
        }
    }
    for (key, value) in update {
        resolved.lay(key, value, Source::Update);
    }
    for entry in broad.into_iter().chain(narrow) {
        let file = file.map(|file| file.origin.clone()).unwrap_or_default();
        lay_entry(&mut resolved, entry, |line| Source::Override { file: file.clone(), line });
    }
    super::settle::settle(&mut resolved, file);
    resolved
}

/// The defaults, then the template: built in, of the file, or both.
fn lay_template(resolved: &mut Resolved, file: Option<&FileConfig>, template: &str) {
    for (key, value) in templates::defaults().iter() {
        resolved.lay(key, value.clone(), Source::BuiltIn);
    }
    let chain = Chain::of(file, template);
    if let Some(kind) = chain.built_in {
        for (key, value) in templates::built_in(kind).iter() {
            resolved.lay(key, value.clone(), Source::Template { name: kind.name() });
        }
    }
    for (name, entry) in chain.tables {
        let origin = file.map(|file| file.origin.clone()).unwrap_or_default();
        lay_entry(resolved, entry, |line| Source::FileTemplate {
            name: name.into(),
            file: origin.clone(),
            line,
        });
    }
}

fn lay_entry(resolved: &mut Resolved, entry: &Entry, source: impl Fn(u32) -> Source) {
    for (key, written) in &entry.values {
        resolved.lay(*key, written.value.clone(), source(written.line));
    }
}

/// The kind decides the template, so it has to be known before the layers are laid.
fn kind_of(
    over: Option<&Entry>,
    update: &[(Key, Value)],
    service: Option<&Entry>,
    inline: &[(Key, Value, Source)],
) -> ServiceKind {
    let in_entry = |entry: Option<&Entry>| entry?.values.get(&Key::Kind).map(|written| written.value.clone());
    let in_update = || update.iter().find(|(key, _)| *key == Key::Kind).map(|(_, value)| value.clone());
    let in_sites = || inline.iter().find(|(key, ..)| *key == Key::Kind).map(|(_, value, _)| value.clone());
    match in_entry(over).or_else(in_update).or_else(|| in_entry(service)).or_else(in_sites) {
        Some(Value::Kind(kind)) => kind,
        _ => ServiceKind::Generic,
    }
}

/// The service keys that the call sites write. Where two differ neither counts, because link order would
/// decide between them.
fn agreed(resolved: &mut Resolved, sites: &[&SiteFacts]) -> Vec<(Key, Value, Source)> {
    let mut written: BTreeMap<Key, Vec<(Value, Source)>> = BTreeMap::new();
    for site in sites {
        for (key, value) in site.written(Sort::Service) {
            written.entry(key).or_default().push((value, site.source()));
        }
    }
    let mut agreed = Vec::new();
    for (key, values) in written {
        let Some((value, source)) = values.first().cloned() else {
            continue;
        };
        match values.iter().find(|(other, _)| *other != value) {
            None => agreed.push((key, value, source)),
            Some((other, elsewhere)) => {
                let service = &resolved.service;
                let kind = if key == Key::Kind {
                    FindingKind::ConflictingKinds
                } else {
                    FindingKind::ConflictingInline
                };
                let message = format!(
                    "`{service}`: `{}` is `{value}` at {source} and `{other}` at {elsewhere}; neither counts, the file \
                     or the template decides",
                    key.path()
                );
                resolved.findings.push(Finding::new(kind, service, message));
            }
        }
    }
    agreed
}

/// The keys of one layer; a clause with a written key is on unless the same layer says otherwise.
pub(super) fn with_clauses<'v>(layer: impl Iterator<Item = (Key, &'v Value)>) -> Vec<(Key, Value)> {
    let mut keys: BTreeMap<Key, Value> = layer.map(|(key, value)| (key, value.clone())).collect();
    let clauses: Vec<(Key, Value)> = keys.keys().filter_map(|key| switch_of(key.info().clause)).collect();
    for (switch, on) in clauses {
        keys.entry(switch).or_insert(on);
    }
    keys.into_iter().collect()
}

#[cfg(test)]
pub(in crate::config) mod tests;
