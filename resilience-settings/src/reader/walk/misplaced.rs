//! Words the fault of a key or table that has no place where it stands. In: what has no place where the
//! [walk](crate::reader::walk::tables) meets it. Out: the fault, with its remedy.

use std::ops::Range;

use crate::config::chaos::{self, ChaosRule};
use crate::config::entry::Entry;
use crate::config::fault::Fault;
use crate::config::global;
use crate::config::section::Section;
use crate::config::shedding;
use crate::config::table::{Child, TableId, path_of};
use crate::policy::Clause;
use crate::reader::document::Document;
use crate::reader::toml::Name;
use crate::reader::walk::tables::Walk;
use crate::reader::walk::unknown::{help_for_unknown, in_another_table};
use crate::shown::clipped;
use crate::suggest::did_you_mean;

const SECTIONS: &[&str] = &["global", "templates", "services", "overrides", "chaos"];

impl Walk {
    /// The path of a table, as messages name it.
    pub(crate) fn path(&self, table: TableId) -> String {
        let entry = |section, at| self.file.entries(section).at(at).map(Entry::path).unwrap_or_default();
        match table {
            TableId::Root | TableId::Nowhere => String::new(),
            TableId::Global => "global".to_owned(),
            TableId::Shedding => "global.shedding".to_owned(),
            TableId::Chaos => "chaos".to_owned(),
            TableId::ChaosRule(at) => {
                self.file.chaos.get(at as usize).map(ChaosRule::path).unwrap_or_default()
            }
            TableId::Section(section) => section.name().to_owned(),
            TableId::Entry(section, at) => entry(section, at),
            TableId::Clause(section, at, clause) => format!("{}.{}", entry(section, at), clause.name()),
        }
    }

    pub(crate) fn report_no_table(
        &mut self,
        document: &mut Document<'_>,
        table: TableId,
        span: Range<usize>,
    ) {
        if let TableId::ChaosRule(at) = table
            && let Some(rule) = self.file.chaos.get_mut(at as usize)
        {
            rule.is_no_table = true;
        }
        document.report_at(span.start, |document| {
            let path = self.path(table);
            let message = format!("`{path}` must be a table, not `{}`", document.written(span.clone()));
            let help = match table {
                TableId::Section(_) | TableId::Chaos => {
                    format!("write `[{path}.NAME]`, a table for each name")
                }
                TableId::ChaosRule(at)
                    if self
                        .file
                        .chaos
                        .get(at as usize)
                        .is_some_and(|rule| chaos::find(&rule.name).is_some()) =>
                {
                    "a rule has a name: write `[chaos.NAME]` above its keys".to_owned()
                }
                _ => format!("write `[{path}]` on a line of its own"),
            };
            Fault::new(path, span, message).label("not a table").with_help(help)
        });
    }

    pub(crate) fn refuse_name(
        &mut self,
        document: &mut Document<'_>,
        section: Section,
        name: &Name<'_>,
        reason: &str,
    ) -> Child {
        if !document.wants(name.span.start) {
            document.count_one();
            return Child::Nothing;
        }
        let path = path_of(section, &name.text);
        if self.refused.insert(path.clone()) {
            let message = format!("`{path}` {reason}");
            document.report(Fault::new(path, name.span.clone(), message));
        }
        Child::Nothing
    }

    /// Reports a name that means nothing where it stands: once, as the whole table of that name may be written in parts.
    pub(crate) fn report_unknown(&mut self, document: &mut Document<'_>, place: TableId, name: &Name<'_>) {
        if !document.wants(name.span.start) {
            document.count_one();
            return;
        }
        let word = clipped(&name.text);
        let path = match place {
            TableId::Root => word.clone(),
            place => format!("{}.{word}", self.path(place)),
        };
        if !self.refused.insert(path.clone()) {
            return;
        }
        let known = |keys: &[shedding::Known]| {
            let names: Vec<&str> = keys.iter().map(|(known, _)| *known).collect();
            did_you_mean(&name.text, &names, "the keys here are")
        };
        let of_entry = |section, at, clause| {
            let section = self.file.entries(section).at(at).map_or(section, |entry| entry.section);
            help_for_unknown(section, clause, &name.text, self.quoted.as_deref())
        };
        let help = match place {
            TableId::Root => in_another_table(&name.text)
                .unwrap_or_else(|| did_you_mean(&name.text, SECTIONS, "the sections are")),
            TableId::Global => in_another_table(&name.text).unwrap_or_else(|| known(global::KEYS)),
            TableId::Shedding => known(shedding::KEYS),
            TableId::ChaosRule(_) => {
                let names: Vec<&str> = chaos::KEYS.iter().map(|known| known.name).collect();
                let near = || did_you_mean(&name.text, &names, "the keys here are");
                in_another_table(&name.text).unwrap_or_else(near)
            }
            TableId::Entry(section, at) => of_entry(section, at, Clause::Top),
            TableId::Clause(section, at, clause) => of_entry(section, at, clause),
            TableId::Section(_) | TableId::Chaos | TableId::Nowhere => return,
        };
        let (message, label) = match place {
            TableId::Root => (format!("`{path}` is not a section"), "unknown"),
            _ => (format!("`{path}` is not a key"), "unknown key"),
        };
        document.report(Fault::new(path, name.span.clone(), message).label(label).with_help(help));
    }
}
