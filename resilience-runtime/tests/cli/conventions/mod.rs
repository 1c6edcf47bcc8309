//! What holds for every command: exit codes, `--json`, the help, `-`, files that are written, and terminals.

mod broken;
mod json;
mod outputs;
mod pages;
mod standard_input;
mod terminal;
mod widths;

#[cfg(feature = "server")]
pub(crate) use outputs::counting;
