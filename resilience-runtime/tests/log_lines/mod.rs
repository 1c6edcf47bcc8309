//! The log of a program whose subscriber keeps each event as a line: its level, its target, and its fields.

mod subscriber;

pub(crate) use self::subscriber::{kept, listen};

/// Those of the lines so far that hold all of these.
pub(crate) fn lines(parts: &[&str]) -> Vec<String> {
    kept().iter().filter(|line| parts.iter().all(|part| line.contains(part))).cloned().collect()
}
