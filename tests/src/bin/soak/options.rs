//! Options. In: the command line. Out: duration, seed, and what to run.

use std::time::Duration;

use crate::foreign::hazards::Hazard;
use crate::scenes::{self, Scene};

pub(crate) const USAGE: &str = "\
usage: soak [--seed N] [--calls N] [--seconds N] [--only SCENE,…] [--without HAZARD,…] [--round N] [--keep-going]
            [--trace] [--list] [--help]

  --seed N        the seed of chance; threads still interleave as they like
  --calls N       ends after so many calls; 10 million unless --seconds is given
  --seconds N     ends after so many seconds
  --only a,b      only these scenes
  --without a,b   leaves these hazards out
  --round N       looks after so many calls, instead of 150,000
  --trace         notes where in the library planned panics come up, which is slow
  --keep-going    goes on after a violation, and lists all of them at the end
  --list          says which scenes and hazards there are";

/// A fixed default, so that a finding can be reproduced.
const DEFAULT_SEED: u64 = 20_240_229;

const DEFAULT_CALLS: u64 = 10_000_000;

/// A second or two, so that a soak has many moments of quiet, with many calls between them.
const CALLS_A_ROUND: u64 = 150_000;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Soak,
    List,
    Help,
}

/// What is asked for.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) seed: u64,
    pub(crate) calls: u64,
    pub(crate) time: Duration,
    pub(crate) scenes: Vec<&'static Scene>,
    pub(crate) hazards: Vec<Hazard>,
    pub(crate) round: u64,
    pub(crate) trace: bool,
    pub(crate) keep_going: bool,
    pub(crate) task: Task,
}

impl Options {
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            seed: DEFAULT_SEED,
            calls: 0,
            time: Duration::MAX,
            scenes: scenes::ALL.to_vec(),
            hazards: Hazard::ALL.to_vec(),
            round: CALLS_A_ROUND,
            trace: false,
            keep_going: false,
            task: Task::Soak,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--seed" => options.seed = number(&value()?)?,
                "--calls" => options.calls = number(&value()?)?,
                "--seconds" => options.time = Duration::from_secs(number(&value()?)?),
                "--only" => options.scenes = words(&value()?, scenes::ALL, |scene| scene.name)?,
                "--without" => {
                    let left_out = words(&value()?, Hazard::ALL, Hazard::word)?;
                    options.hazards.retain(|hazard| !left_out.contains(hazard));
                }
                "--round" => options.round = number(&value()?)?.max(1),
                "--trace" => options.trace = true,
                "--keep-going" => options.keep_going = true,
                "--help" => options.task = Task::Help,
                "--list" => options.task = Task::List,
                other => return Err(format!("unknown: {other}")),
            }
        }
        if options.calls == 0 {
            options.calls = if options.time == Duration::MAX { DEFAULT_CALLS } else { u64::MAX };
        }
        Ok(options)
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.replace('_', "").parse().map_err(|_| format!("not a number: {text}"))
}

fn words<T: Copy>(list: &str, all: &[T], word: impl Fn(T) -> &'static str) -> Result<Vec<T>, String> {
    let find = |wanted: &str| all.iter().copied().find(|&one| word(one) == wanted);
    list.split(',')
        .map(|wanted| {
            let known = || all.iter().map(|&one| word(one)).collect::<Vec<_>>().join(" ");
            find(wanted).ok_or_else(|| format!("unknown: {wanted}; there are: {}", known()))
        })
        .collect()
}
