//! What the program knows of one annotated function, as far as settings need it.

use super::enclosing::enclosing;
use super::offers::Offers;
use super::source::Source;
use crate::policy::{Key, Sort, Value};

/// The place of a site that has no function.
pub(crate) fn nowhere() -> &'static str {
    ""
}

/// One call site: whom it calls, where it stands, what its attribute says.
#[derive(Clone, Debug)]
pub(crate) struct SiteFacts {
    pub(crate) service: &'static str,
    pub(crate) module: &'static str,
    pub(crate) function: &'static str,
    /// What the compiler calls an item in its body.
    pub(crate) place: fn() -> &'static str,
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
        match enclosing((self.place)(), self.module) {
            Some(of) => format!("{}::{of}::{}", self.module, self.function),
            None => format!("{}::{}", self.module, self.function),
        }
    }

    /// `src/search.rs:12 in query`.
    pub(super) fn source(&self) -> Source {
        Source::Inline { file: self.file, line: self.line, function: self.function }
    }

    /// Whether this is that name.
    pub(super) fn is_at(&self, path: &str) -> bool {
        // Most are not, and need not be named for that.
        path.starts_with(self.module) && path.ends_with(self.function) && self.path() == path
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
