//! Plays scenarios of `testing::simulate` that have too many calls for a debug build, and holds them to what was published. In:
//! nothing, for the points and seeds of `./test`; `--full`, for all of `./soak`; `--only SCENARIO`, to look at one. Out: the reports, and `ok: …` or the claims
//! that did not come out.

#![expect(clippy::print_stdout, reason = "what it says is its result")]

mod claims;

use std::process::ExitCode;
use std::time::Instant;

use claims::Claims;
use resilience_runtime::testing::simulate::{Report, scenario, speed};

/// Seeds of the full grids.
const MANY: &[u64] = &[1, 2, 3, 4, 5];
const FEW: &[u64] = &[1, 2];

fn main() -> ExitCode {
    let is_full = std::env::args().any(|argument| argument == "--full");
    if let Some(name) = std::env::args().skip_while(|argument| argument != "--only").nth(1) {
        let _ = play(&name, 1, is_full);
        return ExitCode::SUCCESS;
    }
    let mut claims = Claims::default();
    let seeds = if is_full { MANY } else { FEW };
    for seed in seeds {
        claims.metastable(&play("metastable", *seed, true));
        claims.recovery(&play("recovery", *seed, is_full || *seed == 1));
        claims.collapse(&play("collapse", *seed, is_full));
        claims.half_open(&play("half-open", *seed, true));
        claims.hedging(&play("hedging", *seed, is_full));
        claims.capture(&play("capture", *seed, is_full));
        claims.fair(&play("fair", *seed, is_full));
    }
    if is_full {
        for seed in MANY {
            claims.jitter(&play("jitter", *seed, true));
            claims.retries(&play("retries", *seed, true));
            claims.layers(&play("layers", *seed, true));
            claims.herd(&play("herd", *seed, true));
        }
    }
    let speed = speed(1);
    println!("{speed}");
    claims.speed(&speed);
    match claims.broken() {
        [] => {
            println!("ok: {} claims on {} seeds", claims.kept(), seeds.len());
            ExitCode::SUCCESS
        }
        broken => {
            for claim in broken {
                println!("broken: {claim}");
            }
            ExitCode::FAILURE
        }
    }
}

fn play(name: &str, seed: u64, is_whole: bool) -> Report {
    let simulation = scenario(name).expect("it is in the table").seed(seed);
    let began = Instant::now();
    let report = if is_whole { simulation.run() } else { simulation.quick().run() };
    println!("{report}in {:.1} s\n", began.elapsed().as_secs_f64());
    report
}
