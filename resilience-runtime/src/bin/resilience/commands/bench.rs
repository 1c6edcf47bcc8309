//! `resilience bench`: a file and the name of a service go in, what a call under these settings costs comes out.

use std::hint::black_box;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use resilience_runtime::config::parse_duration;
use resilience_runtime::{Recovery, Resilient, Service, registry};
use serde::Serialize;
use tokio::runtime::Builder;
use tokio::task::yield_now;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, Tone};
use crate::reading::{counted, known_service, load_text};
use crate::shown::time;
use crate::table::Table;

/// Calls between two readings of the clock, at most.
const BATCH: u32 = 256;

/// A batch that takes so long is measured exactly, however few calls it has.
const LONG: Duration = Duration::from_millis(1);

/// Show what a call costs under the settings of a service, by a handle, one call after another on one thread.
///
/// The body does nothing, so what is left is the cost of the settings. A limit that keeps calls waiting is measured too: then the
/// cost is its wait, and calls that it turns away are counted.
#[derive(Debug, clap::Args)]
pub(crate) struct Bench {
    /// The file; `-` is the standard input.
    file: PathBuf,

    /// The service, as the file names it.
    service: String,

    /// How long each case is measured.
    #[arg(long = "for", value_name = "TIME", default_value = "500ms", value_parser = parse_duration)]
    lasts: Duration,
}

/// One case.
#[derive(Debug, Serialize)]
struct Cost {
    case: &'static str,
    /// Of a call, in the batch in the middle.
    nanoseconds: f64,
    /// In the fastest batch.
    fastest_nanoseconds: f64,
    calls: u64,
    /// Calls that the library turned away.
    rejected: u64,
}

/// For programs.
#[derive(Debug, Serialize)]
struct Costs<'c> {
    service: &'c str,
    /// Whether the program is built for speed: otherwise these numbers say little.
    optimized: bool,
    cases: Vec<Cost>,
}

impl Bench {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let (file, text) = load_text(&self.file)?;
        known_service(&file, &self.service)?;
        let loaded = registry().load_config(&text, file.origin());
        loaded.map_err(|error| Failure::unusable(error.to_string()))?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| Failure::unusable(format!("cannot start a runtime: {error}")))?;
        let costs = Costs {
            service: &self.service,
            optimized: !cfg!(debug_assertions),
            cases: runtime.block_on(costs(&self.service, self.lasts))?,
        };
        if output.is_json() {
            output.json(&costs)?;
        } else {
            say(&costs, output)?;
        }
        Ok(Exit::Fine)
    }
}

async fn costs(name: &str, lasts: Duration) -> Result<Vec<Cost>, Failure> {
    let handle = Resilient::service(name).build();
    let bare = measured("bare future", lasts, async || black_box(fine()).await.is_ok()).await;
    let ready = measured("success at once", lasts, async || handle.call(fine).await.is_ok()).await;
    let waits = measured("success after a wait", lasts, async || handle.call(later).await.is_ok()).await;
    let service: &Service = registry()
        .service(name)
        .ok_or_else(|| Failure::unusable(format!("the library knows nothing of `{name}` after its calls")))?;
    service.force_closed();
    let fails = measured("failure, no retry", lasts, async || {
        let ended = handle.call_with(wrong, |_| Recovery::never()).await;
        ended.is_err_and(|error| error.kind() == io::ErrorKind::InvalidData)
    });
    let fails = fails.await;
    service.force_open();
    let open = measured("rejection, breaker open", lasts, async || handle.call(fine).await.is_err()).await;
    service.reset_breaker();
    Ok(vec![bare, ready, waits, fails, open])
}

async fn fine() -> io::Result<u32> {
    Ok(1)
}

async fn later() -> io::Result<u32> {
    yield_now().await;
    Ok(1)
}

async fn wrong() -> io::Result<u32> {
    Err(io::ErrorKind::InvalidData.into())
}

/// Calls until the time is up. A call says whether it ended as the case means it; any other was turned away.
async fn measured(case: &'static str, lasts: Duration, call: impl AsyncFn() -> bool) -> Cost {
    let (mut batches, mut size) = (Vec::new(), 1);
    let (mut calls, mut rejected) = (0, 0);
    let began = Instant::now();
    while batches.is_empty() || began.elapsed() < lasts {
        let start = Instant::now();
        for _ in 0..size {
            rejected += u64::from(!call().await);
        }
        let taken = start.elapsed();
        calls += u64::from(size);
        // Calls that are quick are made many at once, and those before have filled the caches; of calls that wait, each counts.
        if size < BATCH && taken < LONG {
            size *= 2;
            batches.clear();
            continue;
        }
        batches.push(taken.as_secs_f64() * 1e9 / f64::from(size));
    }
    batches.sort_by(f64::total_cmp);
    let at = |index: usize| batches.get(index).copied().unwrap_or_default();
    Cost { case, nanoseconds: at(batches.len() / 2), fastest_nanoseconds: at(0), calls, rejected }
}

fn say(costs: &Costs<'_>, output: &mut Output) -> Result<(), Failure> {
    let service = output.tint(Tone::Strong, costs.service);
    output.line(format_args!("{service}: what a call takes, one after another on one thread"))?;
    let mut table = Table::default();
    let head = ["case".to_owned(), format!("{:>9}", "median"), format!("{:>9}", "fastest")];
    table.row(head.map(|name| (Tone::Faint, name)).to_vec(), Vec::new());
    for cost in &costs.cases {
        let remark = match cost.rejected {
            0 => None,
            some => {
                Some(format!("{some} of {} were turned away by the settings", counted(cost.calls, "call")))
            }
        };
        let cells = vec![
            (Tone::Plain, cost.case.to_owned()),
            (Tone::Strong, format!("{:>9}", time(cost.nanoseconds * 1e-9))),
            (Tone::Faint, format!("{:>9}", time(cost.fastest_nanoseconds * 1e-9))),
        ];
        table.row(cells, remark.into_iter().collect());
    }
    table.write(output)?;
    if !costs.optimized {
        let word = output.tint(Tone::Odd, "note");
        let note = format!("{word}: this program is not built with `--release`, so these numbers say little");
        output.sentence(&note, "note: ".len())?;
    }
    Ok(())
}
