//! Reads a configuration text from end to end: its checked sections, or its faults.

use std::io;
use std::path::Path;

use super::check::check;
use super::walk::Walk;
use crate::config::error::ConfigError;
use crate::config::file::FileConfig;
use crate::config::limits::MAX_SIZE;
use crate::reader::document::Document;
use crate::reader::notation::other;
use crate::reader::open::{open, read, text};
use crate::reader::toml::{Statement, Statements};

impl FileConfig {
    /// Reads and checks a file.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::read(path, open(path).and_then(|(file, metadata)| read(file, &metadata)))
    }

    /// Checks the content of a file.
    pub fn read(path: &Path, content: io::Result<Vec<u8>>) -> Result<Self, ConfigError> {
        let text = content.and_then(text).map_err(|cause| ConfigError::unreadable(path, cause))?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Reads and checks a text; `origin` is how messages call it.
    pub fn parse(text: &str, origin: &str) -> Result<Self, ConfigError> {
        if text.len() > MAX_SIZE {
            return Err(ConfigError::too_long(origin, text.len()));
        }
        // Some editors put a byte order mark in front, which TOML does not know.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if let Some(notation) = other(text) {
            return Err(ConfigError::of_other_notation(origin, notation));
        }
        let mut document = Document::new(text, origin);
        let mut walk = Walk::new(Self::empty(document.origin.clone()));
        let mut statements = Statements::new(text);
        while let Some(next) = statements.next(&mut document) {
            document.go_on_to(next.start, next.line);
            match next.statement {
                Some(Statement::Header { path, is_list, span }) => {
                    walk.header(&mut document, &path, is_list, span);
                }
                Some(Statement::Pair { path, item }) => walk.pair(&mut document, &path, item),
                // What stands below a broken header has no place.
                None if next.is_header => walk.lose_place(),
                None => {}
            }
            if walk.is_full {
                break;
            }
        }
        let file = walk.file;
        // Values that a broken line has would be missed in comparisons.
        if document.is_toml() {
            check(&file, &mut document);
        }
        document.finish(file)
    }
}

#[cfg(test)]
mod tests;
