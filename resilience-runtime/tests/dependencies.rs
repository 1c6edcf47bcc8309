//! The page about dependencies is held to the manifest.

use std::collections::BTreeSet;

use toml::{Table, Value};

const PAGE: &str = include_str!("../docs/dependencies.md");

/// The crates that the manifest names for normal builds, on any platform.
fn in_manifest() -> BTreeSet<String> {
    let manifest: Table = toml::from_str(include_str!("../Cargo.toml")).expect("a manifest");
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
    assert_eq!(on_page(), in_manifest());
}
