//! In: modules with what they use. Out: which file imports which, each name followed through the faces that pass it on, to
//! the file that defines it.

use super::imports::Import;
use super::sources::Sources;
use super::uses::Use;

/// Where to stop when names are passed on in a circle.
const DEEPEST: usize = 32;

impl Sources {
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
                    let is_of_tests = module.is_of_tests || used.is_of_tests;
                    imports.push(Import { from: module.file.clone(), to, is_of_tests });
                }
            }
        }
        imports.sort();
        imports.dedup();
        imports
    }

    /// What a file takes from a face that has it of another crate of ours: it lives there, and is imported from there.
    pub(crate) fn detours(&self) -> Vec<String> {
        let mut detours = Vec::new();
        for (path, module) in &self.modules {
            let is_face = module.file.ends_with("mod.rs") || module.file == "lib.rs";
            for used in module.uses.iter().filter(|used| !(is_face && used.passes_on)) {
                if let Some((face, origin)) = self.face_of(path, &used.path) {
                    let name = used.path.join("::");
                    detours.push(format!(
                        "detour: {} takes `{name}` from {face}, it lives in {origin}",
                        module.file
                    ));
                }
            }
        }
        detours.sort();
        detours.dedup();
        detours
    }

    /// The face that passes on what a path leads to, and the crate of ours that it has it of.
    fn face_of(&self, from: &[String], path: &[String]) -> Option<(&str, &str)> {
        let (last, before) = path.split_last()?;
        let mut at = from.to_vec();
        for segment in before {
            match segment.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()?),
                below => at = self.child(&at, below)?,
            }
        }
        let face = &self.modules[&at];
        let of_ours = |used: &&Use| used.path.first().is_some_and(|first| first.starts_with("resilience_"));
        let named = face.uses.iter().filter(|used| used.passes_on && used.name.as_ref() == Some(last));
        let origin = named.filter(of_ours).find_map(|used| used.path.first())?;
        (at != from).then_some((&face.file, origin))
    }

    /// The file that defines what a path leads to, seen from a module; `None` outside of the crate.
    fn find(&self, from: &[String], path: &[String], depth: usize) -> Option<String> {
        let mut at = from.to_vec();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => {
                at.clear();
                rest = &rest[1..];
            }
            "self" | "super" => {
                while let Some(first @ ("self" | "super")) = rest.first().map(String::as_str) {
                    if first == "super" {
                        at.pop()?;
                    }
                    rest = &rest[1..];
                }
            }
            first if self.child(from, first).is_some() => {}
            _ => return self.through_uses(from, from, rest, depth),
        }
        while let Some(below) = rest.first().and_then(|next| self.child(&at, next)) {
            at = below;
            rest = &rest[1..];
        }
        let passed_on = if rest.is_empty() { None } else { self.through_uses(from, &at, rest, depth) };
        passed_on.or_else(|| Some(self.modules[&at].file.clone()))
    }

    /// The file of a path that begins with a name which the module `at` has imported, seen from the module `from`.
    fn through_uses(&self, from: &[String], at: &[String], path: &[String], depth: usize) -> Option<String> {
        if depth == DEEPEST {
            return None;
        }
        // A module below sees the imports that its parent keeps to itself.
        let is_inside = from.starts_with(at);
        let named = |name: &str| {
            let uses = self.modules[at].uses.iter().filter(|used| used.passes_on || is_inside);
            uses.filter(|used| used.name.as_deref() == Some(name)).collect::<Vec<_>>()
        };
        let onward = |before: &[String], rest: &[String]| self.find(at, &[before, rest].concat(), depth + 1);
        let by_name = named(&path[0]).into_iter().find_map(|used| onward(&used.path, &path[1..]));
        by_name.or_else(|| {
            let has = |used: &&Use| self.has_name(at, &used.path, &path[0]);
            named("*").into_iter().filter(has).find_map(|used| onward(&used.path, path))
        })
    }

    /// Whether a path leads to a module that has a module or an import of this name.
    fn has_name(&self, from: &[String], path: &[String], name: &str) -> bool {
        let mut at = from.to_vec();
        for segment in path {
            match segment.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" if at.pop().is_some() => {}
                below => match self.child(&at, below) {
                    Some(below) => at = below,
                    None => return false,
                },
            }
        }
        let mut uses = self.modules[&at].uses.iter();
        self.child(&at, name).is_some() || uses.any(|used| used.name.as_deref() == Some(name))
    }

    fn child(&self, at: &[String], name: &str) -> Option<Vec<String>> {
        let below = [at, &[name.to_owned()]].concat();
        self.modules.contains_key(&below).then_some(below)
    }
}
