//! One table of settings goes in (a template, a service, an override), its keys with values and places come
//! out. Every fault of the table is reported; keys with faults are left out.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::clauses::{named, switch_of};
use super::document::Document;
use super::fault::Fault;
use super::labels;
use super::read::read;
use super::suggest::did_you_mean;
use super::unknown::help_for_unknown;
use crate::policy::{Clause, Key, Sort, Value};

/// The tables that hold keys. They differ in what else they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Template,
    Service,
    Override,
    SiteOverride,
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    pub(super) value: Value,
    pub(super) span: Range<usize>,
    pub(crate) line: u32,
}

/// The name of a template, with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reference {
    pub(super) name: String,
    pub(super) span: Range<usize>,
}

/// One table of settings.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(super) path: String,
    pub(super) span: Range<usize>,
    pub(crate) line: u32,
    pub(super) values: BTreeMap<Key, Written>,
    /// `template` of a service, `extends` of a template.
    pub(super) base: Option<Reference>,
    pub(super) service_type: Option<(&'static str, u32)>,
}

impl Section {
    /// The word that names the template below.
    pub(super) fn base_word(self) -> Option<&'static str> {
        match self {
            Self::Template => Some("extends"),
            Self::Service => Some("template"),
            Self::Override | Self::SiteOverride => None,
        }
    }

    /// Why the key has no place here, if it has none.
    fn refuses(self, key: Key) -> Option<&'static str> {
        match self {
            Self::Template if key == Key::Kind => Some("a template has no kind; write it in the service"),
            Self::SiteOverride if key.info().sort == Sort::Service => {
                Some("it acts on the whole service; write it under the name without `@`")
            }
            _ => None,
        }
    }
}

/// Reads one table of settings.
pub(super) fn read_entry(
    document: &mut Document<'_>,
    section: Section,
    path: String,
    span: Range<usize>,
    table: &DeTable<'_>,
) -> Entry {
    let mut entry = Entry {
        line: document.line(span.start),
        path,
        span,
        values: BTreeMap::new(),
        base: None,
        service_type: None,
    };
    for (key, value) in table {
        let (name, at, value_at) = (key.get_ref().as_ref(), key.span(), value.span());
        let path = format!("{}.{name}", entry.path);
        if section.base_word() == Some(name) {
            let text = text_of(document, &path, value.get_ref(), value_at.clone(), "the name of a template");
            entry.base = text.map(|name| Reference { name, span: value_at });
        } else if name == "service_type" && section == Section::Service {
            let label = text_of(document, &path, value.get_ref(), value_at.clone(), "a label");
            entry.service_type = label.and_then(|text| label_of(document, &path, &text, value_at));
        } else if let (Some(clause), DeValue::Table(inner)) = (named(name), value.get_ref()) {
            if let Some((switch, on)) = switch_of(clause) {
                entry.put(document, section, switch, on, at);
            }
            for (key, value) in inner {
                read_key(document, section, &mut entry, clause, (key.get_ref(), key.span()), value);
            }
        } else {
            read_key(document, section, &mut entry, Clause::Top, (name, at), value);
        }
    }
    entry
}

fn read_key(
    document: &mut Document<'_>,
    section: Section,
    entry: &mut Entry,
    clause: Clause,
    (name, at): (&str, Range<usize>),
    value: &toml::Spanned<DeValue<'_>>,
) {
    let parent = match clause {
        Clause::Top => entry.path.clone(),
        inner => format!("{}.{}", entry.path, inner.name()),
    };
    let path = format!("{parent}.{name}");
    let Some(key) = Key::find(clause, name) else {
        let help = help_for_unknown(section, clause, name);
        let message = format!("`{path}` is not a key");
        document.report(Fault::new(path, at, message).label("unknown key").with_help(help));
        return;
    };
    match read(key.info().shape, value.get_ref()) {
        Ok(read) => entry.put(document, section, key, read, value.span()),
        Err(refusal) => {
            let written = document.written(value.span());
            let message = format!("`{path}` must be {}, not `{written}`", refusal.accepted);
            let mut fault = Fault::new(path, value.span(), message).label("not accepted");
            fault.help = refusal.help;
            document.report(fault);
        }
    }
}

impl Entry {
    fn put(
        &mut self,
        document: &mut Document<'_>,
        section: Section,
        key: Key,
        value: Value,
        span: Range<usize>,
    ) {
        let path = format!("{}.{}", self.path, key.path());
        if let Some(reason) = section.refuses(key) {
            let message = format!("`{path}` has no place here: {reason}");
            document.report(Fault::new(path, span, message).label("has no place here"));
            return;
        }
        if let Some(first) = self.values.get(&key) {
            let message = format!("`{path}` is written twice, under both of its names; keep one");
            let fault = Fault::new(path, span, message).label("written again");
            document.report(fault.also(first.span.clone(), "first written here"));
            return;
        }
        let line = document.line(span.start);
        self.values.insert(key, Written { value, span, line });
    }
}

fn text_of(
    document: &mut Document<'_>,
    path: &str,
    value: &DeValue<'_>,
    span: Range<usize>,
    what: &str,
) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let message = format!("`{path}` must be {what}, not `{}`", document.written(span.clone()));
    document.report(Fault::new(path, span, message).label("not a string"));
    None
}

fn label_of(
    document: &mut Document<'_>,
    path: &str,
    text: &str,
    span: Range<usize>,
) -> Option<(&'static str, u32)> {
    let found = labels::find(text);
    if found.is_none() {
        let message = format!("`{path}` must be a known label, not `{text}`");
        let help = did_you_mean(text, &labels::all(), "the labels are");
        document.report(Fault::new(path, span.clone(), message).label("unknown label").with_help(help));
    }
    Some((found?, document.line(span.start)))
}
