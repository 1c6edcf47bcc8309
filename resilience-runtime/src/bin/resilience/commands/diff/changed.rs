//! Writes what `resilience diff` says, as lines for people and entries for programs.

use serde::Serialize;

use crate::settings::Origin;

/// What changes for one service, function, kind, or rule of chaos, or for the process.
#[derive(Debug, Serialize)]
pub(super) struct Changed {
    /// `global`, the name of a service, `service@module::function`, `chaos.NAME`, or `templates.KIND`, which is for the services of
    /// that kind that no file names.
    pub(super) name: String,
    /// Whom a rule of chaos hits.
    pub(super) target: Option<String>,
    pub(super) changes: Vec<Change>,
}

#[derive(Debug, Serialize)]
pub(super) struct Change {
    pub(super) key: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    /// Where the values come from; of `[global]` and of overrides of functions it is the table itself.
    pub(super) from: Option<Origin>,
    pub(super) to: Option<Origin>,
    /// What other settings made of a value that is written otherwise: why it changes where its own line does not.
    pub(super) because: Option<String>,
}
