//! The whole program and the file go in, everything that is allowed but likely not meant comes out. Runs
//! when settings are loaded, never on a call.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashSet};

use super::file::FileConfig;
use super::finding::{Finding, FindingKind};
use super::layers::Ground;
use super::names::Names;
use super::site_facts::SiteFacts;
use super::suggest::nearest;
use crate::policy::{Key, Sort, Value};

type Services<'s> = BTreeMap<&'static str, Vec<&'s SiteFacts>>;

/// Compares the program with the file, or with itself when there is no file.
pub(crate) fn review(sites: &[&SiteFacts], file: Option<&FileConfig>) -> Vec<Finding> {
    let mut services = Services::new();
    for site in sites {
        services.entry(site.service).or_default().push(site);
    }
    let mut findings = Vec::new();
    if let Some(file) = file {
        find_inactive(file, &mut findings);
        find_unknown(&services, file, &mut findings);
        find_shadowed(&services, file, &mut findings);
        find_stray_overrides(&services, file, &mut findings);
    }
    let ground = Ground::new(file);
    let in_file = file.into_iter().flat_map(FileConfig::service_names);
    for name in in_file.filter(|name| !services.contains_key(name)) {
        findings.extend(ground.layers(name, &[], None).of_service().into_findings());
    }
    for (name, sites) in &services {
        let layers = ground.layers(name, sites, None);
        let mut found = layers.of_service().into_findings();
        let differing = sites.iter().filter(|site| layers.differs(site));
        found.extend(differing.flat_map(|site| layers.of_site(site).into_findings()));
        // What is wrong with the service shows at each of its sites.
        let mut seen = HashSet::new();
        found.retain(|one| seen.insert((one.kind(), one.message().to_owned())));
        findings.append(&mut found);
    }
    findings
}

fn find_inactive(file: &FileConfig, findings: &mut Vec<Finding>) {
    let monitoring = ["metrics_export_interval", "prometheus_enabled", "prometheus_port"];
    for key in monitoring {
        if let Some(line) = file.global.line_of(key) {
            let message = format!(
                "{}:{line}: `global.{key}` is accepted and does nothing without the monitoring server",
                file.origin
            );
            findings.push(Finding::new(FindingKind::Inactive, "", message));
        }
    }
}

fn find_unknown(services: &Services<'_>, file: &FileConfig, findings: &mut Vec<Finding>) {
    let named = LazyCell::new(|| Names::new(services.keys().copied()));
    for (name, entry) in &file.services {
        if !services.contains_key(name.as_str()) {
            let hint = did_you_mean(named.nearest(name));
            let message =
                format!("{}:{}: no call site names the service `{name}`{hint}", file.origin, entry.line);
            findings.push(Finding::new(FindingKind::UnknownService, name, message));
        }
    }
    let unnamed =
        LazyCell::new(|| Names::new(file.service_names().filter(|name| !services.contains_key(name))));
    for (name, sites) in services {
        if !file.services.contains_key(*name)
            && let (Some(near), Some(site)) = (unnamed.nearest(name), sites.first())
        {
            let message = format!(
                "{}:{}: the service `{name}` is not in {}, but `{near}` is; is one of them misspelt?",
                site.file, site.line, file.origin
            );
            findings.push(Finding::new(FindingKind::MissingService, name, message));
        }
    }
}

fn did_you_mean(guess: Option<&str>) -> String {
    guess.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

fn find_shadowed(services: &Services<'_>, file: &FileConfig, findings: &mut Vec<Finding>) {
    for (name, sites) in services {
        let Some(entry) = file.services.get(*name) else {
            continue;
        };
        for site in sites {
            for (key, value) in site.written(Sort::Call) {
                let written = entry.values.get(&key);
                if let Some(written) =
                    written.filter(|written| !is_ceiling(site, key, &value, &written.value))
                {
                    let message = format!(
                        "{}:{}: `{}.{}` does not reach {}, whose attribute says {value} ({}); an override would",
                        file.origin,
                        written.line,
                        entry.path,
                        key.path(),
                        site.path(),
                        site.source()
                    );
                    findings.push(Finding::new(FindingKind::ShadowedByInline, name, message));
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

fn find_stray_overrides(services: &Services<'_>, file: &FileConfig, findings: &mut Vec<Finding>) {
    let named = LazyCell::new(|| Names::new(services.keys().copied()));
    for (target, entry) in &file.overrides {
        let sites = services.get(target.service.as_str());
        let (what, guess) = match (sites, &target.site) {
            (Some(_), None) => continue,
            (Some(sites), Some(wanted)) => {
                if sites.iter().any(|site| site.is_at(wanted)) {
                    continue;
                }
                let paths: Vec<String> = sites.iter().map(|site| site.path()).collect();
                let near = nearest(wanted, paths.iter().map(String::as_str)).map(str::to_owned);
                (format!("`{}` has no call site `{wanted}`", target.service), near)
            }
            (None, _) => {
                let near = named.nearest(&target.service).map(str::to_owned);
                (format!("no call site names the service `{}`", target.service), near)
            }
        };
        let hint = did_you_mean(guess.as_deref());
        let message =
            format!("{}:{}: `{}` overrides nothing: {what}{hint}", file.origin, entry.line, entry.path);
        findings.push(Finding::new(FindingKind::UnknownOverride, &target.service, message));
    }
}

#[cfg(test)]
mod tests;
