//! Nanoseconds per call of every case, ours and the peers in one process and round by round: `wall_min` and
//! `wall_median`. Criterion measures one case after the other, and a noisy machine then favours some of them.

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use benches::flags::Flags;
use benches::measure::{calls_within, interleaved, median, on_this_thread, time};
use benches::report::Report;
use benches::{Case, cases};

/// Of all rounds together.
const LIMIT: Duration = Duration::from_secs(80);

#[expect(clippy::cast_precision_loss, reason = "calls that were made, far below 2^52")]
fn main() -> ExitCode {
    let run = || -> Result<(), String> {
        let flags = Flags::read(21, 8, 1)?;
        let cases = flags.chosen(cases::all().into_iter().chain(cases::growing()).collect());
        let runtime = on_this_thread();
        let target = Duration::from_millis(flags.millis);
        let calls: Vec<u64> =
            cases.iter().map(|case| calls_within(target, |calls| time(&runtime, case, calls))).collect();
        let mut samples = vec![Vec::new(); cases.len()];
        interleaved(flags.rounds, LIMIT, cases.len(), |place| {
            let taken = time(&runtime, &cases[place], calls[place]);
            samples[place].push(taken.as_secs_f64() * 1e9 / calls[place] as f64);
        });
        report(&flags, &cases, &samples).map_err(|error| error.to_string())
    };
    benches::report::exit(run())
}

fn report(flags: &Flags, cases: &[Case], samples: &[Vec<f64>]) -> io::Result<()> {
    let mut report = Report::to_stdout(flags);
    for (case, samples) in cases.iter().zip(samples) {
        let least = samples.iter().copied().fold(f64::INFINITY, f64::min);
        report.line("wall_min", case, least, "ns/call", "")?;
        report.line("wall_median", case, median(samples).unwrap_or(f64::NAN), "ns/call", "")?;
    }
    Ok(())
}
