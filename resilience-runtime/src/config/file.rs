//! A configuration text goes in, its checked sections or all of its faults come out.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::check::check;
use super::document::Document;
use super::entry::{Entry, Section, read_entry};
use super::error::ConfigError;
use super::fault::Fault;
use super::global::{GlobalSettings, read_global};
use super::overrides::OverrideTarget;
use super::suggest::did_you_mean;
use crate::policy::ServiceKind;

/// A configuration file that has been checked within itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FileConfig {
    pub(super) origin: Arc<str>,
    pub(super) global: GlobalSettings,
    pub(super) templates: BTreeMap<String, Entry>,
    pub(super) services: BTreeMap<String, Entry>,
    pub(super) overrides: BTreeMap<OverrideTarget, Entry>,
}

const SECTIONS: &[&str] = &["global", "templates", "services", "overrides"];

type Item<'d> = (&'d Spanned<DeString<'d>>, &'d Spanned<DeValue<'d>>);

impl FileConfig {
    /// Reads and checks a file.
    pub(crate) fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|cause| ConfigError::unreadable(path, cause))?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Reads and checks a text; `origin` is how messages call it.
    pub(crate) fn parse(text: &str, origin: &str) -> Result<Self, ConfigError> {
        // Some editors put a byte order mark in front, which TOML does not know.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut document = Document::new(text, origin);
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = error.span().unwrap_or_default();
            let message =
                format!("this is not TOML: {}", error.message().trim_end_matches(", expected nothing"));
            document.report(Fault::new("", span, message).syntax());
        }
        let mut file = Self {
            origin: document.origin.clone(),
            global: GlobalSettings::default(),
            templates: BTreeMap::new(),
            services: BTreeMap::new(),
            overrides: BTreeMap::new(),
        };
        if document.is_misplaced() {
            return document.finish(file);
        }
        let is_toml = !document.has_faults();
        for item in root.get_ref() {
            file.read_section(&mut document, item);
        }
        if is_toml {
            check(&file, &mut document);
        }
        document.finish(file)
    }

    /// Whether calls are counted: not when the file says so, unless shedding goes by how many run.
    pub(crate) fn counts_calls(&self) -> bool {
        self.global.enable_global_metrics || self.global.shedding.max_in_flight.is_some()
    }

    /// The checked `[global]` settings.
    pub(crate) fn global(&self) -> &GlobalSettings {
        &self.global
    }

    /// The names of the services that the file has settings for.
    pub(crate) fn service_names(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(String::as_str)
    }

    fn read_section(&mut self, document: &mut Document<'_>, (key, value): Item<'_>) {
        let name = key.get_ref().as_ref();
        if !SECTIONS.contains(&name) {
            let help = did_you_mean(name, SECTIONS, "the sections are");
            let message = format!("`{name}` is not a section");
            document.report(Fault::new(name, key.span(), message).label("unknown").with_help(help));
            return;
        }
        let Some(table) = table_of(document, name, value) else {
            return;
        };
        if name == "global" {
            self.global = read_global(document, table);
            return;
        }
        for (entry_key, entry_value) in table {
            let entry_name = entry_key.get_ref().as_ref();
            let path = format!("{name}.{}", quoted(entry_name));
            if let Some(table) = table_of(document, &path, entry_value) {
                self.read_named(document, name, entry_name, (path, entry_key.span()), table);
            }
        }
    }

    fn read_named(
        &mut self,
        document: &mut Document<'_>,
        section: &str,
        name: &str,
        (path, span): (String, std::ops::Range<usize>),
        table: &DeTable<'_>,
    ) {
        if name.is_empty() {
            document.report(Fault::new(&path, span, format!("`{path}` has an empty name")));
            return;
        }
        match section {
            "templates" => {
                let name = canonical(name).to_owned();
                let entry = read_entry(document, Section::Template, path, span, table);
                if let Some(first) = self.templates.get(&name) {
                    let message = format!("the template `{name}` is written twice, under both of its names");
                    let fault = Fault::new(&entry.path, entry.span.clone(), message).label("written again");
                    document.report(fault.also(first.span.clone(), "first written here"));
                    return;
                }
                self.templates.insert(name, entry);
            }
            "services" => {
                let entry = read_entry(document, Section::Service, path, span, table);
                self.services.insert(name.to_owned(), entry);
            }
            _ => match OverrideTarget::parse(name) {
                Ok(target) => {
                    let section = match target.site {
                        Some(_) => Section::SiteOverride,
                        None => Section::Override,
                    };
                    let entry = read_entry(document, section, path, span, table);
                    self.overrides.insert(target, entry);
                }
                Err(reason) => document.report(Fault::new(&path, span, format!("`{path}` {reason}"))),
            },
        }
    }
}

/// The name under which templates are kept: `AiService` is `ai_service`.
pub(super) fn canonical(name: &str) -> &str {
    match ServiceKind::parse(name) {
        Some(kind) => kind.name(),
        None => name,
    }
}

fn table_of<'d>(
    document: &mut Document<'_>,
    path: &str,
    value: &'d Spanned<DeValue<'d>>,
) -> Option<&'d DeTable<'d>> {
    if let DeValue::Table(table) = value.get_ref() {
        return Some(table);
    }
    let written = document.written(value.span());
    let message = format!("`{path}` must be a table, not `{written}`");
    let help = format!("write `[{path}]` on a line of its own");
    document.report(Fault::new(path, value.span(), message).label("not a table").with_help(help));
    None
}

/// The name as TOML needs it in a header.
fn quoted(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { name.to_owned() } else { format!("{name:?}") }
}

#[cfg(test)]
mod tests;
