//! Decides what is a finding (allowed but likely not meant), in the whole program and the file. Runs when settings are loaded,
//! never on a call.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::time::Duration;

use crate::config::entry::Entry;
use crate::config::file::FileConfig;
use crate::config::section::Section;
use crate::duration::most_seconds;
use crate::explain::chaos::find_chaos;
use crate::explain::findings::{Findings, did_you_mean};
use crate::explain::idle_globals::find_idle_globals;
use crate::explain::inert::{AtSite, find_inert};
use crate::explain::services::Services;
use crate::explain::stray_overrides::find_stray;
use crate::layers::finding::{Finding, FindingKind};
use crate::layers::ground::Ground;
use crate::layers::resolved::Resolved;
use crate::layers::site_facts::SiteFacts;
use crate::layers::updates::Updates;
use crate::names::Names;
use crate::policy::{Key, Patch, Sort, Value};
use crate::shown::clipped;

/// Of so many services that no call site names the settings are compared with those of other layers, which takes some
/// microseconds each. A program that makes more of them at run time hears of the first.
const MOST_UNNAMED: usize = 10_000;

/// Compares the program with the file, or with itself when there is no file.
pub fn review(sites: &[&SiteFacts], file: Option<&FileConfig>, updates: &Updates) -> Vec<Finding> {
    let services = Services::of(sites);
    let mut findings = Findings::default();
    if let Some(file) = file {
        #[cfg(not(feature = "server"))]
        find_inactive(file, &mut findings);
        find_idle_globals(file, cfg!(feature = "server"), &mut findings);
        find_without_unit(file, &mut findings);
        find_unknown(&services, file, &mut findings);
        find_shadowed(&services, file, &mut findings);
        find_stray(&services, file, &mut findings);
    }
    let ground = Ground::new(file);
    let unnamed = file.map_or(0, |file| find_in_unnamed(&services, file, &ground, &mut findings));
    for (name, sites) in services.iter() {
        findings.extend(find_in_named(name, sites, &ground, updates.get(name)));
    }
    findings.finish(unnamed.saturating_sub(MOST_UNNAMED))
}

/// What is likely not meant in a file alone, whatever program it is for.
pub fn review_file(file: &FileConfig) -> Vec<Finding> {
    let mut findings = Findings::default();
    find_idle_globals(file, true, &mut findings);
    find_without_unit(file, &mut findings);
    find_in_unnamed(&Services::default(), file, &Ground::new(Some(file)), &mut findings);
    find_chaos(file, &mut findings);
    findings.finish(0)
}

/// The same of one service, as far as its layers go.
pub fn review_service(
    name: &str,
    sites: &[&SiteFacts],
    file: Option<&FileConfig>,
    update: Option<&Patch>,
) -> Vec<Finding> {
    find_in_named(name, sites, &Ground::new(file), update)
}

/// Compares the settings of a service with each other, and with what its call sites can do.
fn find_in_named(
    name: &str,
    sites: &[&SiteFacts],
    ground: &Ground<'_>,
    update: Option<&Patch>,
) -> Vec<Finding> {
    let layers = ground.layers(name, sites, update);
    let of_service = layers.of_service();
    let at_site = |site| AtSite { site, own: layers.differs(site).then(|| layers.of_site(site)) };
    let sites: Vec<_> = sites.iter().copied().map(at_site).collect();
    let mut found = find_inert(name, &sites, &of_service);
    found.extend(of_service.into_findings());
    found.extend(sites.into_iter().filter_map(|at| at.own).flat_map(Resolved::into_findings));
    // What is wrong with the service shows at each of its sites.
    let mut seen = HashSet::new();
    found.retain(|one| seen.insert(one.message().to_owned()));
    found
}

/// Compares the settings of services that no call site names; says how many there are.
fn find_in_unnamed(
    services: &Services<'_>,
    file: &FileConfig,
    ground: &Ground<'_>,
    findings: &mut Findings,
) -> usize {
    let mut count = 0;
    for name in file.services.iter().map(Entry::name).filter(|name| services.get(name).is_none()) {
        count += 1;
        if count <= MOST_UNNAMED {
            findings.extend(ground.layers(name, &[], None).of_service().into_findings());
        }
    }
    count
}

