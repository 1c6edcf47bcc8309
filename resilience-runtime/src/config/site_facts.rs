//! What the program knows of one annotated function, as far as settings need it.

use super::offers::Offers;
use super::source::Source;
use crate::policy::{Key, Sort, Value};

/// One call site: whom it calls, where it stands, what its attribute says.
#[derive(Clone, Debug)]
pub(crate) struct SiteFacts {
    pub(crate) service: &'static str,
    pub(crate) module: &'static str,
    pub(crate) function: &'static str,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
    pub(crate) inline: &'static [(Key, Value)],
    /// Whether what is not written is off: time limits and the breaker.
    pub(crate) degradation_only: bool,
    /// What its code provides.
    pub(crate) offers: Offers,
}

impl SiteFacts {
    /// The name behind `@` in overrides.
    pub(crate) fn path(&self) -> String {
        format!("{}::{}", self.module, self.function)
    }

    /// `src/search.rs:12 in query`.
    pub(super) fn source(&self) -> Source {
        Source::Inline { file: self.file, line: self.line, function: self.function }
    }

    /// Whether this is that name, without making it.
    pub(super) fn is_at(&self, path: &str) -> bool {
        path.strip_prefix(self.module).and_then(|rest| rest.strip_prefix("::")) == Some(self.function)
    }

    /// Whether it has keys of one sort.
    pub(crate) fn writes(&self, sort: Sort) -> bool {
        self.inline.iter().any(|(key, _)| key.info().sort == sort)
    }

    /// The written keys of one sort; a clause that is written is on.
    pub(super) fn written(&self, sort: Sort) -> Vec<(Key, Value)> {
        if !self.writes(sort) {
            return Vec::new();
        }
        let all = self.inline.iter().map(|(key, value)| (*key, value));
        let written = super::layers::with_clauses(all);
        written.into_iter().filter(|(key, _)| key.info().sort == sort).collect()
    }
}
