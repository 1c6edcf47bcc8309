//! Adds up what each call site of a service has counted. In: a service. Out: a line for each of its sites in a snapshot.

use std::time::Duration;

use resilience_settings::layers::site_facts::SiteFacts;
use resilience_settings::sorted::sort;

use crate::clock::micros;
use crate::monitor::snapshot::{CallCounts, SiteSnapshot};
use crate::registry::configuration::Glance;
use crate::registry::service::Service;

impl Glance {
    /// The call sites of a service, called or not, by name. Handles that are made at one place are one, whatever their
    /// settings: as many as come at run time, the list is no longer than the program.
    pub(crate) fn site_snapshots(&self, service: &Service) -> Vec<SiteSnapshot> {
        let mut sites: Vec<SiteSnapshot> = Vec::new();
        let mut nanos: Vec<u64> = Vec::new();
        let mut add = |facts: &SiteFacts, count: &mut dyn FnMut(&mut CallCounts, &mut u64)| {
            let place = sites.iter().position(|site| is_of(site, facts)).unwrap_or_else(|| {
                sites.push(new(facts));
                nanos.push(0);
                sites.len() - 1
            });
            count(&mut sites[place].calls, &mut nanos[place]);
        };
        for facts in self.sites_of(service) {
            add(facts, &mut |_, _| {});
        }
        for (_, counts) in &service.sites {
            add(counts.facts, &mut |calls, nanos| {
                counts.iter().for_each(|part| part.read_site_into(calls, nanos));
            });
        }
        for (site, nanos) in sites.iter_mut().zip(nanos) {
            site.total_us = micros(Duration::from_nanos(nanos));
        }
        sort(&mut sites, |a, b| (&a.function, a.file, a.line).cmp(&(&b.function, b.file, b.line)));
        sites
    }
}

fn new(facts: &SiteFacts) -> SiteSnapshot {
    SiteSnapshot {
        function: name(facts),
        file: facts.file,
        line: facts.line,
        calls: CallCounts::default(),
        total_us: 0,
    }
}

fn is_of(site: &SiteSnapshot, facts: &SiteFacts) -> bool {
    // The last comparison makes a text.
    site.line == facts.line && site.file == facts.file && site.function == name(facts)
}

/// The path of a function; of what no attribute wrote, the name of what makes the call: where that stands is told beside it.
fn name(facts: &SiteFacts) -> String {
    if facts.module.starts_with(facts.file) { facts.function.to_owned() } else { facts.path() }
}
