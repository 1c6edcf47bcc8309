//! Decides which layer wins when a file, an attribute and others say different things: the order of the layers. In: everything that
//! says something about a service. Out: one value per key. The order is the contract of the whole configuration; it is written here
//! and nowhere else.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::config::entry::Entry;
use crate::config::file::{FileConfig, canonical};
use crate::config::global::MODE;
use crate::config::section::Section;
use crate::layers::agreed::agreed;
use crate::layers::resolved::Resolved;
use crate::layers::site_facts::SiteFacts;
use crate::layers::source::Source;
use crate::layers::templates;
use crate::policy::{CallPolicy, Key, Patch, ServiceKind, Sort, Value};
use crate::rules::clauses::with_clauses;

/// So many templates are kept as they have been laid, each for a few kilobytes. Who has more mostly asks for the last.
const TEMPLATES_KEPT: usize = 1_000;

/// The layers that services share: the defaults with each template that was asked for over them.
#[derive(Debug)]
pub struct Ground<'f> {
    file: Option<&'f FileConfig>,
    laid: RefCell<HashMap<String, Resolved>>,
}

/// The layers of one service, before any call site adds its own.
#[derive(Debug)]
pub struct Layers<'g> {
    file: Option<&'g FileConfig>,
    /// The layers up to what the call sites agree upon.
    below: Resolved,
    service: Option<&'g Entry>,
    update: Vec<(Key, Value)>,
    over: Option<&'g Entry>,
}

/// The settings of a service, without what single call sites write for themselves.
#[cfg(test)]
pub fn resolve_service(
    name: &str,
    sites: &[&SiteFacts],
    file: Option<&FileConfig>,
    update: Option<&Patch>,
) -> Resolved {
    Ground::new(file).layers(name, sites, update).of_service()
}

/// The settings of one call site; `sites` are all those of its service.
#[cfg(all(test, feature = "file"))]
pub fn resolve_site(
    site: &SiteFacts,
    sites: &[&SiteFacts],
    file: Option<&FileConfig>,
    update: Option<&Patch>,
) -> Resolved {
    Ground::new(file).layers(site.service, sites, update).of_site(site)
}

impl<'f> Ground<'f> {
    pub fn new(file: Option<&'f FileConfig>) -> Self {
        Self { file, laid: RefCell::default() }
    }

    /// The layers of a service; `sites` are all its call sites.
    pub fn layers(&self, name: &str, sites: &[&SiteFacts], update: Option<&Patch>) -> Layers<'f> {
        let file = self.file;
        let (inline, disputes) = agreed(name, sites);
        let service = file.and_then(|file| file.services.get(name));
        let over = file.and_then(|file| aimed_at_service(file, name));
        let update = update.map(|patch| with_clauses(patch.iter())).unwrap_or_default();

        let kind = kind_of(over, &update, service, &inline);
        let template = service.and_then(|entry| entry.base.as_ref()).map_or(kind.name(), |base| &*base.name);
        let mut below = self.template(canonical(template));
        below.service.push_str(name);
        below.findings = disputes;
        for (key, value, source) in inline {
            below.lay(key, value, source);
        }
        below.service_type = service.and_then(|entry| entry.service_type.clone());
        Layers { file, below, service, update, over }
    }

    /// The defaults, then the template: built in, of the file, or both. Belongs to no service yet.
    ///
    /// Calls itself for the template below: as often as templates may stand on one another.
    fn template(&self, name: &str) -> Resolved {
        if let Some(laid) = self.laid.borrow().get(name) {
            return laid.clone();
        }
        let entry = self.file.and_then(|file| file.templates.get(name));
        let kind = ServiceKind::parse(name);
        let base = entry.and_then(|entry| entry.base.as_ref()).filter(|_| kind.is_none());
        let mut laid = match base {
            Some(base) => self.template(canonical(&base.name)),
            None => defaults(kind, self.file),
        };
        if let (Some(file), Some(entry)) = (self.file, entry) {
            let name: Arc<str> = entry.name().into();
            let source =
                |line| Source::FileTemplate { name: Arc::clone(&name), file: file.origin.clone(), line };
            lay_entry(&mut laid, entry, source);
        }
        let mut known = self.laid.borrow_mut();
        if known.len() == TEMPLATES_KEPT {
            known.clear();
        }
        known.insert(name.to_owned(), laid.clone());
        laid
    }
}

