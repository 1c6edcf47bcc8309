//! Carries each statement of a text to its place: a section, a table of settings, a clause of one. Knows which tables there can be;
//! what a key takes is for the table of keys to say.
//!
//! Nothing is kept of what has no place. So a text is read in one pass, in time and memory that its length bounds.

use std::collections::HashSet;
use std::ops::Range;

use toml_parser::{ErrorSink, ParseError, Span};

use crate::config::chaos;
use crate::config::entry::Entry;
use crate::config::fault::Fault;
use crate::config::file::{FileConfig, canonical};
use crate::config::global;
use crate::config::limits::{MAX_NAME, MAX_TABLES};
use crate::config::section::Section;
use crate::config::shedding;
use crate::config::table::{Child, State, TableId, TableSyntax, path_of};
use crate::layers::overrides::OverrideTarget;
use crate::policy::Clause;
use crate::reader::document::Document;
use crate::reader::toml::{Item, Name, Toml};
use crate::reader::walk::unknown::in_quotes;
use crate::rules::clauses::named;

/// The reading of a text.
pub(crate) struct Walk {
    pub(crate) file: FileConfig,
    /// The table of the last header.
    place: TableId,
    /// The states of the tables that hold no settings of a service.
    pub(crate) states: [State; 7],
    /// What has been refused by name. Its name may come again with each header; once is enough.
    pub(crate) refused: HashSet<String>,
    /// The header that is being read with its name in quotes, if it has more names than tables go deep.
    pub(crate) quoted: Option<String>,
    /// Whether there is room for more tables.
    pub(crate) is_full: bool,
}

impl Walk {
    pub(crate) fn new(file: FileConfig) -> Self {
        Self {
            file,
            place: TableId::Root,
            states: [State::Absent; 7],
            refused: HashSet::new(),
            quoted: None,
            is_full: false,
        }
    }

    /// Passes over everything up to the next header.
    pub(crate) fn lose_place(&mut self) {
        self.place = TableId::Nowhere;
    }

    /// Goes to the table of a header.
    pub(crate) fn header(
        &mut self,
        document: &mut Document<'_>,
        path: &[Name<'_>],
        is_list: bool,
        span: Range<usize>,
    ) {
        self.place = TableId::Nowhere;
        let Some((last, above)) = path.split_last() else { return };
        self.quoted = in_quotes(path);
        let mut place = TableId::Root;
        for name in above {
            place = self.enter(document, place, name, TableSyntax::Header, &span);
        }
        let table = match self.child(document, place, last) {
            Child::Table(table) => table,
            Child::Key => return self.take(document, place, last, &table_at(span)),
            Child::Nothing => return,
        };
        match self.state(table) {
            State::List if is_list => {}
            State::Absent if is_list => {
                self.set_state(table, State::List);
                self.report_no_table(document, table, span);
            }
            State::Absent | State::Implicit if !is_list => {
                self.begin(document, table, State::Header, last);
                self.place = table;
            }
            _ => document.report_twice(last.span.clone()),
        }
    }

    /// Takes a key with its value, in the table of the last header.
    pub(crate) fn pair(&mut self, document: &mut Document<'_>, path: &[Name<'_>], item: Item<'_>) {
        self.quoted = None;
        self.assign(document, self.place, path, item);
    }

