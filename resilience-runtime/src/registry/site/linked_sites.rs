//! Finds the call sites of a service among all of the program. In: its name. Out: the sites.

use std::collections::HashMap;

use resilience_settings::layers::site_facts::SiteFacts;
use resilience_settings::sorted::sort;

use super::site::{Site, linked};

/// All call sites of the program: those that the linker knows, and those of handles and `resilient_call` so far.
#[derive(Clone, Debug, Default)]
pub(in crate::registry) struct LinkedSites {
    /// In the order of files and lines.
    pub(in crate::registry) all: Vec<&'static Site>,
    of_service: HashMap<&'static str, Vec<&'static SiteFacts>>,
}

impl LinkedSites {
    pub(in crate::registry) fn new() -> Self {
        let mut all: Vec<_> = linked().collect();
        let place = |site: &Site| (site.facts.file, site.facts.line, site.facts.function);
        sort(&mut all, |one, other| place(one).cmp(&place(other)));
        let mut of_service: HashMap<_, Vec<_>> = HashMap::new();
        for site in &all {
            of_service.entry(site.facts.service).or_default().push(&site.facts);
        }
        Self { all, of_service }
    }

    /// Adds a site that was made later, behind the others.
    pub(in crate::registry) fn add(&mut self, site: &'static Site) {
        self.all.push(site);
        self.of_service.entry(site.facts.service).or_default().push(&site.facts);
    }

    /// The services that are called.
    pub(in crate::registry) fn services(&self) -> impl Iterator<Item = &'static str> {
        self.of_service.keys().copied()
    }

    /// The sites of one service.
    pub(in crate::registry) fn of(&self, service: &str) -> &[&'static SiteFacts] {
        self.of_service.get(service).map_or(&[], Vec::as_slice)
    }

    pub(in crate::registry) fn facts(&self) -> Vec<&'static SiteFacts> {
        self.all.iter().map(|site| &site.facts).collect()
    }
}
