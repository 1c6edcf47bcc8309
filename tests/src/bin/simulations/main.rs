//! Plays scenarios of `testing::simulate` that have too many calls for a debug build, and holds them to what was published. In:
//! nothing, for the points and seeds of `./test`; `--full`, for all of `./soak`; `--only SCENARIO`, to look at one; `--only odd`
//! and `--only speed` for what is about no published result. Out: the reports, and `ok: …` or the claims that did not come out.

#![expect(clippy::print_stdout, reason = "what it says is its result")]

mod claims;
mod engine;
mod odd;
mod recovery;

use std::process::ExitCode;
use std::time::Instant;

use claims::Claims;
use resilience_runtime::testing::simulate::{Policy, Report, Simulation, scenario};

/// Seeds of the full grids.
const MANY: &[u64] = &[1, 2, 3, 4, 5];
const FEW: &[u64] = &[1, 2];
/// Further seeds for what depends most on chance.
const MORE: &[u64] = &[6, 7, 8, 9, 10];

/// A policy whose retries nothing bounds, and take no time.
const WITHOUT_BOUND: &str =
    "max_attempts = 1000000\ndeadline = \"off\"\nbase_delay = 0\nbreaker = false\nbudget = false\n";

/// Scenarios that would not end with it, or not within an hour; and whether they have to be cut off: in the
/// others deadlines bound them, or the cap on retries at once.
const UNBOUNDED: &[(&str, bool)] = &[
    ("retries", true),
    ("layers", true),
    ("half-open", true),
    ("herd", true),
    ("metastable", false),
    ("fair", false),
];

fn main() -> ExitCode {
    let is_full = std::env::args().any(|argument| argument == "--full");
    if let Some(name) = std::env::args().skip_while(|argument| argument != "--only").nth(1) {
        let mut claims = Claims::default();
        match &*name {
            "odd" => odd::play(&mut claims, true),
            "speed" => claims.speed(is_full),
            name => drop(play(name, 1, is_full)),
        }
        return claims.end();
    }
    let mut claims = Claims::default();
    odd::play(&mut claims, is_full);
    let mut recoveries = Vec::new();
    let seeds = if is_full { MANY } else { FEW };
    for seed in seeds {
        claims.metastable(&play("metastable", *seed, true));
        // All loads of one seed take half a minute of the processor.
        recoveries.push(play("recovery", *seed, is_full || *seed == 1));
        claims.collapse(&play("collapse", *seed, is_full));
        claims.half_open(&play("half-open", *seed, true));
        claims.hedging(&play("hedging", *seed, is_full));
        claims.capture(&play("capture", *seed, true));
        claims.fair(&play("fair", *seed, true));
        claims.jitter(&play("jitter", *seed, is_full));
        claims.retries(&play("retries", *seed, is_full), if is_full { 1_000.0 } else { 100.0 });
        claims.layers(&play("layers", *seed, true));
        claims.herd(&play("herd", *seed, is_full));
    }
    recoveries.extend(MORE.iter().filter(|_| is_full).map(|seed| play("recovery", *seed, false)));
    for report in &recoveries {
        claims.recovery(report);
    }
    claims.failed_calls(&recoveries);
    let of_a_second = play("metastable", 1, false);
    for unit in ["20ms", "180s"] {
        let policy = policy(&format!("attempt_timeout = \"{unit}\"\n"));
        claims.same_in_any_unit(
            &of_a_second,
            &told(&scenario("metastable").expect("it is there").policy(policy).quick()),
        );
    }
    for (name, is_cut) in UNBOUNDED {
        let simulation = scenario(name).expect("it is there").policy(policy(WITHOUT_BOUND)).quick();
        claims.ends(&told(&simulation), *is_cut);
    }
    claims.speed(is_full);
    claims.end()
}

fn play(name: &str, seed: u64, is_whole: bool) -> Report {
    let simulation = scenario(name).expect("it is in the table").seed(seed);
    told(&if is_whole { simulation } else { simulation.quick() })
}

/// The settings of a service `db`.
fn policy(keys: &str) -> Policy {
    Policy::from_toml(&format!("[services.db]\n{keys}"), "own.toml", "db").expect("it is valid")
}

/// Plays it, and says what came out.
fn told(simulation: &Simulation) -> Report {
    let began = Instant::now();
    let report = simulation.clone().run();
    println!("{report}in {:.1} s\n", began.elapsed().as_secs_f64());
    report
}
