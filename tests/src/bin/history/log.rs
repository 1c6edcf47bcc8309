//! Writes what a worker asks, before it asks, and what was answered. Out: lines, each complete in the file before anything else is
//! done, so that a worker that is killed has lost none.
//!
//! A line: what, the number of the call, the key, when it was asked, when it was answered, and what belongs to it.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

#[derive(Debug)]
pub(crate) struct Log(File);

impl Log {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        File::options().create(true).append(true).open(path).map(Self)
    }

    /// One `write`, which the system appends as a whole.
    pub(crate) fn line(&self, line: &str) {
        let mut file = &self.0;
        file.write_all(format!("{line}\n").as_bytes()).expect("room for the log");
    }
}
