//! Puts a key of a service, template or override and its value into its table. In: a key and its value, as written. Out: both in a
//! table of settings, or a fault; a key with a fault is left out.

use std::ops::Range;

use super::document::Document;
use super::labels;
use super::read::{Refusal, read, refused_items};
use super::toml::{Item, Name};
use crate::config::entry::{Entry, Reference};
use crate::config::fault::Fault;
use crate::config::section::SERVICE_TYPE;
use crate::config::section::Section;
use crate::config::values::Written;
use crate::policy::{Clause, Key, Value};
use crate::shown::clipped;

impl Entry {
    /// Takes a key of this table or of one of its clauses, which is a key that there is.
    pub(crate) fn take(
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
    pub(crate) fn takes(&self, clause: Clause, name: &str) -> bool {
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
            Err(refusal) => self.refuse(document, key, name, item, &refusal),
        }
    }

    /// Reports a value that its key does not take; of a list over several lines, each item in its own line.
    fn refuse(
        &self,
        document: &mut Document<'_>,
        key: Key,
        name: &Name<'_>,
        item: &Item<'_>,
        refusal: &Refusal<'_>,
    ) {
        let items = match &item.value {
            list if document.has_several_lines(item.span.clone()) => refused_items(key.info().shape, list),
            _ => Vec::new(),
        };
        let verb = if items.is_empty() { "not" } else { "without" };
        let spans = items.iter().map(|item| item.span.clone());
        let whole = items.is_empty().then(|| item.span.clone());
        for (number, span) in spans.chain(whole).enumerate() {
            document.report_at(span.start, |document| {
                let path = self.path_of(key, name);
                let written = document.written(span.clone());
                let message = format!("`{path}` must be {}, {verb} `{written}`", refusal.accepted());
                let mut fault = Fault::new(path, span, message).label("not accepted");
                // What is said of the whole is said once.
                fault.help = (number == 0).then(|| refusal.help(key.info().name)).flatten();
                fault
            });
        }
    }

    /// Lays down a value, unless the key has no place here or has one by its other name.
    pub(crate) fn put(
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
