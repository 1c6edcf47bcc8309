//! One table of settings: a template, a service, an override. Its keys go in one by one, with what is wrong with them
//! reported; keys with faults are left out.

use std::ops::Range;
use std::sync::Arc;

#[cfg(feature = "config")]
use super::document::Document;
#[cfg(feature = "config")]
use super::fault::Fault;
#[cfg(feature = "config")]
use super::labels;
use super::place::Tables;
#[cfg(feature = "config")]
use super::read::read;
#[cfg(feature = "config")]
use super::shown::clipped;
use super::shown::quoted;
#[cfg(feature = "config")]
use super::toml::{Item, Name};
#[cfg(feature = "config")]
use super::values::Written;
use super::values::{Values, narrow};
#[cfg(feature = "config")]
use crate::policy::{Clause, Value};
use crate::policy::{Key, ServiceKind, Sort};

/// The tables that hold keys. They differ in what else they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Template,
    Service,
    Override,
    SiteOverride,
}

/// The name of a template, with its place.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) name: Box<str>,
    pub(super) span: Range<usize>,
}

/// One table of settings.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// As others name it: a built-in template by its name in snake case.
    name: Box<str>,
    /// Whether it was written in camel case.
    is_camel: bool,
    pub(super) section: Section,
    pub(crate) line: u32,
    start: u32,
    end: u32,
    pub(super) tables: Tables,
    pub(super) values: Values,
    /// `template` of a service, `extends` of a template.
    pub(super) base: Option<Box<Reference>>,
    pub(super) service_type: Option<Arc<str>>,
}

impl Section {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Template => "templates",
            Self::Service => "services",
            Self::Override | Self::SiteOverride => "overrides",
        }
    }

    /// The word that names the template below.
    pub(super) const fn base_word(self) -> Option<&'static str> {
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

impl Entry {
    pub(super) fn new(section: Section, name: &str, is_camel: bool, span: &Range<usize>, line: u32) -> Self {
        Self {
            name: name.into(),
            is_camel,
            section,
            line,
            start: narrow(span.start),
            end: narrow(span.end),
            tables: Tables::default(),
            values: Values::default(),
            base: None,
            service_type: None,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn is_camel(&self) -> bool {
        self.is_camel
    }

    /// Where its name stands first.
    pub(super) fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// `services.search`, with the name as it is written.
    pub(super) fn path(&self) -> String {
        let kind = ServiceKind::parse(&self.name).filter(|_| self.is_camel);
        let written = kind.map(|kind| format!("{kind:?}"));
        format!("{}.{}", self.section.name(), quoted(written.as_deref().unwrap_or(&self.name)))
    }
}

#[cfg(feature = "config")]
impl Entry {
    /// Takes a key of this table or of one of its clauses, which is a key that there is.
    pub(super) fn take(
        &mut self,
        document: &mut Document<'_>,
        clause: Clause,
        name: &Name<'_>,
        item: &Item<'_>,
    ) {
        let word = name.text.as_ref();
        if clause == Clause::Top && self.section.base_word() == Some(word) {
            self.take_base(document, name, item);
        } else if clause == Clause::Top && self.section == Section::Service && word == SERVICE_TYPE {
            self.take_label(document, name, item);
        } else if let Some(key) = Key::find(clause, word) {
            self.take_key(document, key, name, item);
        }
    }

    /// Whether there is a key of this name in the table or one of its clauses.
    pub(super) fn takes(&self, clause: Clause, name: &str) -> bool {
        let is_word = clause == Clause::Top
            && (self.section.base_word() == Some(name)
                || self.section == Section::Service && name == SERVICE_TYPE);
        is_word || Key::find(clause, name).is_some()
    }

    fn take_key(&mut self, document: &mut Document<'_>, key: Key, name: &Name<'_>, item: &Item<'_>) {
        let is_alias = key.info().alias == Some(&*name.text);
        if self.values.get(key).is_some_and(|first| first.is_alias == is_alias) {
            document.report_twice(name.span.clone());
            return;
        }
        match read(key.info().shape, &item.value) {
            Ok(value) => self.put(document, key, value, item.span.clone(), is_alias),
            Err(refusal) => document.report_at(item.span.start, |document| {
                let path = self.path_of(key, name);
                let written = document.written(item.span.clone());
                let message = format!("`{path}` must be {}, not `{written}`", refusal.accepted());
                let mut fault = Fault::new(path, item.span.clone(), message).label("not accepted");
                fault.help = refusal.help();
                fault
            }),
        }
    }

    /// Lays down a value, unless the key has no place here or has one by its other name.
    pub(super) fn put(
        &mut self,
        document: &mut Document<'_>,
        key: Key,
        value: Value,
        span: Range<usize>,
        is_alias: bool,
    ) {
        if let Some(reason) = self.section.refuses(key) {
            document.report_at(span.start, |_| {
                let path = format!("{}.{}", self.path(), key.path());
                let message = format!("`{path}` has no place here: {reason}");
                Fault::new(path, span, message).label("has no place here")
            });
            return;
        }
        if let Some(first) = self.values.get(key) {
            document.report_at(span.start, |_| {
                let path = format!("{}.{}", self.path(), key.path());
                let message = format!("`{path}` is written twice, under both of its names; keep one");
                let fault = Fault::new(path, span, message).label("written again");
                fault.also(first.span(), "first written here")
            });
            return;
        }
        let line = document.line(span.start);
        let is_bare = document.is_number(span.clone());
        let mut written = Written::new(key, value, &span, line, is_alias);
        written.is_bare = is_bare;
        self.values.insert(written);
    }

    fn path_of(&self, key: Key, name: &Name<'_>) -> String {
        match key.info().clause {
            Clause::Top => format!("{}.{}", self.path(), name.text),
            clause => format!("{}.{}.{}", self.path(), clause.name(), name.text),
        }
    }

    fn take_base(&mut self, document: &mut Document<'_>, name: &Name<'_>, item: &Item<'_>) {
        if self.base.is_some() {
            document.report_twice(name.span.clone());
        } else if let Some(text) = self.text_of(document, name, item, "the name of a template") {
            self.base = Some(Box::new(Reference { name: text.into(), span: item.span.clone() }));
        }
    }

    fn take_label(&mut self, document: &mut Document<'_>, name: &Name<'_>, item: &Item<'_>) {
        if self.service_type.is_some() {
            document.report_twice(name.span.clone());
            return;
        }
        let Some(text) = self.text_of(document, name, item, "a label") else { return };
        self.service_type = labels::read(text);
        if self.service_type.is_none() {
            document.report_at(item.span.start, |_| {
                let path = format!("{}.{}", self.path(), name.text);
                let message = format!("`{path}` must be {}, not `{}`", labels::ACCEPTED, clipped(text));
                Fault::new(path, item.span.clone(), message).label("not accepted")
            });
        }
    }

    fn text_of<'i>(
        &self,
        document: &mut Document<'_>,
        name: &Name<'_>,
        item: &'i Item<'_>,
        what: &str,
    ) -> Option<&'i str> {
        let text = item.value.as_str();
        if text.is_none() {
            document.report_at(item.span.start, |document| {
                let path = format!("{}.{}", self.path(), name.text);
                let written = document.written(item.span.clone());
                let message = format!("`{path}` must be {what}, not `{written}`");
                Fault::new(path, item.span.clone(), message).label("not a string")
            });
        }
        text
    }
}

pub(super) const SERVICE_TYPE: &str = "service_type";
