//! Data: how important a call is. The rules that use it live with shedding and queues.

use std::fmt;

/// How important a call is to the people it serves.
///
/// Nested calls inherit the priority of the outer call.
///
/// ```
/// use resilience_runtime::Priority;
/// assert!(Priority::Critical > Priority::Low);
/// assert_eq!(Priority::default(), Priority::Normal);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Priority {
    /// Nobody waits for it: prefetching, analytics, batch work.
    Low,
    /// The usual case.
    #[default]
    Normal,
    /// Somebody waits for it.
    High,
    /// Must get through while anything does: payments, health checks, log-in.
    Critical,
}

impl Priority {
    /// Every priority, lowest first.
    pub const ALL: &'static [Self] = &[Self::Low, Self::Normal, Self::High, Self::Critical];

    /// The variants by their names, the most important first, as messages list them.
    #[doc(hidden)]
    pub const VARIANTS: &'static [&'static str] = &["Critical", "High", "Normal", "Low"];

    /// Their names in files, lowest first.
    #[doc(hidden)]
    pub const NAMES: &'static [&'static str] =
        &[Self::Low.name(), Self::Normal.name(), Self::High.name(), Self::Critical.name()];

    /// The name that files use, in `snake_case`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Finds a priority by its `CamelCase` or `snake_case` name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| p.name() == word || format!("{p:?}") == word)
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
