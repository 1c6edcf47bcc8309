//! In: files of Rust. Out: their modules, each with what it uses. Modules of tests are modules like any other, but that
//! they may use what stands above them.

use std::collections::BTreeMap;
use std::path::Path;

use syn::Item;

use super::trees::files_of_rust;
use super::uses::{Use, is_of_tests, uses_of};

/// The text of each file.
type Files = BTreeMap<String, String>;

/// The modules of a crate, by their path from its root.
pub(crate) struct Sources {
    pub(crate) modules: BTreeMap<Vec<String>, Module>,
    /// The files that no module names, and nobody compiles.
    pub(crate) strays: Vec<String>,
}

/// One module: a file, or a block within one.
pub(crate) struct Module {
    pub(crate) file: String,
    pub(crate) uses: Vec<Use>,
    /// Whether it is there only where tests are built.
    pub(crate) is_of_tests: bool,
}

impl Sources {
    /// Reads the sources of a crate from disk: of `lib.rs`, or of `main.rs` where there is no library. Programs in `bin`
    /// are crates of their own.
    pub(crate) fn read(root: &Path) -> Self {
        Self::of(files_of_rust(root).filter(|(file, _)| !file.starts_with("bin/")))
    }

    /// The crate that these files make, `lib.rs` or `main.rs` among them.
    pub(crate) fn of(files: impl Iterator<Item = (String, String)>) -> Self {
        let files: Files = files.collect();
        let mut sources = Self { modules: BTreeMap::new(), strays: Vec::new() };
        let root = if files.contains_key("lib.rs") { "lib.rs" } else { "main.rs" };
        sources.add_file(&files, root, Vec::new(), false);
        let is_stray = |file: &&String| sources.modules.values().all(|module| module.file != **file);
        sources.strays = files.keys().filter(is_stray).cloned().collect();
        sources
    }

    fn add_file(&mut self, files: &Files, file: &str, path: Vec<String>, is_test: bool) {
        let parsed = syn::parse_file(&files[file]).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.add_module(files, file, path, &parsed.items, is_test);
    }

    fn add_module(&mut self, files: &Files, file: &str, path: Vec<String>, items: &[Item], is_test: bool) {
        for item in items {
            let Item::Mod(module) = item else { continue };
            let mut below = path.clone();
            below.push(module.ident.to_string());
            let is_test = is_test || is_of_tests(&module.attrs);
            if let Some((_, items)) = &module.content {
                self.add_module(files, file, below, items, is_test);
                continue;
            }
            let stem = below.join("/");
            let (flat, folder) = (format!("{stem}.rs"), format!("{stem}/mod.rs"));
            let file = if files.contains_key(&flat) { flat } else { folder };
            assert!(files.contains_key(&file), "module {stem} has no file");
            self.add_file(files, &file, below, is_test);
        }
        self.modules
            .insert(path, Module { file: file.to_owned(), uses: uses_of(items), is_of_tests: is_test });
    }
}
