//! What the program is asked to do. In: its arguments. Out: options, or what is wrong with them.

use std::path::PathBuf;

use crate::faults::Fault;

pub(crate) const USAGE: &str = "\
history [--operations N] [--rounds N] [--seed N] [--plant token|lifetimes|process]";

#[derive(Clone)]
pub(crate) struct Options {
    pub(crate) seed: u64,
    /// Of all workers, in a round.
    pub(crate) operations: u64,
    pub(crate) rounds: u64,
    pub(crate) plant: Option<Fault>,
}

/// Which part of the program this process is.
pub(crate) enum Part {
    Rounds,
    Worker(Worker),
}

/// One of the processes that use the store.
pub(crate) struct Worker {
    pub(crate) number: u64,
    pub(crate) url: String,
    pub(crate) log: PathBuf,
}

pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<(Part, Options), String> {
    let mut options = Options { seed: crate::clock::now(), operations: 100_000, rounds: 1, plant: None };
    let (mut number, mut url, mut log) = (None, None, None);
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("`{argument}` needs a value"))?;
        let parsed = || value.parse::<u64>().map_err(|_| format!("`{argument} {value}` is no number"));
        match argument.as_str() {
            "--seed" => options.seed = parsed()?,
            "--operations" => options.operations = parsed()?,
            "--rounds" => options.rounds = parsed()?,
            "--plant" => options.plant = Some(value.parse()?),
            "--worker" => number = Some(parsed()?),
            "--url" => url = Some(value),
            "--log" => log = Some(PathBuf::from(value)),
            _ => return Err(format!("`{argument}` is unknown")),
        }
    }
    let part = match (number, url, log) {
        (Some(number), Some(url), Some(log)) => Part::Worker(Worker { number, url, log }),
        _ => Part::Rounds,
    };
    Ok((part, options))
}
