//! Data: the tables that a configuration can have, for the walk through its statements.

use crate::config::section::Section;
use crate::policy::Clause;
use crate::shown::quoted;

/// Which table it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TableId {
    Root,
    Global,
    Shedding,
    Chaos,
    /// A rule of chaos, by its place.
    ChaosRule(u32),
    Section(Section),
    Entry(Section, u32),
    Clause(Section, u32, Clause),
    /// Behind a fault, or in what has no meaning: what is written there is passed over.
    Nowhere,
}

/// What a name means in a table.
#[derive(Debug)]
pub enum Child {
    Table(TableId),
    Key,
    /// Nothing, and that has been said.
    Nothing,
}

/// How the way into a table is written: `[a.b]`, or `a.b = 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TableSyntax {
    Header,
    DottedKey,
}

/// How far a table has been defined, which decides whether it may be continued: TOML lets nobody define one twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Absent,
    /// By the header of a table within it.
    Implicit,
    /// By a header of its own.
    Header,
    /// By dotted keys.
    Dotted,
    /// By a value: nothing can be added.
    Closed,
    /// By a header of a list. There are no lists of tables here, and that has been said.
    List,
}

/// The states of a table of settings and of the tables of its clauses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tables([State; Clause::ALL.len()]);

impl Tables {
    /// The state of a clause; that of the whole table is that of the top.
    pub fn get(self, clause: Clause) -> State {
        self.0.get(clause as usize).copied().unwrap_or_default()
    }

    pub fn set(&mut self, clause: Clause, state: State) {
        if let Some(place) = self.0.get_mut(clause as usize) {
            *place = state;
        }
    }
}

impl TableId {
    /// Where the state of a table is kept that holds no settings of a service.
    pub fn slot(self) -> usize {
        match self {
            Self::Root | Self::Nowhere | Self::Entry(..) | Self::Clause(..) | Self::ChaosRule(_) => 0,
            Self::Global => 1,
            Self::Shedding => 2,
            Self::Section(Section::Template) => 3,
            Self::Section(Section::Service) => 4,
            Self::Section(Section::Override | Section::SiteOverride) => 5,
            Self::Chaos => 6,
        }
    }
}

/// The path of a table of settings, with its name as it is written.
pub fn path_of(section: Section, name: &str) -> String {
    format!("{}.{}", section.name(), quoted(name))
}
