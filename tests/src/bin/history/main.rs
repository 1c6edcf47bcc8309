//! A checked history of the store of idempotency records. In: a number of operations, a seed, and perhaps a fault to plant.
//! Out: the word that no lease overlapped another, no result was stored twice or replayed wrongly, and no caller whose body
//! succeeded got an error; or what was wrong, and exit code 1. With a planted fault it is the other way round: not to find it
//! is what is wrong. `checks/redis` runs it.
//!
//! Each round has a server, workers and logs of its own, and is checked when it ends: however many operations are asked for, those
//! of the rounds that are under way are all that is kept.
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
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use self::faults::Fault;
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
    match options.plant {
        Some(fault) => finds(options, fault),
        None => are_right(options),
    }
}

/// Rounds, of which none may find anything. They mostly wait, for bodies and for troubles to pass, so that several may be under way.
fn are_right(options: &Options) -> Result<(), String> {
    let (began, next, done) = (Instant::now(), AtomicU64::new(0), AtomicU64::new(0));
    let one_by_one = || {
        loop {
            let round = next.fetch_add(1, Ordering::Relaxed);
            if round >= options.rounds {
                return Ok(());
            }
            let options = of_round(options, round);
            let findings = round::run(&options)?;
            if !findings.is_empty() {
                return Err(format!("seed {}: {}", options.seed, findings.join("\n")));
            }
            let done = 1 + done.fetch_add(1, Ordering::Relaxed);
            if options.rounds > 1 {
                let (operations, seconds) = (done * options.operations, began.elapsed().as_secs());
                say(&format!(
                    "{done} of {} rounds are right: {operations} operations in {seconds} s",
                    options.rounds
                ));
            }
        }
    };
    // After one that is wrong the others begin no more.
    let until_wrong = || one_by_one().inspect_err(|_| next.store(options.rounds, Ordering::Relaxed));
    let outcome: Result<(), String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..options.at_once).map(|_| scope.spawn(until_wrong)).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("a round panicked".to_owned())))
    });
    outcome.inspect(|()| say("ok: leases, results, replays and answers are as promised"))
}

/// Rounds until one finds a planted fault. Whether it shows depends on who was stopped when.
fn finds(options: &Options, fault: Fault) -> Result<(), String> {
    for round in 0..options.rounds {
        let findings = round::run(&of_round(options, round))?;
        if let Some(first) = findings.first() {
            say(&format!("ok: `{fault}` is found, {} times, as in: {first}", findings.len()));
            return Ok(());
        }
        say(&format!("`{fault}` has not shown"));
    }
    Err(format!("the planted fault `{fault}` was not found in {} rounds", options.rounds))
}

fn of_round(options: &Options, round: u64) -> Options {
    Options { seed: options.seed.wrapping_add(round), ..options.clone() }
}

/// A line for whoever looks on. Nobody may.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
