//! The whole program and the file go in, everything that is allowed but likely not meant comes out. Runs
//! when settings are loaded, never on a call.

use std::collections::BTreeMap;

use super::file::FileConfig;
use super::finding::{Finding, FindingKind};
use super::layers::{resolve_service, resolve_site};
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
    let in_file = file.into_iter().flat_map(FileConfig::service_names);
    for name in in_file.filter(|name| !services.contains_key(name)) {
        findings.extend_from_slice(resolve_service(name, &[], file, None).findings());
    }
    for (name, sites) in &services {
        let mut found = resolve_service(name, sites, file, None).findings().to_vec();
        found.extend(sites.iter().flat_map(|site| resolve_site(site, sites, file, None).findings().to_vec()));
        // What is wrong with the service shows at each of its sites.
        found.iter().enumerate().filter(|(index, one)| !found[..*index].contains(one)).for_each(
            |(_, one)| {
                findings.push(one.clone());
            },
        );
    }
    findings
}

fn find_inactive(file: &FileConfig, findings: &mut Vec<Finding>) {
    let monitoring =
        ["enable_global_metrics", "metrics_export_interval", "prometheus_enabled", "prometheus_port"];
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
    for (name, entry) in &file.services {
        if !services.contains_key(name.as_str()) {
            let guess = nearest(name, services.keys().copied());
            let hint = guess.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message =
                format!("{}:{}: no call site names the service `{name}`{hint}", file.origin, entry.line);
            findings.push(Finding::new(FindingKind::UnknownService, name, message));
        }
    }
    for (name, sites) in services {
        let in_file = file.services.keys().map(String::as_str).filter(|other| !services.contains_key(other));
        if !file.services.contains_key(*name)
            && let (Some(near), Some(site)) = (nearest(name, in_file), sites.first())
        {
            let message = format!(
                "{}:{}: the service `{name}` is not in {}, but `{near}` is; is one of them misspelt?",
                site.file, site.line, file.origin
            );
            findings.push(Finding::new(FindingKind::MissingService, name, message));
        }
    }
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
    for (target, entry) in &file.overrides {
        let sites = services.get(target.service.as_str());
        let (what, guess) = match (sites, &target.site) {
            (Some(_), None) => continue,
            (Some(sites), Some(wanted)) => {
                let paths: Vec<String> = sites.iter().map(|site| site.path()).collect();
                if paths.contains(wanted) {
                    continue;
                }
                let near = nearest(wanted, paths.iter().map(String::as_str)).map(str::to_owned);
                (format!("`{}` has no call site `{wanted}`", target.service), near)
            }
            (None, _) => {
                let near = nearest(&target.service, services.keys().copied()).map(str::to_owned);
                (format!("no call site names the service `{}`", target.service), near)
            }
        };
        let hint = guess.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let message =
            format!("{}:{}: `{}` overrides nothing: {what}{hint}", file.origin, entry.line, entry.path);
        findings.push(Finding::new(FindingKind::UnknownOverride, &target.service, message));
    }
}

#[cfg(test)]
mod tests;
