//! The soak test. In: a seed and a number of calls. Out: that many calls of all kinds, under all known hazards, and the
//! confirmation that nothing was lost; or the findings, and exit code 1. `./soak --list` lists the scenes and the
//! hazards.
//!
//! A round of calls ends with a moment of quiet: every call has ended or was dropped, and its runtime is gone. Then the
//! counts of the library have to match what callers and bodies observed, nothing may be in use, and everything has to
//! work.

mod changes;
mod chaos;
mod checks;
mod dice;
mod foreign;
mod options;
mod plan;
mod quiet;
mod report;
mod rounds;
mod run;
mod scenes;
mod waits;

use std::process::ExitCode;

use self::checks::findings::{self, say};
use self::foreign::hazards::Hazard;
use self::options::{Options, Task, USAGE};

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(fault) => {
            say(&format!("{fault}\n\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    match options.task {
        Task::Soak => {}
        Task::Help => {
            say(USAGE);
            return ExitCode::SUCCESS;
        }
        Task::List => {
            say(&format!("scenes: {}", words(scenes::ALL, |scene| scene.name)));
            say(&format!("hazards: {}", words(Hazard::ALL, Hazard::word)));
            return ExitCode::SUCCESS;
        }
    }
    match run::run(&options) {
        Ok(()) if findings::is_any() => ExitCode::from(1),
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            say(&fault);
            ExitCode::from(2)
        }
    }
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> String {
    all.iter().map(|&one| word(one)).collect::<Vec<_>>().join(" ")
}
