//! In: the options. Out: rounds until the calls are made or the time is up, each with its moment of quiet.

use std::sync::Arc;
use std::time::{Duration, Instant};

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{RejectionKind, registry};

use crate::chaos::{Stage, ended_calls};
use crate::dice;
use crate::findings::{self, hold, say};
use crate::hazards::{self, Hazard};
use crate::journal;
use crate::memory::Memory;
use crate::operators::Operators;
use crate::options::Options;
use crate::panics;
use crate::quiet::{check_counts, probe};
use crate::real_clock;
use crate::reloads::Reloads;
use crate::rounds;
use crate::settings;
use crate::subscriber;
use crate::watchdog;

/// A scene alone may be slow, as it is limited.
const LONGEST_ROUND: Duration = Duration::from_secs(4);

/// How often it says how far it is.
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
    watchdog::start(move || tell(seed));
    let services: Vec<_> =
        options.scenes.iter().flat_map(|scene| scene.ledgers).map(|ledger| ledger.service).collect();
    let load = registry().load_config(&settings::between_rounds(), "between.toml");
    load.map_err(|error| error.to_string())?;

    let (begun, mut said) = (Instant::now(), Instant::now());
    let mut memory = Memory::default();
    let mut reloads =
        options.hazards.contains(&Hazard::Reloads).then(|| Reloads::new(services.clone())).transpose()?;
    let mut operators = options.hazards.contains(&Hazard::Operators).then(|| Operators::new(services));
    for round in 0.. {
        let left = options.calls.saturating_sub(ended_calls());
        let time = options.time.saturating_sub(begun.elapsed());
        if left == 0 || time.is_zero() || findings::is_final() {
            break;
        }
        let stage = Arc::new(Stage::new(left.min(options.round), time.min(LONGEST_ROUND), &options.scenes));
        hazards::rest(false);
        if let Some(reloads) = &mut reloads {
            reloads.start()?;
        }
        if let Some(operators) = &mut operators {
            operators.start();
        }
        rounds::play(round, &stage).map_err(|error| error.to_string())?;
        if let Some(operators) = &mut operators {
            operators.stop();
        }
        if let Some(reloads) = &mut reloads {
            reloads.stop();
        }
        hazards::rest(true);
        look(options, round)?;
        memory.look();
        if said.elapsed() > SAYS {
            said = Instant::now();
            progress(round, begun, &memory);
        }
    }
    shares(options);
    if findings::is_any() {
        tell(seed);
    } else {
        let (calls, time) = (ended_calls(), begun.elapsed());
        say(&struck());
        say(&format!(
            "ok: {calls} calls in {:.0} s, {} KiB resident, seed {seed}",
            time.as_secs_f64(),
            memory.now
        ));
    }
    Ok(())
}

/// The moment of quiet.
fn look(options: &Options, round: usize) -> Result<(), String> {
    check_counts(&options.scenes);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(probe(&options.scenes, round));
    // The calls that have asked are held to the same.
    check_counts(&options.scenes);
    Ok(())
}

fn progress(round: usize, begun: Instant, memory: &Memory) {
    let (calls, time) = (ended_calls(), begun.elapsed().as_secs());
    let kept = registry().interned_policies();
    say(&format!("{calls} calls in {time} s, {} rounds, {} KiB, {kept} settings", round + 1, memory.now));
}

/// What became of the calls of each service: a soak whose calls are all turned away says nothing.
fn shares(options: &Options) {
    say("service                   calls  answered  rejected   retries");
    for ledger in options.scenes.iter().flat_map(|scene| scene.ledgers) {
        let Some(service) = registry().service(ledger.service) else { continue };
        let stats = service.stats();
        let rejected: u64 = RejectionKind::ALL.iter().map(|&kind| stats.rejections(kind)).sum();
        let (calls, answered) = (stats.started(), stats.calls(CallOutcome::Success));
        let name = ledger.service;
        say(&format!("{name:<20} {calls:>10} {answered:>9} {rejected:>9} {:>9}", stats.retries()));
        hold(answered > calls / 50, ledger.scene, "calls are answered", || {
            format!("{name}: {answered} of {calls}")
        });
    }
}

fn struck() -> String {
    let counts: Vec<_> = hazards::panics()
        .filter(|(_, count)| *count > 0)
        .map(|(of, count)| format!("{} {count}", of.word()))
        .collect();
    format!("panics that were planned: {}", counts.join(", "))
}

/// What was wrong, at the end.
fn tell(seed: u64) {
    say(&struck());
    say("the last events:");
    for line in journal::last(None, 20) {
        say(&format!("    {line}"));
    }
    say(&format!("seed {seed}: what was wrong, how often"));
    for line in findings::summary() {
        say(&line);
    }
}
