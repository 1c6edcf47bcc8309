//! What the program is asked to do. In: its arguments. Out: options, or what is wrong with them.

use std::path::PathBuf;

use crate::faults::Fault;

pub(crate) const USAGE: &str = "\
history [--on redis|memory] [--through store|calls] [--operations N] [--rounds N] [--at-once N] \
[--seed N] [--plant token|lifetimes|process]";

/// What the store is asked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Through {
    /// The tasks of the workers.
    Store,
    /// The library, for an annotated function.
    Calls,
}

#[derive(Clone)]
pub(crate) struct Options {
    pub(crate) seed: u64,
    /// Of all workers, in a round.
    pub(crate) operations: u64,
    pub(crate) rounds: u64,
    /// How many rounds are under way at the same time.
    pub(crate) at_once: u64,
    /// Instead of one on a server, which processes share.
    pub(crate) is_in_memory: bool,
    pub(crate) through: Through,
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

impl Options {
    /// What is said to a worker beside what is its own.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let through = if self.through == Through::Calls { "calls" } else { "store" };
        let on = if self.is_in_memory { "memory" } else { "redis" };
        let seed = self.seed.to_string();
        let plant = self.plant.map(|fault| fault.to_string());
        let mut arguments = vec!["--through", through, "--on", on, "--seed", &seed];
        if let Some(fault) = &plant {
            arguments.extend(["--plant", fault]);
        }
        arguments.into_iter().map(str::to_owned).collect()
    }
}

pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<(Part, Options), String> {
    let mut options = Options {
        seed: crate::clock::now(),
        operations: 100_000,
        rounds: 1,
        at_once: 1,
        is_in_memory: false,
        through: Through::Store,
        plant: None,
    };
    let (mut number, mut url, mut log) = (None, None, None);
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("`{argument}` needs a value"))?;
        let parsed = || value.parse::<u64>().map_err(|_| format!("`{argument} {value}` is no number"));
        match argument.as_str() {
            "--seed" => options.seed = parsed()?,
            "--operations" => options.operations = parsed()?,
            "--rounds" => options.rounds = parsed()?,
            "--at-once" => options.at_once = parsed()?.max(1),
            "--on" => options.is_in_memory = chosen(&argument, &value, ["redis", "memory"])?,
            "--through" if chosen(&argument, &value, ["store", "calls"])? => options.through = Through::Calls,
            "--through" => options.through = Through::Store,
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

/// Whether it is the second of two words.
fn chosen(argument: &str, value: &str, [first, second]: [&str; 2]) -> Result<bool, String> {
    if value == first || value == second {
        return Ok(value == second);
    }
    Err(format!("`{argument} {value}`: one of {first} and {second}"))
}
