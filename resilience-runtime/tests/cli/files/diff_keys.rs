//! Whatever key of whatever table of a file is changed alone, `resilience diff` tells it, under the name of whom it is for. The
//! tables are those of the schema, so that a new one cannot be forgotten.

use std::fs;

use resilience_runtime::config::{ConfigFile, json_schema};
use resilience_runtime::policy::{Clause, Key};
use serde_json::Value;

use crate::resilience::resilience;

/// Values, one of which every key takes that has no words of its own.
const VALUES: &[&str] = &[
    "true",
    "false",
    "1",
    "2",
    "3",
    "50",
    "0.25",
    "0.5",
    "0.75",
    "1.5",
    "'1s'",
    "'2s'",
    "'7m'",
    "'p95'",
    "'127.0.0.2'",
    "'0.0.0.0'",
    "[503]",
    "[429]",
    "'a'",
    "'b'",
];

/// A key that can be written, by the names that lead to it, with the words that it takes.
struct Place {
    path: Vec<String>,
    words: Vec<String>,
}

/// What a schema says, wherever it says it.
fn resolved<'s>(root: &'s Value, schema: &'s Value) -> Vec<&'s Value> {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        return resolved(root, &root["$defs"][name]);
    }
    match schema["anyOf"].as_array() {
        Some(ways) if !schema["properties"].is_object() => {
            ways.iter().flat_map(|way| resolved(root, way)).collect()
        }
        _ => vec![schema],
    }
}

fn is_table(schema: &Value) -> bool {
    ["properties", "patternProperties"].iter().any(|word| schema[*word].is_object())
        || schema["additionalProperties"].is_object()
}

/// The keys of a table, and those of the tables in it.
fn walk(root: &Value, table: &Value, path: &[String], found: &mut Vec<Place>) {
    let below = |name: &str| [path, &[name.to_owned()]].concat();
    for (name, schema) in table["properties"].as_object().into_iter().flatten() {
        let (tables, values): (Vec<&Value>, Vec<&Value>) =
            resolved(root, schema).into_iter().partition(|way| is_table(way));
        for table in tables {
            walk(root, table, &below(name), found);
        }
        if !values.is_empty() {
            let words = values.iter().flat_map(|way| way["enum"].as_array().into_iter().flatten());
            let words = words.map(ToString::to_string).collect();
            found.push(Place { path: below(name), words });
        }
    }
    if table["additionalProperties"].is_object() {
        let name = if path == ["templates"] { "t" } else { "a" };
        for way in resolved(root, &table["additionalProperties"]) {
            walk(root, way, &below(name), found);
        }
    }
    for (pattern, schema) in table["patternProperties"].as_object().into_iter().flatten() {
        let name = if pattern.contains("::") { "'a@shop::find'" } else { "a" };
        for way in resolved(root, schema) {
            walk(root, way, &below(name), found);
        }
    }
}

/// What else a file may have to say so that a key is accepted and acts.
fn contexts(root: &Value, path: &[String]) -> Vec<String> {
    let own = path[..path.len().min(2)].join(".");
    let own = own.as_str();
    match path[0].as_str() {
        "global" => vec![String::new()],
        "chaos" => ["hang = true", "latency = '3s'", "for = '1s'\nchaos.a.hang = true", "for = '1s'"]
            .iter()
            .flat_map(|more| ["target = 'c'\nchaos.a.", ""].map(|target| format!("chaos.a.{target}{more}\n")))
            .chain(["chaos.a.target = 'c'\n".to_owned()])
            .collect(),
        _ => {
            let words = |table: &str, key: &str| -> Vec<String> {
                let schema = &root["$defs"][table]["properties"][key];
                let ways = resolved(root, schema);
                let words = ways.iter().flat_map(|way| way["enum"].as_array().into_iter().flatten());
                words.map(ToString::to_string).collect()
            };
            let user = if own == "templates.t" { "services.a.template = 't'\n" } else { "" };
            let strategies = words("service", "strategy").into_iter();
            let strategies = strategies.map(|word| format!("{own}.strategy = {word}\n"));
            let budgets = words("budget", "kind").into_iter();
            let budgets = budgets.map(|word| format!("{own}.budget.kind = {word}\n"));
            let others = ["idempotent = true", "attempt_timeout = 'adaptive'", "bulkhead.adaptive = true"];
            let others = others.iter().map(|other| format!("{own}.{other}\n"));
            let all = [String::new()].into_iter().chain(strategies).chain(budgets).chain(others);
            all.map(|context| format!("{user}{context}")).collect()
        }
    }
}

/// Under which name the change is told, and as which key.
fn expected(path: &[String]) -> (String, String) {
    let [section, name, rest @ ..] = path else { panic!("{path:?}") };
    let key = match rest {
        [key] => Key::find(Clause::Top, key).map(Key::path),
        [clause, key] => {
            let clause = Clause::ALL.iter().find(|known| known.name() == clause);
            clause.and_then(|clause| Key::find(*clause, key)).map(Key::path)
        }
        _ => None,
    };
    let key = key.unwrap_or_else(|| rest.join("."));
    match section.as_str() {
        "global" => ("global".to_owned(), path[1..].join(".")),
        "chaos" => (format!("chaos.{name}"), key),
        _ => (if name == "t" { "a" } else { name.trim_matches('\'') }.to_owned(), key),
    }
}

/// Whether the change from one text to the other is told, and only for whom it is.
fn is_told(before: &str, after: &str, path: &[String]) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let [before, after] = [("before.toml", before), ("after.toml", after)].map(|(name, text)| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("writable");
        path.to_str().expect("text").to_owned()
    });
    let said = resilience(&["diff", "--json", &before, &after]);
    let (name, key) = expected(path);
    // What a template changes, it changes for those that stand on it; a switch of the process for every service.
    let through = ["template", "extends"].contains(&key.as_str());
    let all = said.json();
    let told = all.as_array().expect("a list").iter().filter(|one| one["name"] == name.as_str()).any(|one| {
        one["changes"].as_array().expect("a list").iter().any(|change| {
            let told = change["key"].as_str().expect("a key");
            through || told == key || told.strip_prefix(&key).is_some_and(|rest| rest.starts_with('.'))
        })
    });
    assert!(!told || said.code == 1, "{said:?}");
    told
}

#[test]
fn each_key_of_each_table_that_is_changed_alone_is_told() {
    let root: Value = serde_json::from_str(&json_schema()).expect("JSON");
    let mut places = Vec::new();
    walk(&root, &root, &[], &mut places);
    assert!(places.len() > 3 * Key::ALL.len(), "{} places", places.len());
    let is_valid = |text: &String| ConfigFile::parse(text, "test.toml").is_ok();
    let mut silent = Vec::new();
    for Place { path, words } in &places {
        let dotted = path.join(".");
        let values: Vec<&str> = words.iter().map(String::as_str).chain(VALUES.iter().copied()).collect();
        let is_one_told = contexts(&root, path).iter().any(|context| {
            let texts = values.iter().map(|value| format!("{context}{dotted} = {value}\n"));
            let texts: Vec<String> = texts.filter(is_valid).take(6).collect();
            texts.iter().skip(1).any(|text| is_told(&texts[0], text, path))
        });
        if !is_one_told {
            silent.push(dotted);
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}
