//! A workspace of its own below the target folder, and cargo in it. The versions are those of the project's lock
//! file and nothing is fetched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::source::Variant;

pub(crate) struct Workspace {
    folder: PathBuf,
}

impl Workspace {
    /// Made anew; what was built there before stays.
    pub(crate) fn create(root: &Path) -> Self {
        let folder = root.join("target/bench/compile");
        fs::create_dir_all(&folder).expect("a folder");
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n[workspace.dependencies]\n\
             resilience-runtime = {{ path = '{runtime}' }}\ntokio = {{ version = \"1\", features = [\"rt\", \"time\"] }}\n",
            runtime = root.join("resilience-runtime").display(),
        );
        fs::write(folder.join("Cargo.toml"), manifest).expect("the manifest");
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("the versions of the project");
        Self { folder }
    }

    fn package(&self, variant: Variant, functions: usize) -> PathBuf {
        self.folder.join("crates").join(variant.package(functions))
    }

    pub(crate) fn write(&self, variant: Variant, functions: usize) {
        let folder = self.package(variant, functions);
        fs::create_dir_all(folder.join("src")).expect("a folder");
        let name = variant.package(functions);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
             [dependencies]\nresilience-runtime.workspace = true\ntokio.workspace = true\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest).expect("the manifest");
        fs::write(folder.join("src/main.rs"), Variant::program(functions)).expect("the program");
        self.change(variant, functions, 0);
    }

    /// Writes the functions with another number in the body of one of them.
    pub(crate) fn change(&self, variant: Variant, functions: usize, number: usize) {
        let path = self.package(variant, functions).join("src/functions.rs");
        fs::write(path, variant.functions(functions, number)).expect("the functions");
    }

    /// Runs cargo, for one package or for all; how many seconds it took.
    pub(crate) fn cargo(&self, arguments: &[&str], package: Option<&str>) -> f64 {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments).args(["--offline", "--quiet"]).current_dir(&self.folder);
        // What the caller builds with is not what a user builds with.
        for name in ["CARGO_TARGET_DIR", "RUSTFLAGS", "CARGO_INCREMENTAL"] {
            command.env_remove(name);
        }
        match package {
            Some(package) => command.args(["--package", package]),
            None if arguments == ["clean"] => &mut command,
            None => command.arg("--workspace"),
        };
        let started = Instant::now();
        let output = command.output().expect("cargo runs");
        let taken = started.elapsed().as_secs_f64();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo {arguments:?} in {} failed\n{said}", self.folder.display());
        taken
    }

    pub(crate) fn program(&self, variant: Variant, functions: usize) -> PathBuf {
        self.folder.join("target/release").join(variant.package(functions))
    }
}

/// The bytes of machine code in a program, as `size` of the linker's own tools tells.
pub(crate) fn text_size(program: &Path) -> f64 {
    let output = Command::new("size").arg("-A").arg(program).output().expect("`size` runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix(".text"));
    let bytes = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    bytes.unwrap_or_else(|| panic!("no size of .text for {}:\n{text}", program.display()))
}
