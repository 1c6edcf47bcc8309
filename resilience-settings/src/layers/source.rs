//! Data: where a value comes from: built in, template, file, attribute, override or run-time change.

use std::fmt;
use std::sync::Arc;

use crate::printable::Printable;

/// Where an effective value comes from, from the weakest layer to the strongest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// A default of this library.
    BuiltIn,
    /// A built-in template.
    Template {
        /// Its name.
        name: &'static str,
    },
    /// A template of the file.
    FileTemplate {
        /// Its name.
        name: Arc<str>,
        /// The file.
        file: Arc<str>,
        /// The line, from 1.
        line: u32,
    },
    /// An attribute in the source code.
    Inline {
        /// The source file.
        file: &'static str,
        /// The line, from 1.
        line: u32,
        /// The function.
        function: &'static str,
    },
    /// The table of the service in the file.
    File {
        /// The file.
        file: Arc<str>,
        /// The line, from 1.
        line: u32,
    },
    /// A run-time update.
    Update,
    /// An override in the file.
    Override {
        /// The file.
        file: Arc<str>,
        /// The line, from 1.
        line: u32,
    },
    /// `[global]` in the file: a switch, which is stronger than everything else, or `mode`, which is weaker than all but the
    /// defaults.
    Global {
        /// The file.
        file: Arc<str>,
        /// The line, from 1.
        line: u32,
    },
}

impl Source {
    /// Whether somebody wrote the value, rather than this library.
    pub fn is_written(&self) -> bool {
        !matches!(self, Self::BuiltIn | Self::Template { .. })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built-in default"),
            Self::Template { name } => write!(f, "built-in template {name}"),
            Self::FileTemplate { name, file, line } => {
                write!(f, "template {}, {}:{line}", Printable(name), Printable(file))
            }
            Self::Inline { file, line, function } => write!(f, "{file}:{line} in {function}"),
            Self::File { file, line } => write!(f, "{}:{line}", Printable(file)),
            Self::Update => f.write_str("run-time update"),
            Self::Override { file, line } => write!(f, "override, {}:{line}", Printable(file)),
            Self::Global { file, line } => write!(f, "[global], {}:{line}", Printable(file)),
        }
    }
}
