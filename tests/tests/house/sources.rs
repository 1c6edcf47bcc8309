//! In: files of Rust. Out: their modules, and what each imports, followed through the faces that pass a name on to the file
//! that defines it. Tests are left out: they may look everywhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use syn::{Attribute, Item, Meta, UseTree, Visibility};

use super::imports::Import;

/// The modules of a crate, by their path from its root.
pub(crate) struct Sources {
    modules: BTreeMap<Vec<String>, Module>,
    types_in_faces: Vec<String>,
}

struct Module {
    file: String,
    uses: Vec<Use>,
}

struct Use {
    /// What is imported, with `crate`, `super` or whatever stands first.
    path: Vec<String>,
    /// Under which name; `*` for all.
    name: String,
    /// Whether others can import it from here.
    passes_on: bool,
}

impl Sources {
    /// Reads the sources of a crate from disk.
    pub(crate) fn read(root: &Path) -> Self {
        fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
            for entry in fs::read_dir(folder).expect("the sources are there") {
                let path = entry.expect("it can be read").path();
                if path.is_dir() {
                    collect(root, &path, files);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let below = path.strip_prefix(root).expect("it lies below");
                    let name = below.to_string_lossy().replace('\\', "/");
                    files.push((name, fs::read_to_string(&path).expect("it is text")));
                }
            }
        }
        let mut files = Vec::new();
        collect(root, root, &mut files);
        Self::of(files.into_iter())
    }

    /// The crate that these files make, `lib.rs` among them.
    pub(crate) fn of(files: impl Iterator<Item = (String, String)>) -> Self {
        let files: BTreeMap<String, String> = files.collect();
        let mut sources = Self { modules: BTreeMap::new(), types_in_faces: Vec::new() };
        sources.add_file(&files, "lib.rs", Vec::new());
        sources.types_in_faces.sort();
        sources
    }

    fn add_file(&mut self, files: &BTreeMap<String, String>, file: &str, path: Vec<String>) {
        let parsed = syn::parse_file(&files[file]).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.add_module(files, file, path, parsed.items);
    }

    fn add_module(
        &mut self,
        files: &BTreeMap<String, String>,
        file: &str,
        path: Vec<String>,
        items: Vec<Item>,
    ) {
        let is_face = file.ends_with("mod.rs");
        let mut uses = Vec::new();
        for item in items {
            match item {
                Item::Mod(module) if !is_of_tests(&module.attrs) => {
                    let name = module.ident.to_string();
                    let mut below = path.clone();
                    below.push(name);
                    if let Some((_, items)) = module.content {
                        self.add_module(files, file, below, items);
                        continue;
                    }
                    let stem = below.join("/");
                    let (flat, folder) = (format!("{stem}.rs"), format!("{stem}/mod.rs"));
                    let file = if files.contains_key(&flat) { flat } else { folder };
                    assert!(files.contains_key(&file), "module {stem} has no file");
                    self.add_file(files, &file, below);
                }
                Item::Use(item) if !is_of_tests(&item.attrs) => {
                    let passes_on = !matches!(item.vis, Visibility::Inherited);
                    collect_uses(&item.tree, &mut Vec::new(), passes_on, &mut uses);
                }
                other if is_face => {
                    if let Some(name) = type_name(&other) {
                        self.types_in_faces.push(format!("type in a face: `{name}` in {file}"));
                    }
                }
                _ => {}
            }
        }
        self.modules.insert(path, Module { file: file.to_owned(), uses });
    }

    pub(crate) fn types_in_faces(&self) -> Vec<String> {
        self.types_in_faces.clone()
    }

    /// What each file imports. What a face only passes on is not counted as its own.
    pub(crate) fn imports(&self) -> Vec<Import> {
        let mut imports = Vec::new();
        for (path, module) in &self.modules {
            let is_face = module.file.ends_with("mod.rs") || module.file == "lib.rs";
            for used in &module.uses {
                if is_face && used.passes_on {
                    continue;
                }
                let Some(to) = self.find(path, &used.path, 0) else { continue };
                if to != module.file {
                    imports.push(Import { from: module.file.clone(), to });
                }
            }
        }
        imports.sort();
        imports.dedup();
        imports
    }

    /// The file that defines what a path leads to, seen from a module; `None` outside of the crate.
    fn find(&self, from: &[String], path: &[String], depth: usize) -> Option<String> {
        assert!(depth < 32, "names passed on in a circle: {path:?}");
        let mut at = from.to_vec();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => {
                at.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|first| first == "super") {
                    at.pop()?;
                    rest = &rest[1..];
                }
            }
            first => {
                let mut child = at.clone();
                child.push(first.to_owned());
                if !self.modules.contains_key(&child) {
                    return None;
                }
            }
        }
        while let Some(next) = rest.first() {
            let mut below = at.clone();
            below.push(next.clone());
            if self.modules.contains_key(&below) {
                at = below;
                rest = &rest[1..];
                continue;
            }
            let module = &self.modules[&at];
            let passed_on = module.uses.iter().filter(|used| used.passes_on && &used.name == next);
            for used in passed_on {
                let mut onward = used.path.clone();
                onward.extend_from_slice(&rest[1..]);
                if let Some(file) = self.find(&at, &onward, depth + 1) {
                    return Some(file);
                }
            }
            break;
        }
        Some(self.modules[&at].file.clone())
    }
}

fn collect_uses(tree: &UseTree, before: &mut Vec<String>, passes_on: bool, uses: &mut Vec<Use>) {
    let mut leaf = |path: Vec<String>, name: String| uses.push(Use { path, name, passes_on });
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            collect_uses(&path.tree, before, passes_on, uses);
            before.pop();
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            let mut path = before.clone();
            if name != "self" {
                path.push(name);
            }
            let name = path.last().cloned().unwrap_or_default();
            leaf(path, name);
        }
        UseTree::Rename(rename) => {
            let mut path = before.clone();
            if rename.ident != "self" {
                path.push(rename.ident.to_string());
            }
            leaf(path, rename.rename.to_string());
        }
        UseTree::Glob(_) => leaf(before.clone(), "*".to_owned()),
        UseTree::Group(group) => {
            for tree in &group.items {
                collect_uses(tree, before, passes_on, uses);
            }
        }
    }
}

/// Whether it is there only where tests are built.
fn is_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Meta::List(list) = &attribute.meta else { return false };
        let condition = list.tokens.to_string();
        list.path.is_ident("cfg")
            && (condition == "test"
                || condition.starts_with("all (test")
                || condition.starts_with("all(test"))
    })
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
