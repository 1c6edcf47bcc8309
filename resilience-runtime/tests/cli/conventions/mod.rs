//! What holds for every command: exit codes, `--json`, the help, `-`, files that are written, and terminals.

mod broken;
mod json;
mod outputs;
mod pages;
mod remedies;
mod standard_input;
mod terminal;
mod widths;

pub(crate) use outputs::counting;
