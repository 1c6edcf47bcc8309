//! Data: what a configuration has: its sections, with the place of everything in the text. Between reading it and laying the
//! layers.

use std::sync::Arc;

use crate::config::chaos::ChaosRule;
use crate::config::entries::Entries;
use crate::config::global::GlobalSettings;
use crate::config::section::Section;
use crate::policy::ServiceKind;

/// A configuration file that has been checked within itself.
#[derive(Clone, Debug)]
pub struct FileConfig {
    pub origin: Arc<str>,
    pub global: GlobalSettings,
    pub templates: Entries,
    pub services: Entries,
    /// By what they are aimed at, as it is written.
    pub overrides: Entries,
    /// Faults that are injected on purpose.
    pub chaos: Vec<ChaosRule>,
}

impl FileConfig {
    /// Without a line.
    pub fn empty(origin: Arc<str>) -> Self {
        Self {
            origin,
            global: GlobalSettings::default(),
            templates: Entries::default(),
            services: Entries::default(),
            overrides: Entries::default(),
            chaos: Vec::new(),
        }
    }

    /// Whether calls are counted: not when the file says so, unless shedding goes by how many run.
    pub fn counts_calls(&self) -> bool {
        let shedding = &self.global.shedding;
        self.global.enable_global_metrics || (shedding.enabled && shedding.max_in_flight.is_some())
    }

    /// Whether calls have spans.
    pub fn traces_calls(&self) -> bool {
        self.global.tracing_spans
    }

    /// The checked `[global]` settings.
    pub fn global(&self) -> &GlobalSettings {
        &self.global
    }

    /// Whether the file has settings for the service.
    pub fn has_service(&self, name: &str) -> bool {
        self.services.find(name).is_some()
    }

    /// The template that it names for a service.
    pub fn template_of(&self, service: &str) -> Option<&str> {
        self.services.get(service)?.base.as_ref().map(|base| &*base.name)
    }

    /// The services that it has settings for.
    pub fn service_names(&self) -> impl Iterator<Item = &str> {
        self.services.iter().map(crate::config::entry::Entry::name)
    }

    /// How many tables of settings it has.
    pub fn tables(&self) -> usize {
        self.templates.len() + self.services.len() + self.overrides.len() + self.chaos.len()
    }

    pub fn entries(&self, section: Section) -> &Entries {
        match section {
            Section::Template => &self.templates,
            Section::Service => &self.services,
            Section::Override | Section::SiteOverride => &self.overrides,
        }
    }

    pub fn entries_mut(&mut self, section: Section) -> &mut Entries {
        match section {
            Section::Template => &mut self.templates,
            Section::Service => &mut self.services,
            Section::Override | Section::SiteOverride => &mut self.overrides,
        }
    }
}

/// The name under which templates are kept: `AiService` is `ai_service`.
pub fn canonical(name: &str) -> &str {
    match ServiceKind::parse(name) {
        Some(kind) => kind.name(),
        None => name,
    }
}
