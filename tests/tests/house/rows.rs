//! In: a folder. Out: the folders in it with more files in one row than anybody looks over.

use std::fs;
use std::path::Path;

/// As many as a person reads down without losing the thread.
const MOST: usize = 15;

pub(crate) fn too_long(folder: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    let mut files = 0;
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            faults.extend(too_long(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files += 1;
        }
    }
    if files > MOST {
        faults.push(format!("row: {files} files in {}", folder.display()));
    }
    faults
}
