//! In: the packages, each with the folders that cargo compiles. Out: folders with too many files in one row, files that are too
//! long or do not begin with what goes in and what comes out, and types in a face: also in tests, benches and examples, whose
//! imports are nobody's business.
//!
//! What lies beside those folders is data: the programs that the compiler refuses (`ui-tests/fail`), and the expansions
//! that are compared (`resilience-macros/snapshots`).

use std::fs;
use std::path::{Path, PathBuf};

use syn::Item;

/// As many files as a person reads down without losing the thread.
const FILES: usize = 15;
/// As many lines as fit into one idea.
const LINES: usize = 300;

/// The folders of a package that cargo compiles.
const COMPILED: [&str; 4] = ["src", "tests", "benches", "examples"];

/// Every folder with code of the workspace below this one.
pub(crate) fn of_workspace(root: &Path) -> Vec<PathBuf> {
    let packages = entries(root).into_iter().filter(|path| path.join("Cargo.toml").is_file());
    packages
        .flat_map(|package| {
            // The examples are a package whose programs lie in its root.
            if package.ends_with("examples") {
                return vec![package];
            }
            COMPILED.iter().map(|folder| package.join(folder)).filter(|folder| folder.is_dir()).collect()
        })
        .collect()
}

/// What is against the plan in a folder, and in those below it.
pub(crate) fn faults(folder: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    let mut files = 0;
    for path in entries(folder) {
        if path.is_dir() {
            faults.extend(self::faults(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files += 1;
            let text = fs::read_to_string(&path).expect("it is text");
            faults.extend(of_file(&path, &text));
        }
    }
    if files > FILES {
        faults.push(format!("row: {files} files in {}", folder.display()));
    }
    faults
}

/// What is against the plan in one file.
pub(crate) fn of_file(path: &Path, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    if lines > LINES {
        faults.push(format!("long: {lines} lines in {}", path.display()));
    }
    // A page of the documentation that is included says it in its own first line.
    let first = text.lines().next().unwrap_or_default();
    let says = first.strip_prefix("//! ").is_some_and(|line| line.split(' ').count() > 1);
    if !says && !first.starts_with("#![doc = include_str!(") {
        faults.push(format!("first line: {} does not begin with what it is for", path.display()));
    }
    if path.ends_with("mod.rs") {
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let types = all_items(&parsed.items).filter_map(type_name);
        faults.extend(types.map(|name| format!("type in a face: `{name}` in {}", path.display())));
    }
    faults
}

/// The items, and those of modules that are written in the file.
fn all_items(items: &[Item]) -> Box<dyn Iterator<Item = &Item> + '_> {
    Box::new(items.iter().flat_map(|item| {
        let inner = match item {
            Item::Mod(module) => module.content.as_ref().map_or(&[][..], |(_, items)| items),
            _ => &[],
        };
        std::iter::once(item).chain(all_items(inner))
    }))
}

/// All files of Rust below a folder, by their paths from there, each with its text.
pub(crate) fn files_of_rust(folder: &Path) -> impl Iterator<Item = (String, String)> {
    paths_of_rust(folder).into_iter().map(move |path| {
        let below = path.strip_prefix(folder).expect("it lies below");
        let name = below.to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(&path).expect("it is text"))
    })
}

fn paths_of_rust(folder: &Path) -> Vec<PathBuf> {
    let below = entries(folder)
        .into_iter()
        .flat_map(|path| if path.is_dir() { paths_of_rust(&path) } else { vec![path] });
    below.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    paths
}

fn type_name(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Union(item) => Some(item.ident.to_string()),
        Item::Trait(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// A folder with one file.
fn planted(name: &str, text: &str) -> Vec<String> {
    of_file(Path::new(name), text)
}

#[test]
fn a_file_that_is_too_long_or_says_nothing_and_a_type_in_a_face_are_found() {
    let long = format!("//! In: a call. Out: its result.\n{}", "fn call() {}\n".repeat(LINES));
    assert_eq!(planted("call.rs", &long), ["long: 301 lines in call.rs"]);
    assert_eq!(planted("call.rs", &long.replacen("fn call() {}\n", "", 1)), [] as [&str; 0]);
    for says_nothing in
        ["", "fn call() {}", "\n//! A call goes in.", "// A call goes in.", "//!", "//! Calls."]
    {
        assert_eq!(planted("call.rs", says_nothing).len(), 1, "{says_nothing:?}");
    }
    assert_eq!(planted("mod.rs", "#![doc = include_str!(\"page.md\")]\nmod page;"), [] as [&str; 0]);
    for face in
        ["struct Rig;", "#[cfg(test)] mod tests { enum Rig {} }", "pub(crate) trait Rig {}", "type Rig = u8;"]
    {
        let text = format!("//! A face of a room.\n{face}");
        assert_eq!(planted("call/mod.rs", &text), ["type in a face: `Rig` in call/mod.rs"]);
        assert_eq!(planted("call/rig.rs", &text), [] as [&str; 0]);
    }
}

#[test]
fn a_row_of_sixteen_files_is_found_however_deep() {
    let folder = tempfile::tempdir().expect("a folder");
    let deep = folder.path().join("scenes/limits");
    fs::create_dir_all(&deep).expect("it can be made");
    for number in 0..FILES {
        fs::write(deep.join(format!("scene_{number}.rs")), "//! A scene of limits.\n").expect("written");
    }
    fs::write(deep.join("figures.tsv"), "1").expect("written");
    assert_eq!(faults(folder.path()), [] as [&str; 0]);
    fs::write(deep.join("one_more.rs"), "//! A scene of limits.\n").expect("written");
    assert_eq!(faults(folder.path()), [format!("row: 16 files in {}", deep.display())]);
}
