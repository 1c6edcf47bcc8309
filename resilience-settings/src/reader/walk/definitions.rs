//! Decides whether a TOML table may be continued, or is defined twice. In: tables as the [walk](crate::reader::walk::tables) meets
//! them. Out: whether one may still be continued.

use crate::config::table::{State, TableId};
use crate::policy::Clause;
use crate::reader::document::Document;
use crate::reader::toml::Name;
use crate::reader::walk::tables::Walk;
use crate::rules::clauses::switch_of;

impl Walk {
    /// A table begins, or what was begun in passing is defined. The first time counts: a clause that is written is on.
    pub(crate) fn begin(
        &mut self,
        document: &mut Document<'_>,
        table: TableId,
        state: State,
        name: &Name<'_>,
    ) {
        let before = self.state(table);
        self.set_state(table, state);
        if before != State::Absent {
            return;
        }
        match table {
            TableId::Shedding => {
                let line = document.line(name.span.start);
                self.file.global.begin_shedding(line);
            }
            TableId::Clause(section, place, clause) => {
                if let (Some(entry), Some((switch, on))) =
                    (self.file.entries_mut(section).at_mut(place), switch_of(clause))
                {
                    entry.put(document, switch, on, name.span.clone(), false);
                }
            }
            _ => {}
        }
    }

    /// How far a table has been defined.
    pub(crate) fn state(&self, table: TableId) -> State {
        let entry = |section, at| self.file.entries(section).at(at).map(|entry| entry.tables);
        match table {
            TableId::Entry(section, at) => entry(section, at).unwrap_or_default().get(Clause::Top),
            TableId::Clause(section, at, clause) => entry(section, at).unwrap_or_default().get(clause),
            TableId::ChaosRule(at) => {
                self.file.chaos.get(at as usize).map(|rule| rule.state).unwrap_or_default()
            }
            table => self.states.get(table.slot()).copied().unwrap_or_default(),
        }
    }

    pub(crate) fn set_state(&mut self, table: TableId, state: State) {
        let (section, at, clause) = match table {
            TableId::Entry(section, at) => (section, at, Clause::Top),
            TableId::Clause(section, at, clause) => (section, at, clause),
            TableId::ChaosRule(at) => {
                if let Some(rule) = self.file.chaos.get_mut(at as usize) {
                    rule.state = state;
                }
                return;
            }
            table => {
                if let Some(place) = self.states.get_mut(table.slot()) {
                    *place = state;
                }
                return;
            }
        };
        if let Some(entry) = self.file.entries_mut(section).at_mut(at) {
            entry.tables.set(clause, state);
        }
    }
}
