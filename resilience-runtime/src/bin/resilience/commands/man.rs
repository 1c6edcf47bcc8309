//! `resilience man`: the arguments of all commands go in, the man page comes out.

use std::borrow::Cow;

use clap::Command;
use clap_mangen::Man as Page;
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Write the man page, of the program or of one command.
///
/// For example: `resilience man | man -l -`
#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// The command, such as `check`.
    command: Option<String>,
}

/// What the page is part of.
const SOURCE: &str = concat!("resilience ", env!("CARGO_PKG_VERSION"));

/// For programs.
#[derive(Debug, Serialize)]
struct Written<'p> {
    command: &'p str,
    page: Cow<'p, str>,
}

impl Man {
    pub(crate) fn run(self, mut program: Command, output: &mut Output) -> Result<Exit, Failure> {
        // Gives each command its full name and the arguments that all share.
        program.build();
        let of = match &self.command {
            None => program,
            Some(name) => {
                let command = program.find_subcommand(name).cloned();
                command.ok_or_else(|| Failure::unusable(format!("there is no command `{name}`")))?
            }
        };
        let name = of.get_bin_name().unwrap_or_else(|| of.get_name()).to_owned();
        let mut page = Vec::new();
        // A date that is empty would be left out, and all behind it would stand in the wrong place.
        let page_of = Page::new(of).date(" ").source(SOURCE).manual("User Commands");
        page_of.render(&mut page)?;
        if output.is_json() {
            output.json(&Written { command: &name, page: String::from_utf8_lossy(&page) })?;
        } else {
            output.file(&page)?;
        }
        Ok(Exit::Fine)
    }
}