    /// Calls itself for the keys of an inline table, as deep as the parser has allowed.
    fn assign(&mut self, document: &mut Document<'_>, mut place: TableId, path: &[Name<'_>], item: Item<'_>) {
        let Some((last, above)) = path.split_last() else { return };
        for name in above {
            place = self.enter(document, place, name, TableSyntax::DottedKey, &name.span);
        }
        let table = match self.child(document, place, last) {
            Child::Table(table) => table,
            Child::Key => return self.take(document, place, last, &item),
            Child::Nothing => return,
        };
        if self.state(table) != State::Absent {
            document.report_twice(last.span.clone());
            return;
        }
        match item.value {
            Toml::Table(pairs) => {
                self.begin(document, table, State::Closed, last);
                for (path, item) in pairs {
                    self.assign(document, table, &path, item);
                }
            }
            // `breaker = "off"`: the key of that name above the clause.
            _ if matches!(table, TableId::Clause(..) | TableId::Shedding) => {
                self.set_state(table, State::Closed);
                self.take(document, place, last, &item);
            }
            _ => {
                self.set_state(table, State::Closed);
                self.report_no_table(document, table, item.span);
            }
        }
    }

    /// Goes into a table on the way to another, which may make it.
    fn enter(
        &mut self,
        document: &mut Document<'_>,
        place: TableId,
        name: &Name<'_>,
        way: TableSyntax,
        span: &Range<usize>,
    ) -> TableId {
        let table = match self.child(document, place, name) {
            Child::Table(table) => table,
            Child::Key => {
                self.take(document, place, name, &table_at(span.clone()));
                return TableId::Nowhere;
            }
            Child::Nothing => return TableId::Nowhere,
        };
        match (self.state(table), way) {
            (State::Absent, TableSyntax::Header) => self.begin(document, table, State::Implicit, name),
            (State::Absent | State::Implicit, TableSyntax::DottedKey) => {
                self.begin(document, table, State::Dotted, name);
            }
            (State::Implicit | State::Header | State::Dotted, TableSyntax::Header)
            | (State::Dotted, TableSyntax::DottedKey) => {}
            (State::Header, TableSyntax::DottedKey) => {
                document.report_twice(name.span.clone());
                return TableId::Nowhere;
            }
            (State::Closed, _) => {
                let message = format!("`{}` has a value, which cannot be continued", self.path(table));
                let span = Span::new_unchecked(name.span.start, name.span.end);
                document.report_error(ParseError::new(message).with_unexpected(span));
                return TableId::Nowhere;
            }
            (State::List, _) => return TableId::Nowhere,
        }
        table
    }

    /// What a name means in a table. A table of settings is made when it is named first.
    fn child(&mut self, document: &mut Document<'_>, place: TableId, name: &Name<'_>) -> Child {
        let word = name.text.as_ref();
        let child = match place {
            TableId::Nowhere => return Child::Nothing,
            TableId::Root => match word {
                "global" => Some(Child::Table(TableId::Global)),
                "templates" => Some(Child::Table(TableId::Section(Section::Template))),
                "services" => Some(Child::Table(TableId::Section(Section::Service))),
                "overrides" => Some(Child::Table(TableId::Section(Section::Override))),
                "chaos" => Some(Child::Table(TableId::Chaos)),
                _ => None,
            },
            TableId::Global if word == global::SHEDDING => Some(Child::Table(TableId::Shedding)),
            TableId::Global => is_among(global::KEYS, word).then_some(Child::Key),
            TableId::Shedding => is_among(shedding::KEYS, word).then_some(Child::Key),
            TableId::Chaos => return self.chaos_rule(document, name),
            TableId::ChaosRule(_) => chaos::find(word).map(|_| Child::Key),
            TableId::Section(section) => return self.entry(document, section, name),
            TableId::Entry(section, at) => match named(word) {
                Some(clause) => Some(Child::Table(TableId::Clause(section, at, clause))),
                None => self.takes(section, at, Clause::Top, word).then_some(Child::Key),
            },
            TableId::Clause(section, at, clause) => {
                self.takes(section, at, clause, word).then_some(Child::Key)
            }
        };
        child.unwrap_or_else(|| {
            self.report_unknown(document, place, name);
            Child::Nothing
        })
    }

    fn takes(&self, section: Section, at: u32, clause: Clause, word: &str) -> bool {
        self.file.entries(section).at(at).is_some_and(|entry| entry.takes(clause, word))
    }

    /// The table of settings of that name.
    fn entry(&mut self, document: &mut Document<'_>, section: Section, name: &Name<'_>) -> Child {
        let word = name.text.as_ref();
        let (key, kind) = match section {
            Section::Template => (canonical(word), Section::Template),
            Section::Override => match OverrideTarget::parse(word) {
                Ok(target) if target.site.is_some() => (word, Section::SiteOverride),
                Err(reason) if !word.is_empty() => {
                    return self.refuse_name(document, section, name, reason);
                }
                _ => (word, Section::Override),
            },
            section => (word, section),
        };
        if word.is_empty() {
            return self.refuse_name(document, section, name, "has an empty name");
        }
        if word.len() > MAX_NAME {
            let reason = format!("has a name of {} bytes; it may have {MAX_NAME}", word.len());
            return self.refuse_name(document, section, name, &reason);
        }
        let is_camel = key != word;
        let entries = self.file.entries(section);
        if let Some(place) = entries.find(key) {
            let first = entries.at(place).filter(|first| first.is_camel() != is_camel);
            let Some(first) = first.map(Entry::span) else {
                return Child::Table(TableId::Entry(section, place));
            };
            let path = path_of(section, word);
            if self.refused.insert(path.clone()) {
                let message = format!("the template `{key}` is written twice, under both of its names");
                let fault = Fault::new(path, name.span.clone(), message).label("written again");
                document.report(fault.also(first, "first written here"));
            }
            return Child::Nothing;
        }
        if self.file.tables() == MAX_TABLES {
            if !self.is_full {
                self.is_full = true;
                let message = format!("there are more than {MAX_TABLES} services, templates and overrides");
                document.report(Fault::new(path_of(section, word), name.span.clone(), message));
            }
            return Child::Nothing;
        }
        let line = document.line(name.span.start);
        let entry = Entry::new(kind, key, is_camel, &name.span, line);
        Child::Table(TableId::Entry(section, self.file.entries_mut(section).add(entry)))
    }

    /// Takes a key that there is.
    fn take(&mut self, document: &mut Document<'_>, place: TableId, name: &Name<'_>, item: &Item<'_>) {
        let (section, at, clause) = match place {
            TableId::Global => return self.file.global.take(document, name, item),
            TableId::Shedding => return self.file.global.take_shedding(document, name, item),
            TableId::ChaosRule(at) => {
                if let Some(rule) = self.file.chaos.get_mut(at as usize) {
                    rule.take(document, name, item);
                }
                return;
            }
            TableId::Entry(section, at) => (section, at, Clause::Top),
            TableId::Clause(section, at, clause) => (section, at, clause),
            TableId::Root | TableId::Chaos | TableId::Section(_) | TableId::Nowhere => return,
        };
        if let Some(entry) = self.file.entries_mut(section).at_mut(at) {
            entry.take(document, clause, name, item);
        }
    }
}

/// A table, where a value is asked for.
fn table_at(span: Range<usize>) -> Item<'static> {
    Item { value: Toml::Table(Vec::new()), span }
}

fn is_among(keys: &[shedding::Known], word: &str) -> bool {
    keys.iter().any(|(known, _)| *known == word)
}

#[cfg(test)]
mod tests;
