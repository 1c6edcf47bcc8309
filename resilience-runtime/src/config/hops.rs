//! A path goes in, every folder entry that decides which file it means comes out: one for each symbolic link
//! on the way, and one for the file at the end.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// As many as Linux follows before it gives up.
const MOST_LINKS: usize = 40;

/// An entry of a folder that, when replaced, changes what the path means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Hop {
    pub(super) folder: PathBuf,
    pub(super) name: OsString,
}

/// The hops of an absolute path. Parts that do not exist are taken as plain names: they may appear later.
pub(super) fn hops(path: &Path) -> Vec<Hop> {
    let mut left: VecDeque<OsString> = parts(path).collect();
    let mut folder = root_of(path);
    let mut hops = Vec::new();
    let mut links = 0;
    while let Some(name) = left.pop_front() {
        if name == ".." {
            folder.pop();
            continue;
        }
        let entry = folder.join(&name);
        match std::fs::read_link(&entry) {
            Ok(target) if links < MOST_LINKS => {
                links += 1;
                let at = folder.clone();
                hops.push(Hop { folder: at, name });
                if target.is_absolute() {
                    folder = root_of(&target);
                }
                for part in parts(&target).collect::<Vec<_>>().into_iter().rev() {
                    left.push_front(part);
                }
            }
            _ if left.is_empty() => {
                let folder = folder.clone();
                hops.push(Hop { folder, name });
            }
            _ => folder = entry,
        }
    }
    hops
}

fn root_of(path: &Path) -> PathBuf {
    path.components().take_while(|part| matches!(part, Component::Prefix(_) | Component::RootDir)).collect()
}

fn parts(path: &Path) -> impl Iterator<Item = OsString> {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn every_link_on_the_way_is_a_hop() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("it exists");
        std::fs::create_dir(root.join("..2026_a")).expect("made");
        std::fs::write(root.join("..2026_a/config.toml"), "").expect("written");
        symlink("..2026_a", root.join("..data")).expect("linked");
        symlink("..data/config.toml", root.join("config.toml")).expect("linked");
        let found: Vec<String> = hops(&root.join("config.toml"))
            .into_iter()
            .map(|hop| {
                let folder = hop.folder.strip_prefix(&root).expect("inside").display().to_string();
                format!("{folder}/{}", hop.name.display())
            })
            .collect();
        assert_eq!(found, ["/config.toml", "/..data", "..2026_a/config.toml"]);
    }

    #[test]
    fn a_circle_of_links_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        symlink("b", folder.path().join("a")).expect("linked");
        symlink("a", folder.path().join("b")).expect("linked");
        assert!(hops(&folder.path().join("a")).len() <= MOST_LINKS + 1);
    }
}
