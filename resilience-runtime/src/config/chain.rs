//! The name of a template goes in, what it consists of comes out: a built-in one at the bottom, if any, and
//! the tables of the file above it, lowest first.

use super::entry::Entry;
use super::file::{FileConfig, canonical};
use crate::policy::ServiceKind;

/// What a template consists of.
#[derive(Debug, Default)]
pub(super) struct Chain<'f> {
    /// The built-in template at the bottom.
    pub(super) built_in: Option<ServiceKind>,
    /// The tables of the file, lowest first.
    pub(super) tables: Vec<(&'f str, &'f Entry)>,
}

impl<'f> Chain<'f> {
    /// Follows `extends` down from a template. Ends at a built-in name, at an unknown one, or where a circle
    /// closes; the check of the file refuses the latter two.
    pub(super) fn of(file: Option<&'f FileConfig>, template: &str) -> Self {
        let mut chain = Self::default();
        let mut next = Some(template);
        while let Some(name) = next.map(canonical) {
            let table = file.and_then(|file| file.templates.get_key_value(name));
            if let Some((name, entry)) = table {
                if chain.tables.iter().any(|(seen, _)| *seen == name.as_str()) {
                    break;
                }
                chain.tables.push((name, entry));
            }
            chain.built_in = ServiceKind::parse(name);
            let extended = table.and_then(|(_, entry)| entry.base.as_ref());
            next = match chain.built_in {
                Some(_) => None,
                None => extended.map(|base| base.name.as_str()),
            };
        }
        chain.tables.reverse();
        chain
    }
}
