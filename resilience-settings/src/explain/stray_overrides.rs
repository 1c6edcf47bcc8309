//! Finds the overrides of a file that reach no function, or more than one. In: the overrides and the call sites of the program.

use std::cell::LazyCell;

use crate::config::entry::Entry;
use crate::config::file::FileConfig;
use crate::explain::findings::{Findings, did_you_mean};
use crate::explain::services::Services;
use crate::layers::finding::FindingKind;
use crate::layers::overrides::OverrideTarget;
use crate::layers::site_facts::SiteFacts;
use crate::names::Names;
use crate::shown::clipped;
use crate::suggest::nearest;

/// Of so many functions that one override reaches the places are told.
const MOST_PLACES: usize = 5;

/// Compares the overrides of a file with the call sites of the program.
pub(super) fn find_stray(services: &Services<'_>, file: &FileConfig, findings: &mut Findings) {
    let named = LazyCell::new(|| Names::new(&mut services.names()));
    for entry in file.overrides.iter() {
        let Ok(target) = OverrideTarget::parse(entry.name()) else { continue };
        let sites = services.get(&target.service);
        let aimed_at = match (sites, &target.site) {
            (Some(_), None) => continue,
            (Some(sites), Some(wanted)) => functions_at(sites, wanted),
            (None, _) => Vec::new(),
        };
        if aimed_at.len() > 1 {
            let service = &target.service;
            findings
                .add(FindingKind::AmbiguousOverride, service, || ambiguous(file, entry, service, &aimed_at));
        }
        if !aimed_at.is_empty() {
            continue;
        }
        findings.add(FindingKind::UnknownOverride, &target.service, || {
            let service = clipped(&target.service);
            let (what, guess) = if let (Some(sites), Some(wanted)) = (sites, &target.site) {
                let paths: Vec<String> = sites.iter().map(|site| site.path()).collect();
                let near =
                    nearest(wanted, &paths.iter().map(String::as_str).collect::<Vec<_>>()).map(str::to_owned);
                (format!("`{service}` has no call site `{}`", clipped(wanted)), near)
            } else {
                let near = named.nearest(&target.service).map(str::to_owned);
                (format!("no call site names the service `{service}`"), near)
            };
            let hint = did_you_mean(guess.as_deref());
            format!("{}:{}: `{}` overrides nothing: {what}{hint}", file.origin, entry.line, entry.path())
        });
    }
}

/// The functions that have a path. Those of which nothing differs are one: a handle makes sites of one place for each of
/// its settings.
fn functions_at<'s>(sites: &[&'s SiteFacts], path: &str) -> Vec<&'s SiteFacts> {
    let mut found: Vec<&SiteFacts> = sites.iter().copied().filter(|site| site.is_at(path)).collect();
    found.dedup_by_key(|site| (site.file, site.line, site.whole_path()));
    found
}

fn ambiguous(file: &FileConfig, entry: &Entry, service: &str, functions: &[&SiteFacts]) -> String {
    let shown = &functions[..functions.len().min(MOST_PLACES)];
    let places: Vec<String> = shown.iter().map(|site| site.source().to_string()).collect();
    let mut paths: Vec<&str> = shown.iter().filter_map(|site| site.whole_path()).collect();
    paths.dedup();
    let remedy = if paths.len() == shown.len() {
        // Whole, whatever their length: they are to be copied.
        let name = |path: &&str| format!("`overrides.{:?}`", format!("{service}@{path}"));
        let names: Vec<String> = paths.iter().map(name).collect();
        format!("to mean one of them, write {}", names.join(" or "))
    } else {
        "to mean one of them, give it a name of its own".to_owned()
    };
    let (origin, line, count) = (&file.origin, entry.line, functions.len());
    format!(
        "{origin}:{line}: `{}` reaches {count} functions, {}; {remedy}",
        entry.path(),
        places.join(" and ")
    )
}
