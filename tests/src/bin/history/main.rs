//! A checked history of the store of idempotency records. In: a number of operations, a seed, and perhaps a fault to plant.
//! Out: the word that no lease overlapped another, no result was stored twice or replayed wrongly, and no caller whose body
//! succeeded got an error; or what was wrong, and exit code 1. With a planted fault it is the other way round: not to find it
//! is what is wrong. `checks/redis` runs it.
//!
//! Each round has a server, workers and logs of its own, and is checked before the next begins: however many operations are asked
//! for, those of one round are all that is kept.
//!
//! ```text
//!   main ──► chaos: kills, stops and restarts server and workers, cuts connections
//!     │
//!     ├────► worker × 4: 16 tasks that claim, run, renew, complete, or call a function ──► one log each
//!     │
//!     └────► records ──► checker: by key, over all logs
//! ```

mod caller;
mod chaos;
mod checker;
mod clock;
mod dice;
mod faults;
mod log;
mod logged;
mod options;
mod records;
mod round;
mod worker;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use self::options::{Options, Part, USAGE};

fn main() -> ExitCode {
    let (part, options) = match options::read(std::env::args().skip(1)) {
        Ok(read) => read,
        Err(fault) => {
            say(&format!("{fault}\n\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    let outcome = match part {
        Part::Rounds => rounds(&options),
        Part::Worker(worker) => worker::run(&worker, &options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            say(&format!("wrong: {fault}"));
            ExitCode::FAILURE
        }
    }
}

fn rounds(options: &Options) -> Result<(), String> {
    say(&format!("seed {}", options.seed));
    let began = Instant::now();
    for round in 0..options.rounds {
        let options = Options { seed: options.seed.wrapping_add(round), ..options.clone() };
        let findings = round::run(&options)?;
        match (&options.plant, findings.as_slice()) {
            (None, []) if options.rounds > 1 => say(&format!(
                "round {} of {} is right: {} operations in {} s",
                round + 1,
                options.rounds,
                (round + 1) * options.operations,
                began.elapsed().as_secs()
            )),
            (None, []) => {}
            (None, findings) => return Err(findings.join("\n")),
            // Whether it shows depends on who was stopped when.
            (Some(fault), []) => say(&format!("`{fault}` has not shown")),
            (Some(fault), [first, ..]) => {
                say(&format!("ok: `{fault}` is found, {} times, as in: {first}", findings.len()));
                return Ok(());
            }
        }
    }
    if let Some(fault) = &options.plant {
        return Err(format!("the planted fault `{fault}` was not found in {} rounds", options.rounds));
    }
    say("ok: leases, results, replays and answers are as promised");
    Ok(())
}

/// A line for whoever looks on. Nobody may.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