impl Layers<'_> {
    /// The settings of the service.
    pub fn of_service(&self) -> Resolved {
        self.resolve(None, &Patch::new())
    }

    /// The same, if these changes were written where nothing is stronger.
    pub fn of_service_with(&self, changes: &Patch) -> Resolved {
        self.resolve(None, changes)
    }

    /// The settings of one of its call sites.
    pub fn of_site(&self, site: &SiteFacts) -> Resolved {
        self.resolve(Some(site), &Patch::new())
    }

    /// What the calls of a site do; `of_service` are the settings of the service, which most sites add nothing to.
    pub fn call_policy(&self, of_service: &Resolved, site: &SiteFacts) -> CallPolicy {
        if self.differs(site) { self.of_site(site).call_policy() } else { of_service.call_policy() }
    }

    /// Whether a call site has settings that are not those of its service.
    pub fn differs(&self, site: &SiteFacts) -> bool {
        site.degradation_only || site.writes(Sort::Call) || self.aimed_at(site).next().is_some()
    }

    /// Whether somebody who means this service writes of its breaker, which is on then whatever the attribute.
    fn writes_breaker(&self, site: &SiteFacts) -> bool {
        let in_entry = |entry: &Entry| entry.values.get(Key::Breaker).is_some();
        site.inline.iter().any(|(key, _)| *key == Key::Breaker)
            || self.update.iter().any(|(key, _)| *key == Key::Breaker)
            || self.service.into_iter().chain(self.over).chain(self.aimed_at(site)).any(in_entry)
    }

    /// What the file overrides of one call site: by the path that it may have in common with others, then by its own.
    fn aimed_at(&self, site: &SiteFacts) -> impl Iterator<Item = &Entry> {
        let file = self.file.filter(|file| !file.overrides.is_empty());
        let paths = file.map(|_| [Some(site.path()), site.whole_path().map(str::to_owned)]);
        let mut paths: Vec<String> = paths.into_iter().flatten().flatten().collect();
        paths.dedup();
        let named = move |path: String| file?.overrides.get(&format!("{}@{path}", self.below.service));
        paths.into_iter().filter_map(named).filter(|entry| entry.section == Section::SiteOverride)
    }

    fn resolve(&self, site: Option<&SiteFacts>, changes: &Patch) -> Resolved {
        let origin = || self.file.map(|file| file.origin.clone()).unwrap_or_default();
        let mut resolved = self.below.clone();
        if let Some(site) = site.filter(|site| site.degradation_only) {
            resolved.lay(Key::AttemptTimeout, Value::Off, site.source());
            resolved.lay(Key::Deadline, Value::Off, site.source());
            if !self.writes_breaker(site) {
                resolved.lay(Key::CircuitBreakerEnabled, Value::Switch(false), site.source());
            }
        }
        if let Some(entry) = self.service {
            lay_entry(&mut resolved, entry, |line| Source::File { file: origin(), line });
        }
        if let Some(site) = site {
            for (key, value) in site.written(Sort::Call) {
                resolved.lay(key, value, site.source());
            }
        }
        for (key, value) in &self.update {
            resolved.lay(*key, value.clone(), Source::Update);
        }
        for entry in self.over.into_iter().chain(site.into_iter().flat_map(|site| self.aimed_at(site))) {
            lay_entry(&mut resolved, entry, |line| Source::Override { file: origin(), line });
        }
        for (key, value) in with_clauses(changes.iter()) {
            resolved.lay(key, value, Source::Update);
        }
        crate::layers::settle::settle(&mut resolved, self.file);
        resolved
    }
}

/// What the file overrides of a service.
fn aimed_at_service<'f>(file: &'f FileConfig, service: &str) -> Option<&'f Entry> {
    file.overrides.get(service).filter(|entry| entry.section == Section::Override)
}

/// What holds for every service: the defaults, what `[global]` says in place of one, and the template of a kind.
fn defaults(kind: Option<ServiceKind>, file: Option<&FileConfig>) -> Resolved {
    let mut laid = Resolved::new("");
    for (key, value) in templates::defaults().iter() {
        laid.lay(key, value.clone(), Source::BuiltIn);
    }
    if let Some(file) = file
        && let Some(line) = file.global.line_of(MODE)
    {
        laid.lay(
            Key::Mode,
            Value::Mode(file.global.mode),
            Source::Global { file: file.origin.clone(), line },
        );
    }
    if let Some(kind) = kind {
        for (key, value) in templates::built_in(kind).iter() {
            laid.lay(key, value.clone(), Source::Template { name: kind.name() });
        }
    }
    laid
}

fn lay_entry(resolved: &mut Resolved, entry: &Entry, source: impl Fn(u32) -> Source) {
    for written in entry.values.iter() {
        resolved.lay(written.key, written.value.clone(), source(written.line));
    }
}

/// The kind decides the template, so it has to be known before the layers are laid.
fn kind_of(
    over: Option<&Entry>,
    update: &[(Key, Value)],
    service: Option<&Entry>,
    inline: &[(Key, Value, Source)],
) -> ServiceKind {
    let in_entry = |entry: Option<&Entry>| entry?.values.get(Key::Kind).map(|written| written.value.clone());
    let in_update = || update.iter().find(|(key, _)| *key == Key::Kind).map(|(_, value)| value.clone());
    let in_sites = || inline.iter().find(|(key, ..)| *key == Key::Kind).map(|(_, value, _)| value.clone());
    match in_entry(over).or_else(in_update).or_else(|| in_entry(service)).or_else(in_sites) {
        Some(Value::Kind(kind)) => kind,
        _ => ServiceKind::Generic,
    }
}

#[cfg(all(test, feature = "file"))]
pub mod tests;
