//! Calls per second from one thread and from two, 64 tasks on one service or on 64: `throughput_N_median`,
//! `throughput_N_best`, for two threads also `…_near` and `…_far`, `scaling`, two threads over one,
//! and `round_trip`, what a cache line took between the processors meanwhile.
//!
//! Compare `scaling` with that of the group `reference`: the least that can be shared, under the same conditions. What
//! near and far are says `distance`.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use benches::distance::{Distance, round_trip};
use benches::flags::Flags;
use benches::measure::{calls_within, interleaved, median, on_threads};
use benches::report::{Report, exit};
use benches::{Case, LANES, cases};
use tokio::runtime::Runtime;
use tokio::task::{JoinSet, unconstrained, yield_now};

/// Tasks that make calls, as many as there are services of its own for.
const TASKS: u64 = LANES as u64;

/// Calls between which a task lets others run.
const TURN: u64 = 256;

/// Of all rounds together.
const LIMIT: Duration = Duration::from_secs(45);

/// Samples of one case from some number of threads.
struct Series {
    threads: usize,
    case: Arc<Case>,
    is_shared: bool,
    turns: u64,
    samples: Vec<Sample>,
}

/// Calls per second in millions, and the round trip of a cache line before and after, in nanoseconds.
struct Sample {
    rate: f64,
    around: (f64, f64),
}

fn main() -> ExitCode {
    let run = || -> Result<(), String> {
        let flags = Flags::read(11, 20, 1)?;
        let threads: &[usize] =
            if available_parallelism().map_or(1, usize::from) > 1 { &[1, 2] } else { &[1] };
        // Some peers start a task in the first runtime that they meet, so each runtime has its own of everything.
        let runtimes: Vec<Runtime> = threads.iter().map(|threads| on_threads(*threads)).collect();
        let lists: Vec<Vec<Series>> = threads
            .iter()
            .zip(&runtimes)
            .map(|(threads, runtime)| series(&flags, *threads, runtime))
            .collect();
        let places = lists[0].len();
        // One thread and two next to each other, for the ratio.
        let mut all: Vec<Series> = Vec::with_capacity(places * threads.len());
        let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
        for _ in 0..places {
            all.extend(lists.iter_mut().filter_map(Iterator::next));
        }
        interleaved(flags.rounds, LIMIT, all.len(), |place| {
            let series = &mut all[place];
            series.take(&runtimes[series.threads - 1]);
        });
        report(&flags, &all).map_err(|error| error.to_string())
    };
    exit(run())
}

fn series(flags: &Flags, threads: usize, runtime: &Runtime) -> Vec<Series> {
    let mut all = Vec::new();
    for case in flags.chosen(cases::contended()) {
        // What one pattern costs alone says its own group; 64 of them would say nothing new.
        let spreads: &[bool] = if is_spread(&case) { &[true, false] } else { &[true] };
        let case = Arc::new(case);
        for &is_shared in spreads {
            let target = Duration::from_millis(flags.millis);
            let turns = calls_within(target, |turns| run(runtime, &case, is_shared, turns));
            all.push(Series { threads, case: Arc::clone(&case), is_shared, turns, samples: Vec::new() });
        }
    }
    all
}

fn is_spread(case: &Case) -> bool {
    case.group == "reference" || case.group.starts_with("full stack")
}

/// How long all tasks take for so many turns each.
fn run(runtime: &Runtime, case: &Arc<Case>, is_shared: bool, turns: u64) -> Duration {
    runtime.block_on(async {
        let start = Instant::now();
        let mut tasks = JoinSet::new();
        for lane in 0..LANES {
            let case = Arc::clone(case);
            let lane = if is_shared { 0 } else { lane };
            tasks.spawn(async move {
                for _ in 0..turns {
                    unconstrained(case.start(lane, TURN)).await;
                    yield_now().await;
                }
            });
        }
        tasks.join_all().await;
        start.elapsed()
    })
}

impl Series {
    #[expect(clippy::cast_precision_loss, reason = "calls that were made, far below 2^52")]
    fn take(&mut self, runtime: &Runtime) {
        // Also for one thread, where it only tells whether other processes have the processors.
        let before = round_trip();
        let taken = run(runtime, &self.case, self.is_shared, self.turns);
        let around = (before, round_trip());
        let calls = (self.turns * TASKS * TURN) as f64;
        self.samples.push(Sample { rate: calls / taken.as_secs_f64() / 1e6, around });
    }

    fn at(&self, distance: Distance) -> Vec<f64> {
        let there = |sample: &&Sample| Distance::between(sample.around.0, sample.around.1) == distance;
        self.samples.iter().filter(there).map(|sample| sample.rate).collect()
    }

    /// Those that were not disturbed; all, where all were.
    fn rates(&self) -> Vec<f64> {
        let disturbed =
            |sample: &Sample| Distance::between(sample.around.0, sample.around.1) == Distance::Busy;
        let calm: Vec<f64> =
            self.samples.iter().filter(|sample| !disturbed(sample)).map(|sample| sample.rate).collect();
        if calm.is_empty() { self.samples.iter().map(|sample| sample.rate).collect() } else { calm }
    }

    /// What to say of the samples: how many there are, and whether any is worth something.
    fn remark(&self) -> &'static str {
        if self.at(Distance::Busy).len() == self.samples.len() { "; the machine was busy" } else { "" }
    }

    /// The median of all round trips.
    fn round_trip(&self) -> Option<f64> {
        let both = self.samples.iter().flat_map(|sample| [sample.around.0, sample.around.1]);
        median(&both.collect::<Vec<_>>())
    }
}

fn report(flags: &Flags, all: &[Series]) -> io::Result<()> {
    let mut report = Report::to_stdout(flags);
    for series in all {
        let (case, threads) = (&series.case, series.threads);
        let services = if series.is_shared { "one service" } else { "64 services" };
        let mut line = |metric: &str, value: Option<f64>, unit: &str, samples: usize| match value {
            Some(value) => report.line(
                metric,
                case,
                value,
                unit,
                &format!("{services}; {samples} samples{}", series.remark()),
            ),
            None => Ok(()),
        };
        let rates = series.rates();
        let best = rates.iter().copied().max_by(f64::total_cmp);
        line(&format!("throughput_{threads}_median"), median(&rates), "M calls/s", rates.len())?;
        line(&format!("throughput_{threads}_best"), best, "M calls/s", rates.len())?;
        if threads == 1 {
            continue;
        }
        for (name, distance) in [("near", Distance::Near), ("far", Distance::Far)] {
            let rates = series.at(distance);
            line(&format!("throughput_{threads}_{name}"), median(&rates), "M calls/s", rates.len())?;
        }
        let alone = all.iter().find(|other| {
            other.threads == 1 && other.is_shared == series.is_shared && other.case.id() == case.id()
        });
        let ratio = alone.and_then(|alone| Some(median(&rates)? / median(&alone.rates())?));
        line("scaling", ratio, "2 threads / 1", rates.len())?;
        line("round_trip", series.round_trip(), "ns", 2 * rates.len())?;
    }
    Ok(())
}
