//! Data: what the program knows of one annotated function: service, path, place, and the keys in its attribute.

use crate::layers::enclosing::{enclosing, whole};
use crate::layers::offers::Offers;
use crate::layers::source::Source;
use crate::policy::{Key, Sort, Value};

/// The place of a site that has no function.
pub fn nowhere() -> &'static str {
    ""
}

/// One call site: whom it calls, where it stands, what its attribute says.
#[derive(Clone, Debug)]
pub struct SiteFacts {
    pub service: &'static str,
    pub module: &'static str,
    pub function: &'static str,
    /// What the compiler calls an item in its body.
    pub place: fn() -> &'static str,
    pub file: &'static str,
    pub line: u32,
    pub inline: &'static [(Key, Value)],
    /// Whether what is not written is off: time limits and the breaker.
    pub degradation_only: bool,
    /// The scope of its idempotency keys, where it is written.
    pub scope: Option<&'static str>,
    /// What its code provides.
    pub offers: Offers,
}

impl SiteFacts {
    /// The name behind `@` in overrides.
    pub fn path(&self) -> String {
        match enclosing((self.place)(), self.module) {
            Some(of) => format!("{}::{of}::{}", self.module, self.function),
            None => format!("{}::{}", self.module, self.function),
        }
    }

    /// The longer name that no other function has, for those that have one path: methods of two traits, or of `W<u8>` and
    /// `W<u16>`.
    pub fn whole_path(&self) -> Option<&'static str> {
        whole((self.place)())
    }

    /// The name behind `@` in overrides that means it and none of the others of its service: the shortest there is.
    pub fn path_among<'s>(&self, sites: impl IntoIterator<Item = &'s Self>) -> String {
        let path = self.path();
        let is_shared = sites.into_iter().any(|other| other.is_beside(self, &path));
        self.whole_path().filter(|_| is_shared).map_or(path, str::to_owned)
    }

    /// Whether it is another function, with the same path. The calls that handles make in one place are one.
    fn is_beside(&self, other: &Self, path: &str) -> bool {
        let is_other =
            (self.file, self.line) != (other.file, other.line) || self.whole_path() != other.whole_path();
        self.service == other.service && is_other && self.is_at(path)
    }

    /// What keeps its idempotency keys apart from those of other functions of the service: `Type::function`, without the
    /// module, so that code can be moved.
    pub fn scope(&self) -> String {
        match (self.scope, enclosing((self.place)(), self.module)) {
            (Some(scope), _) => scope.to_owned(),
            (None, Some(of)) => format!("{of}::{}", self.function),
            (None, None) => self.function.to_owned(),
        }
    }

    /// `src/search.rs:12 in query`.
    pub fn source(&self) -> Source {
        Source::Inline { file: self.file, line: self.line, function: self.function }
    }

    /// Whether this is one of its names.
    pub fn is_at(&self, path: &str) -> bool {
        // Most are not, and need not be named for that.
        path.ends_with(self.function)
            && (path.starts_with(self.module) && self.path() == path || self.whole_path() == Some(path))
    }

    /// Whether it has keys of one sort.
    pub fn writes(&self, sort: Sort) -> bool {
        self.inline.iter().any(|(key, _)| key.info().sort == sort)
    }

    /// The written keys of one sort; a clause that is written is on.
    pub fn written(&self, sort: Sort) -> Vec<(Key, Value)> {
        if !self.writes(sort) {
            return Vec::new();
        }
        let all = self.inline.iter().map(|(key, value)| (*key, value));
        let written = crate::rules::clauses::with_clauses(all);
        written.into_iter().filter(|(key, _)| key.info().sort == sort).collect()
    }
}