#[cfg(not(feature = "server"))]
fn find_inactive(file: &FileConfig, findings: &mut Findings) {
    for key in ["prometheus_enabled", "prometheus_port", "prometheus_address"] {
        if let Some(line) = file.global.line_of(key) {
            findings.add(FindingKind::Inactive, "", || {
                let origin = &file.origin;
                format!("{origin}:{line}: `global.{key}` does nothing in this build: the server of the dashboard needs feature `server`")
            });
        }
    }
}

fn find_without_unit(file: &FileConfig, findings: &mut Findings) {
    let entries = file.templates.iter().chain(file.services.iter()).chain(file.overrides.iter());
    for (entry, written) in entries.flat_map(|entry| entry.values.iter().map(move |one| (entry, one))) {
        let info = written.key.info();
        let Value::Duration(time) = written.value else { continue };
        let most = most_seconds(info.clause.name(), info.name).filter(|_| written.is_bare);
        if most.is_none_or(|most| time <= Duration::from_secs(most)) {
            continue;
        }
        let service = if entry.section == Section::Service { entry.name() } else { "" };
        findings.add(FindingKind::UnitMissing, service, || {
            let (origin, line, seconds) = (&file.origin, written.line, time.as_secs_f64());
            format!(
                "{origin}:{line}: `{}.{} = {seconds}` is {seconds} seconds; write \"{seconds}s\" if that is meant, or \"{seconds}ms\"",
                entry.path(),
                written.key.path(),
            )
        });
    }
}

fn find_unknown(services: &Services<'_>, file: &FileConfig, findings: &mut Findings) {
    let in_program = LazyCell::new(|| Names::new(&mut services.names()));
    let unnamed = || file.services.iter().filter(|entry| services.get(entry.name()).is_none());
    for entry in unnamed() {
        findings.add(FindingKind::UnknownService, entry.name(), || {
            let hint = did_you_mean(in_program.nearest(entry.name()));
            let name = clipped(entry.name());
            format!("{}:{}: no call site names the service `{name}`{hint}", file.origin, entry.line)
        });
    }
    let in_file = LazyCell::new(|| Names::new(&mut unnamed().map(Entry::name)));
    for (name, sites) in services.iter() {
        if !file.has_service(name)
            && let (Some(near), Some(site)) = (in_file.nearest(name), sites.first())
        {
            findings.add(FindingKind::MissingService, name, || {
                let (at, line, origin) = (site.file, site.line, &file.origin);
                format!(
                    "{at}:{line}: the service `{name}` is not in {origin}, but `{near}` is; is one of them misspelt?"
                )
            });
        }
    }
}

fn find_shadowed(services: &Services<'_>, file: &FileConfig, findings: &mut Findings) {
    for (name, sites) in services.iter() {
        let Some(entry) = file.services.get(name) else {
            continue;
        };
        for site in sites {
            for (key, value) in site.written(Sort::Call) {
                let written = entry.values.get(key);
                if let Some(written) =
                    written.filter(|written| !is_ceiling(site, key, &value, &written.value))
                {
                    findings.add(FindingKind::ShadowedByInline, name, || {
                        format!(
                            "{}:{}: `{}.{}` does not reach {}, whose attribute says {value} ({}); an override would",
                            file.origin,
                            written.line,
                            entry.path(),
                            key.path(),
                            site.path(),
                            site.source()
                        )
                    });
                }
            }
        }
    }
}

/// Whether the value of the file is not shadowed but becomes the ceiling of the attribute's adaptive timeout.
fn is_ceiling(site: &SiteFacts, key: Key, inline: &Value, in_file: &Value) -> bool {
    let has_own = site.inline.iter().any(|(key, _)| *key == Key::TimeoutCeiling);
    key == Key::AttemptTimeout
        && *inline == Value::Adaptive
        && matches!(in_file, Value::Duration(_))
        && !has_own
}

#[cfg(all(test, feature = "file"))]
mod tests;
