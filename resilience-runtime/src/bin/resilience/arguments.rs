//! Reads the command line; a new command begins here and with a file in `commands`. In: the arguments. Out: a command with its own.
//! A new one is a file in `commands`, a variant here, and an arm in `run`.

use std::env;
use std::ffi::OsStr;
use std::io::{self, Write as _};

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::{
    Advise, Bench, Chaos, Check, Completions, Diff, Events, Explain, Init, Load, Man, Schedule, Schema,
    Simulate, Top,
};
use crate::exit::{CODES, Exit};
use crate::failure::Failure;
use crate::output::{Colours, Output};

/// Where the help has what every command takes: among its own options it would stand anywhere.
const GLOBAL: &str = "Options of every command";

/// Checks and explains the settings of services, and rehearses failure before production does.
#[derive(Debug, Parser)]
#[command(name = "resilience", version, after_help = CODES, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Write JSON for programs instead of text for people; an error as an object with `error` and `help`.
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub(crate) json: bool,

    /// When to colour text.
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Colours,
}

impl Arguments {
    /// The arguments of the process, or how it ends without any that can be used.
    pub(crate) fn read() -> Result<Self, Exit> {
        Self::try_parse().map_err(|error| {
            // The help and the version are for people, whoever asks. Arguments that make no sense are no reason to say to a
            // program what it cannot read.
            if !error.use_stderr() {
                let told = error.print().and_then(|()| io::stdout().flush());
                return told.map_or_else(of_help, |()| Exit::Fine);
            }
            if asks_for_json() {
                return Failure::usage(&error).report(&mut Output::of_process(true, Colours::Never));
            }
            let _ = Output::of_process(false, Colours::Auto).usage(&error);
            Exit::Unusable
        })
    }
}

/// How it ends when nobody could be helped.
fn of_help(error: io::Error) -> Exit {
    Failure::from(error).report(&mut Output::of_process(false, Colours::Auto))
}

/// As far as that can be told of arguments that make no sense.
fn asks_for_json() -> bool {
    env::args_os()
        .skip(1)
        .take_while(|argument| argument != "--")
        .any(|argument| argument == OsStr::new("--json"))
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(Init),
    Check(Check),
    Explain(Explain),
    Diff(Diff),
    Schema(Schema),
    Schedule(Schedule),
    Simulate(Simulate),
    Load(Box<Load>),
    Bench(Bench),
    Advise(Advise),
    Top(Top),
    Events(Events),
    Chaos(Chaos),
    Completions(Completions),
    Man(Man),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self {
            Self::Init(command) => command.run(output),
            Self::Check(command) => command.run(output),
            Self::Explain(command) => command.run(output),
            Self::Diff(command) => command.run(output),
            Self::Schema(command) => command.run(output),
            Self::Schedule(command) => command.run(output),
            Self::Simulate(command) => command.run(output),
            Self::Load(command) => command.run(output),
            Self::Bench(command) => command.run(output),
            Self::Advise(command) => command.run(output),
            Self::Top(command) => command.run(output),
            Self::Events(command) => command.run(output),
            Self::Chaos(command) => command.run(output),
            Self::Completions(command) => command.run(&mut Arguments::command(), output),
            Self::Man(command) => command.run(Arguments::command(), output),
        }
    }
}
