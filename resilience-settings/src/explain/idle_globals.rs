//! Decides which keys of `[global]` cannot act beside the others: a port of a server that nobody starts. Whatever program the file
//! is for; what a program lacks is told elsewhere.

use crate::config::file::FileConfig;
use crate::config::global::BUDGET_SWITCH;
use crate::config::shedding;
use crate::explain::findings::Findings;
use crate::layers::finding::FindingKind;

/// Keys that act only beside another.
struct Rule {
    /// Their table, with a dot behind it.
    table: &'static str,
    keys: fn() -> Vec<&'static str>,
    /// Whether they act.
    act: fn(&FileConfig) -> bool,
    /// The key that keeps them from it, and what it says where it is written.
    switch: (&'static str, &'static str),
    /// What it has to say.
    remedy: &'static str,
    why: &'static str,
}

/// A key that is missing here acts whatever the others say. `enabled` of load shedding and the other switches act by being false.
const RULES: &[Rule] = &[
    Rule {
        table: "",
        keys: || vec!["metrics_export_interval"],
        act: FileConfig::counts_calls,
        switch: ("enable_global_metrics", "false"),
        remedy: "true",
        why: "calls are not counted, so that there is nothing to sum up",
    },
    Rule {
        table: "",
        keys: || vec!["prometheus_port", "prometheus_address"],
        act: |file| file.global.prometheus_enabled,
        switch: ("prometheus_enabled", "false"),
        remedy: "true",
        why: "no server is started",
    },
    Rule {
        table: "",
        keys: || vec![BUDGET_SWITCH],
        act: |file| !file.global.retry_budget_enabled || file.global.max_concurrent_retries > 0,
        switch: ("max_concurrent_retries_global", "0"),
        remedy: "100",
        why: "there are no retries",
    },
    Rule {
        table: "shedding.",
        keys: || shedding::KEYS.iter().map(|(name, _)| *name).filter(|name| *name != "enabled").collect(),
        act: |file| file.global.shedding.enabled,
        switch: ("enabled", "false"),
        remedy: "true",
        why: "nothing is shed",
    },
];

/// A finding for each. Where there `may_be_a_server`: of a build without one, its keys are told of for that.
pub(super) fn find_idle_globals(file: &FileConfig, may_be_a_server: bool, findings: &mut Findings) {
    let is_told = |rule: &&Rule| may_be_a_server || rule.switch.0 != "prometheus_enabled";
    for rule in RULES.iter().filter(is_told).filter(|rule| !(rule.act)(file)) {
        for key in (rule.keys)() {
            let Some(line) = file.global.line_of(key) else { continue };
            findings.add(FindingKind::WithoutEffect, "", || message(file, rule, key, line));
        }
    }
}

fn message(file: &FileConfig, rule: &Rule, key: &str, line: u32) -> String {
    let Rule { table, switch: (switch, off), remedy, why, .. } = rule;
    let subject = format!("{}:{line}: `global.{table}{key}` does nothing", file.origin);
    match file.global.line_of(switch) {
        Some(other) => format!("{subject} beside `{switch} = {off}` in line {other}: {why}"),
        None => format!("{subject}: {why}; add `{switch} = {remedy}`"),
    }
}

#[cfg(all(test, feature = "file"))]
mod tests;
