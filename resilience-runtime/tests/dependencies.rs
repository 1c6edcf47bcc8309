//! The page about dependencies is held to the manifests of the runtime and of the settings below it.

use std::collections::BTreeSet;

use toml::{Table, Value};

const PAGE: &str = include_str!("../docs/dependencies.md");

/// The crates that a manifest names for normal builds, on any platform.
fn in_manifest(krate: &str) -> BTreeSet<String> {
    let path = format!("{}/../{krate}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a manifest");
    let manifest: Table = toml::from_str(&text).expect("a manifest");
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let tables = targets.filter_map(|target| target.get("dependencies")).chain(manifest.get("dependencies"));
    tables.filter_map(Value::as_table).flat_map(Table::keys).cloned().collect()
}

/// The crates in the first column of the tables of the page.
fn on_page() -> BTreeSet<String> {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    rows.flat_map(|names| names.split("`, `")).map(|name| name.trim_end_matches('`').to_owned()).collect()
}

#[test]
fn every_direct_dependency_has_its_reason() {
    let ours = &in_manifest("resilience-runtime") | &in_manifest("resilience-settings");
    assert_eq!(on_page(), ours);
}
