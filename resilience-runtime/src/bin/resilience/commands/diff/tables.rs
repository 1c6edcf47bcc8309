//! Decides what has changed between two files, table by table, for `resilience diff`. A table that can change what a program does
//! is compared here, or its changes are told to nobody: a test goes through all keys of the schema.

use std::collections::{BTreeMap, BTreeSet};

use resilience_runtime::Explanation;
use resilience_runtime::config::{ChaosTable, ConfigFile, Effective};
use resilience_runtime::policy::{Clause, Key, ServiceKind, Value};

use super::changed::{Change, Changed};
use crate::settings::{Origin, shown};

/// Everything that changes, in the order in which people are told.
pub(super) fn changed(before: &ConfigFile, after: &ConfigFile) -> Vec<Changed> {
    let mut all = vec![of_process(before, after)];
    all.extend(of_kinds(before, after));
    let named: BTreeSet<String> = before.named().into_iter().chain(after.named()).collect();
    all.extend(named.into_iter().map(|name| {
        let (old, new) = (before.explain(&name), after.explain(&name));
        between(name, &old, &new)
    }));
    all.extend(of_functions(before, after));
    all.extend(of_chaos(before, after));
    all.retain(|one| !one.changes.is_empty());
    all
}

fn of_process(before: &ConfigFile, after: &ConfigFile) -> Changed {
    let pairs = before.global().into_iter().zip(after.global()).filter(|((_, old), (_, new))| old != new);
    let mut changes: Vec<Change> = pairs
        .map(|((name, old), (_, new))| told(name, Some(old.to_string()), Some(new.to_string())))
        .collect();
    // Without the table a program that starts shedding goes by built-in thresholds; with it, by the table, even where that
    // says `off`.
    let said = |file: &ConfigFile| file.has_shedding().then(|| "written".to_owned());
    if before.has_shedding() != after.has_shedding() {
        changes.push(told("shedding", said(before), said(after)));
    }
    Changed { name: "global".to_owned(), target: None, changes }
}

/// The template of a kind holds for every service of that kind, also for those that only the program knows.
fn of_kinds(before: &ConfigFile, after: &ConfigFile) -> Vec<Changed> {
    let has = |file: &ConfigFile, kind: ServiceKind| file.templates().any(|name| name == kind.name());
    let kinds = ServiceKind::ALL.iter().filter(|kind| has(before, **kind) || has(after, **kind));
    kinds
        .map(|kind| {
            let (old, new) = (before.explain_kind(*kind), after.explain_kind(*kind));
            between(format!("templates.{}", kind.name()), &old, &new)
        })
        .collect()
}

fn between(name: String, old: &Explanation, new: &Explanation) -> Changed {
    let (labels, mut changes) = ([old.service_type(), new.service_type()], Vec::new());
    if let [from, to] = labels
        && from != to
    {
        changes.push(told("service_type", from.map(str::to_owned), to.map(str::to_owned)));
    }
    let (old, new) = (by_key(old), by_key(new));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
    for key in keys {
        let (from, to) = (old.get(&key).copied(), new.get(&key).copied());
        // Of a clause that is switched off nothing is left, which need not be told key by key.
        let clause = key.info().clause;
        let is_left = || new.keys().any(|other| other.info().clause == clause);
        if to.is_none() && clause != Clause::Top && !is_left() {
            continue;
        }
        if from.map(Effective::value) != to.map(Effective::value) {
            changes.push(Change {
                key: key.path(),
                before: from.map(|one| shown(key, one.value())),
                after: to.map(|one| shown(key, one.value())),
                from: from.map(|one| Origin::of(one.source())),
                to: to.map(|one| Origin::of(one.source())),
                because: because(from, to),
            });
        }
    }
    Changed { name, target: None, changes }
}

fn by_key(explanation: &Explanation) -> BTreeMap<Key, &Effective> {
    explanation.entries().iter().map(|one| (one.key(), one)).collect()
}

/// Why a value changes that other settings had their say in.
fn because(from: Option<&Effective>, to: Option<&Effective>) -> Option<String> {
    let reason = |one: Option<&Effective>| Some(one?.adjusted()?.reason().to_owned());
    match (reason(from), reason(to)) {
        (_, Some(now)) => Some(now),
        (Some(before), None) => Some(format!("before, {before}")),
        (None, None) => None,
    }
}

/// What overrides of single functions write: what they lie over only the program knows.
fn of_functions(before: &ConfigFile, after: &ConfigFile) -> Vec<Changed> {
    let of = |file: &ConfigFile| -> BTreeMap<String, BTreeMap<Key, String>> {
        let all = file.function_overrides();
        let shown = |(key, value): (Key, &Value)| (key, shown(key, value));
        all.map(|(name, written)| (name.to_owned(), written.into_iter().map(shown).collect())).collect()
    };
    let (old, new) = (of(before), of(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changes = |name: &String| written(old.get(name), new.get(name), |key| key.path());
    names
        .into_iter()
        .map(|name| Changed { name: name.clone(), target: None, changes: changes(name) })
        .collect()
}

fn of_chaos(before: &ConfigFile, after: &ConfigFile) -> Vec<Changed> {
    let (old, new) = (rules(before), rules(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let settings = |rule: Option<&ChaosTable<'_>>| rule.map(|rule| rule.settings().into_iter().collect());
    names
        .into_iter()
        .map(|name| {
            let (old, new) = (old.get(name), new.get(name));
            let changes = written(settings(old).as_ref(), settings(new).as_ref(), |key| (*key).to_owned());
            let target = new.or(old).map(|rule| rule.target().to_owned());
            Changed { name: name.clone(), target, changes }
        })
        .collect()
}

fn rules(file: &ConfigFile) -> BTreeMap<String, ChaosTable<'_>> {
    file.chaos().map(|rule| (rule.path(), rule)).collect()
}

/// What changes in a table that is told as it is written.
fn written<K: Ord>(
    old: Option<&BTreeMap<K, String>>,
    new: Option<&BTreeMap<K, String>>,
    name: impl Fn(&K) -> String,
) -> Vec<Change> {
    let keys: BTreeSet<&K> = old.into_iter().chain(new).flat_map(BTreeMap::keys).collect();
    let value = |table: Option<&BTreeMap<K, String>>, key: &K| table?.get(key).cloned();
    keys.into_iter()
        .filter(|key| value(old, key) != value(new, key))
        .map(|key| told(&name(key), value(old, key), value(new, key)))
        .collect()
}

/// A change of a value that stands in the table that is named.
fn told(key: &str, before: Option<String>, after: Option<String>) -> Change {
    Change { key: key.to_owned(), before, after, from: None, to: None, because: None }
}
