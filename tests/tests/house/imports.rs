//! Lists what a file imports.

/// One file uses something that is defined in another. Both are paths below the root of the crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Whether only tests use it.
    pub(crate) is_of_tests: bool,
}
