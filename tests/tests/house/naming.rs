//! In: a folder, and names. Out: the files below it that have one of them, wherever in their text.

use std::fs;
use std::path::Path;

pub(crate) fn naming(folder: &Path, names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(naming(&path, names));
            continue;
        }
        let text = fs::read_to_string(&path).expect("it is text");
        let of_it = names.iter().filter(|name| text.contains(**name));
        found.extend(of_it.map(|name| format!("named: {name} in {}", path.display())));
    }
    found
}
