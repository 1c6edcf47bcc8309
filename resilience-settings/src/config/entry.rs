//! Data: one table of settings as it was read: a template, a service or an override, with the place of each key.

use std::ops::Range;
use std::sync::Arc;

use super::section::Section;
use super::table::Tables;
use super::values::{Values, narrow};
use crate::policy::ServiceKind;
use crate::shown::quoted;

/// The name of a template, with its place.
#[derive(Clone, Debug)]
pub struct Reference {
    pub name: Box<str>,
    pub span: Range<usize>,
}

/// One table of settings.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As others name it: a built-in template by its name in snake case.
    name: Box<str>,
    /// Whether it was written in camel case.
    is_camel: bool,
    pub section: Section,
    pub line: u32,
    start: u32,
    end: u32,
    pub tables: Tables,
    pub values: Values,
    /// `template` of a service, `extends` of a template.
    pub base: Option<Box<Reference>>,
    pub service_type: Option<Arc<str>>,
}

impl Entry {
    pub fn new(section: Section, name: &str, is_camel: bool, span: &Range<usize>, line: u32) -> Self {
        Self {
            name: name.into(),
            is_camel,
            section,
            line,
            start: narrow(span.start),
            end: narrow(span.end),
            tables: Tables::default(),
            values: Values::default(),
            base: None,
            service_type: None,
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn is_camel(&self) -> bool {
        self.is_camel
    }

    /// Where its name stands first.
    pub fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// `services.search`, with the name as it is written.
    pub fn path(&self) -> String {
        let kind = ServiceKind::parse(&self.name).filter(|_| self.is_camel);
        let written = kind.map(|kind| format!("{kind:?}"));
        format!("{}.{}", self.section.name(), quoted(written.as_deref().unwrap_or(&self.name)))
    }
}
