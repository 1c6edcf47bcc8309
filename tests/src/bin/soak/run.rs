//! The main loop. In: the options. Out: rounds until the calls are made or the time is up, each followed by its checks.

use std::sync::Arc;
use std::time::{Duration, Instant};

use resilience_runtime::registry;

use crate::changes::operators::Operators;
use crate::changes::reloads::Reloads;
use crate::changes::settings;
use crate::chaos::{Stage, ended_calls};
use crate::checks::findings::{self, say};
use crate::checks::memory::Memory;
use crate::checks::real_clock;
use crate::checks::watchdog;
use crate::dice::{self, Dice};
use crate::foreign::hazards::{self, Hazard};
use crate::foreign::panics;
use crate::foreign::subscriber;
use crate::options::Options;
use crate::quiet::{Uncounted, check_counts, probe};
use crate::report;
use crate::rounds;

/// A single scene may be slow, as it is limited.
const LONGEST_ROUND: Duration = Duration::from_secs(4);

/// One round in this many has counting switched off: it takes other paths, and only what is in use can be checked.
const UNCOUNTED: usize = 4;

/// How often it reports its progress.
const SAYS: Duration = Duration::from_secs(10);

/// Soaks.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    dice::seed(options.seed);
    say(&format!("seed {}", options.seed));
    panics::install_hook();
    real_clock::check()?;
    say("built without `testing`: the clock and the timers are those of users");
    subscriber::install()?;
    hazards::choose(&options.hazards, options.trace);
    if options.keep_going {
        findings::keep_going();
    }
    let seed = options.seed;
    watchdog::start(move || report::tell(seed));
    let services: Vec<_> =
        options.scenes.iter().flat_map(|scene| scene.ledgers).map(|ledger| ledger.service).collect();

    let (begun, mut said) = (Instant::now(), Instant::now());
    let mut memory = Memory::default();
    let mut troubles = Troubles::new(options, services)?;
    for round in 0.. {
        let left = options.calls.saturating_sub(ended_calls());
        let time = options.time.saturating_sub(begun.elapsed());
        if left == 0 || time.is_zero() || findings::is_final() {
            break;
        }
        let stage = Arc::new(Stage::new(left.min(options.round), time.min(LONGEST_ROUND), &options.scenes));
        let is_counted = round % UNCOUNTED != UNCOUNTED - 1;
        load_settings(is_counted)?;
        let before = (!is_counted).then(|| Uncounted::begin(&options.scenes));
        hazards::rest(false);
        subscriber::listen(Dice::new((1 << 42) + round as u64).pick(&[0, 1, 2]));
        troubles.start(is_counted)?;
        rounds::play(round, &stage).map_err(|error| error.to_string())?;
        troubles.stop();
        hazards::rest(true);
        subscriber::listen(1);
        load_settings(true)?;
        if let Some(before) = before {
            before.end();
        }
        look(options, round)?;
        memory.look();
        if said.elapsed() > SAYS {
            said = Instant::now();
            report::progress(round, begun, &memory);
        }
    }
    report::shares(&options.scenes);
    if findings::is_any() {
        report::tell(seed);
    } else {
        report::praise(seed, begun, &memory);
    }
    Ok(())
}

fn load_settings(is_counted: bool) -> Result<(), String> {
    let load = registry().load_config(&settings::between_rounds(is_counted), "between.toml");
    load.map(drop).map_err(|error| error.to_string())
}

/// The moment of quiet.
fn look(options: &Options, round: usize) -> Result<(), String> {
    check_counts(&options.scenes);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(probe(&options.scenes, round));
    // The calls of the probes are checked in the same way.
    check_counts(&options.scenes);
    Ok(())
}

/// The actors that change settings and breakers while calls go on.
struct Troubles {
    reloads: Option<Reloads>,
    operators: Option<Operators>,
}

impl Troubles {
    fn new(options: &Options, services: Vec<&'static str>) -> Result<Self, String> {
        let has = |hazard| options.hazards.contains(&hazard);
        Ok(Self {
            reloads: has(Hazard::Reloads).then(|| Reloads::new(services.clone())).transpose()?,
            operators: has(Hazard::Operators).then(|| Operators::new(services)),
        })
    }

    fn start(&mut self, is_counted: bool) -> Result<(), String> {
        if let Some(operators) = &mut self.operators {
            operators.start();
        }
        self.reloads.as_mut().map_or(Ok(()), |reloads| reloads.start(is_counted))
    }

    fn stop(&mut self) {
        if let Some(operators) = &mut self.operators {
            operators.stop();
        }
        if let Some(reloads) = &mut self.reloads {
            reloads.stop();
        }
    }
}
