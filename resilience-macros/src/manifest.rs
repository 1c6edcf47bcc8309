//! Finds out by which name a crate knows the runtime, where it is renamed. In: the manifest of the crate that is being compiled.
//! Out: the name.
//!
//! A crate may rename a dependency (`rt = { package = "resilience-runtime", … }`), and only its manifest says so. It is
//! read line by line: a TOML parser would cost more build time than the attributes do. If nothing is found, the usual
//! name is used, and `crate = path` overrides it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const PACKAGE: &str = "resilience-runtime";

/// The name of a renamed runtime.
pub(crate) fn renamed() -> Option<&'static str> {
    static NAME: OnceLock<Option<String>> = OnceLock::new();
    NAME.get_or_init(|| in_folder(&PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?))).as_deref()
}

fn in_folder(folder: &Path) -> Option<String> {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let own = Names::of(&manifest);
    if own.is_plain {
        return None;
    }
    own.renamed.or_else(|| {
        // Renamed in the workspace, and inherited from there.
        let above = folder.ancestors().skip(1).find_map(|folder| {
            std::fs::read_to_string(folder.join("Cargo.toml")).ok().filter(|text| text.contains("[workspace"))
        })?;
        Names::of(&above).renamed.filter(|name| own.all.contains(name))
    })
}

/// The names of the runtime in a manifest.
#[derive(Debug, Default)]
struct Names {
    renamed: Option<String>,
    /// Whether the runtime is there under its own name.
    is_plain: bool,
    all: Vec<String>,
}

impl Names {
    fn of(manifest: &str) -> Self {
        let mut names = Self::default();
        // The dependency whose table is being read: `[dependencies.rt]`.
        let mut table: Option<String> = None;
        let mut is_list = false;
        for line in manifest.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            if let Some(header) = line.strip_prefix('[') {
                let header = header.split(']').next().unwrap_or_default();
                is_list = header.ends_with("dependencies");
                table = header.rsplit_once("dependencies.").map(|(_, name)| unquoted(name));
                if let Some(name) = &table {
                    names.add(name.clone(), "");
                }
            } else if let Some((key, value)) = line.split_once('=') {
                let key = key.trim();
                match &table {
                    Some(name) if key == "package" => names.add(name.clone(), &format!("package = {value}")),
                    _ if is_list => {
                        let name = key.split('.').next().unwrap_or_default();
                        names.add(unquoted(name), &value.replace('\'', "\""));
                    }
                    _ => {}
                }
            }
        }
        names
    }

    fn add(&mut self, name: String, value: &str) {
        let value: String = value.split_whitespace().collect();
        self.is_plain |= name == PACKAGE && !value.contains("package=");
        if name != PACKAGE && value.contains(&format!("package=\"{PACKAGE}\"")) {
            self.renamed = Some(name.clone());
        }
        self.all.push(name);
    }
}

fn unquoted(name: &str) -> String {
    name.trim().trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_dependency_is_found_in_every_form() {
        for manifest in [
            "[dependencies]\nrt = { package = \"resilience-runtime\", version = \"1\" }\n",
            "[dependencies]\n'rt'={version='1',package='resilience-runtime'}\n",
            "[dependencies.rt]\nversion = \"1\"\npackage = \"resilience-runtime\"\n",
            "[target.'cfg(unix)'.dependencies]\nrt = { package = \"resilience-runtime\" }\n",
            "[workspace.dependencies]\nrt = { path = \"x\", package = \"resilience-runtime\" }\n",
            "[dev-dependencies]\nrt = { package = \"resilience-runtime\" } # ours\n",
        ] {
            assert_eq!(Names::of(manifest).renamed.as_deref(), Some("rt"), "{manifest}");
        }
    }

    #[test]
    fn other_dependencies_are_no_renames() {
        for manifest in [
            "[dependencies]\nresilience-runtime = \"1\"\n",
            "[dependencies.resilience-runtime]\nversion = \"1\"\n",
            "[dependencies]\nresilience-runtime.workspace = true\n",
            "[dependencies]\n# rt = { package = \"resilience-runtime\" }\n",
            "[package]\nname = \"resilience-runtime\"\n",
            "[dependencies]\nrt = { package = \"resilience-runtime-x\" }\n",
        ] {
            assert_eq!(Names::of(manifest).renamed, None, "{manifest}");
        }
        assert!(Names::of("[dependencies]\nresilience-runtime.workspace = true\n").is_plain);
    }

    #[test]
    fn a_rename_may_stand_in_the_workspace() {
        let root = std::env::temp_dir().join(format!("resilience-manifest-{}", std::process::id()));
        let member = root.join("member");
        std::fs::create_dir_all(&member).expect("a folder");
        std::fs::write(
            root.join("Cargo.toml"),
            "[workspace]\n[workspace.dependencies]\nrt = { package = \"resilience-runtime\" }\n",
        )
        .expect("written");
        std::fs::write(member.join("Cargo.toml"), "[dependencies]\nrt.workspace = true\n").expect("written");
        let found = in_folder(&member);
        std::fs::write(member.join("Cargo.toml"), "[dependencies]\nserde = \"1\"\n").expect("written");
        let without = in_folder(&member);
        std::fs::remove_dir_all(&root).expect("removed");
        assert_eq!((found.as_deref(), without), (Some("rt"), None));
    }
}
