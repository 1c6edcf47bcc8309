//! The arguments of all commands go in, the man page comes out.

use clap::Command;
use clap_mangen::Man as Page;

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
        let mut page = Vec::new();
        Page::new(of).render(&mut page)?;
        output.file(&page)?;
        Ok(Exit::Fine)
    }
}
