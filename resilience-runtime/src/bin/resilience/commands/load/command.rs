//! Runs `resilience load` over HTTP. In: its arguments. Out: the report and what scripts go by.

use std::path::{Path, PathBuf};
use std::time::Duration;

use resilience_runtime::config::parse_duration;
use resilience_runtime::testing;
use resilience_runtime::testing::load::{Baseline, LoadError, Threshold, Verdict};
use tokio::runtime::Builder;

use super::arrivals::Arrivals;
use super::request::{Failed, Requests};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::reading;
use crate::writing::Target;

/// Send requests by a schedule, whatever became of the earlier ones, and measure from their intended starts.
///
/// A generator that was late itself has measured itself: then there are no percentiles, and the exit code is 3.
///
/// For example: `resilience load http://127.0.0.1:8080/ --rate 200 --for 30s --threshold 'p99 < 80 ms'`
#[derive(Debug, clap::Args)]
pub(crate) struct Load {
    #[command(flatten)]
    requests: Requests,

    #[command(flatten)]
    arrivals: Arrivals,

    /// The seed of random starts.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, allow_negative_numbers = true)]
    seed: u64,

    /// What has to be reached, such as `p99 < 80 ms` or `success > 99 %`; may be given several times.
    #[arg(long, short, value_name = "THRESHOLD")]
    threshold: Vec<Threshold>,

    /// The report of an earlier run, which `--save` wrote, to compare with; `-` is the standard input.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// By how many percent times may be longer than in the earlier run.
    #[arg(
        long,
        value_name = "PERCENT",
        default_value_t = 10.0,
        requires = "baseline",
        allow_negative_numbers = true
    )]
    allow: f64,

    /// By how many percentage points success may be lower than in the earlier run: with 0.5, 99.5 % after 100 %.
    #[arg(
        long,
        value_name = "POINTS",
        default_value_t = 0.5,
        requires = "baseline",
        allow_negative_numbers = true
    )]
    allow_success: f64,

    /// How many requests may be under way at once; further ones are counted as not started.
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000, allow_negative_numbers = true)]
    max_in_flight: usize,

    /// How long requests may take to end after the last start.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = parse_duration)]
    drain: Duration,

    /// Write the report as JSON into a file too.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,

    /// Write a picture of the load into a file.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// Write the percentiles in milliseconds into a file that the plotters of HDR histograms read (`.hgrm`).
    #[arg(long, value_name = "FILE")]
    hgrm: Option<PathBuf>,
}

impl Load {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let files = [self.arrivals.replay.as_deref(), self.baseline.as_deref()];
        reading::each_once(self.requests.files().into_iter().chain(files).flatten())?;
        let save = Target::wanted(self.save.as_deref(), "json")?;
        let svg = Target::wanted(self.svg.as_deref(), "svg")?;
        let hgrm = Target::wanted(self.hgrm.as_deref(), "hgrm")?;
        let baseline = self.baseline.as_deref().map(read_baseline).transpose()?;
        let schedule = self.arrivals.schedule()?;
        let runtime = Builder::new_multi_thread().enable_all().build();
        let runtime = runtime
            .map_err(|error| Failure::unusable(format!("cannot start threads for the load: {error}")))?;
        let report = runtime.block_on(async {
            let request = self.requests.prepare().await?;
            let mut load = testing::load(move || request.clone().send())
                .schedule(schedule)
                .seed(self.seed)
                .max_in_flight(self.max_in_flight)
                .drain(self.drain)
                .classes(Failed::class)
                .show_progress();
            for threshold in self.threshold {
                load = load.threshold(threshold);
            }
            if let Some(baseline) = baseline {
                load = load.baseline(baseline, self.allow).allow_success(self.allow_success);
            }
            load.run().await.map_err(unusable)
        })?;
        // Whichever of the files or the output fails, the others have the run all the same.
        let saved = save.map_or(Ok(()), |target| target.write(&report.to_json()));
        let drawn = svg.map_or(Ok(()), |target| target.write(&report.to_svg()));
        // Of a generator that was late there are none, and a file without any would be taken for one.
        let listed = match (hgrm, report.to_hgrm()) {
            (Some(target), Some(text)) => target.write(&text),
            _ => Ok(()),
        };
        if output.is_json() {
            output.file(report.to_json().as_bytes())?;
        } else {
            let text = report.to_text(output.columns(), output.is_coloured());
            output.file(text.as_bytes())?;
        }
        saved.and(drawn).and(listed)?;
        Ok(match report.verdict() {
            Verdict::Passed => Exit::Fine,
            Verdict::Failed => Exit::Findings,
            Verdict::Saturated => Exit::Invalid,
        })
    }
}

fn read_baseline(path: &Path) -> Result<Baseline, Failure> {
    Baseline::from_json(&reading::text(path)?).map_err(|error| {
        let failure = Failure::unusable(format!("cannot compare with `{}`: {error}", path.display()));
        failure.with_help("`resilience load URL --save FILE` writes a report to compare with")
    })
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unusable(error: LoadError) -> Failure {
    Failure::unusable(error.to_string())
}
