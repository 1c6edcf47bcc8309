//! The program `resilience`: a command goes in, what people or programs read of it and an exit code come out.
//!
//! It uses the library as any other program does. Each command is a file of `commands`, with the arguments that it takes.

mod arguments;
mod commands;
mod exit;
mod failure;
mod figures;
mod folding;
mod output;
mod reading;
mod remote;
mod settings;
mod shown;
mod table;
mod web;
mod writing;

use std::process::ExitCode;

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(exit) => return exit.into(),
    };
    let mut output = Output::of_process(arguments.json, arguments.color);
    let ended = run(arguments.command, &mut output);
    ended.unwrap_or_else(|failure| failure.report(&mut output)).into()
}

fn run(command: Command, output: &mut Output) -> Result<Exit, Failure> {
    let exit = command.run(output)?;
    output.flush()?;
    Ok(exit)
}
