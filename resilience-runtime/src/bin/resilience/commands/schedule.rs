//! The settings of delays go in, from a file or from arguments; when the retries of a call come, as a table and drawn, comes out.

use std::path::PathBuf;
use std::time::Duration;

use resilience_runtime::config::ConfigFile;
use resilience_runtime::policy::{CallPolicy, Ratio};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, Tone};
use crate::reading::{known_service, load};
use crate::table::Table;

/// How many calls are played when nobody says.
const CALLS: u32 = 10_000;

/// More retries than this are not shown: later ones have the delay of the last.
const MOST_RETRIES: usize = 50;

/// Show when the retries of a call come: the delay before each, over many calls that keep failing.
///
/// Of a service in a file, or of settings that are given here, as a file would say them. The time that attempts take is not part of
/// it. The same seed gives the same numbers.
#[derive(Debug, clap::Args)]
pub(crate) struct Schedule {
    /// The file; `-` is the standard input.
    #[arg(requires = "service")]
    file: Option<PathBuf>,

    /// The service, as the file names it.
    service: Option<String>,

    /// A setting, as `strategy=fibonacci` or `base_delay=50ms`; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE", conflicts_with = "file")]
    settings: Vec<String>,

    /// How many calls are played.
    #[arg(long, default_value_t = CALLS, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    calls: u32,

    /// Where the random draws start.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// The share of the service's calls that fail, 0 to 1, which the adaptive strategy goes by.
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    failure_rate: f64,
}

/// The delay before one retry, or all delays together, in seconds.
#[derive(Debug, Serialize)]
struct Spread {
    /// Of a retry its number, from 1.
    retry: Option<usize>,
    least: f64,
    p50: f64,
    p90: f64,
    p99: f64,
    most: f64,
    mean: f64,
}

#[derive(Debug, Serialize)]
struct Played {
    strategy: &'static str,
    calls: u32,
    seed: u64,
    retries: Vec<Spread>,
    /// All delays of a call.
    total: Option<Spread>,
    /// In seconds; none is no deadline.
    deadline: Option<f64>,
}

impl Schedule {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let rate = Ratio::new(self.failure_rate)
            .ok_or_else(|| Failure::unusable("`--failure-rate` is a share from 0 to 1"))?;
        let policy = self.policy()?;
        let retries = if policy.retry_enabled { policy.max_attempts.saturating_sub(1) } else { 0 };
        let retries = usize::try_from(retries).unwrap_or(usize::MAX).min(MOST_RETRIES);
        let played = self.play(&policy, rate, retries);
        if output.is_json() {
            output.json(&played)?;
        } else {
            say(&played, output)?;
        }
        Ok(Exit::Fine)
    }

    fn policy(&self) -> Result<CallPolicy, Failure> {
        if let (Some(path), Some(service)) = (&self.file, &self.service) {
            let file = load(path)?;
            known_service(&file, service)?;
            return Ok(file.call_policy(service));
        }
        // As a file would say it: what is refused there is refused here, with the same words.
        let mut text = String::from("[services.schedule]\n");
        for setting in &self.settings {
            let Some((key, value)) = setting.split_once('=') else {
                return Err(Failure::unusable(format!("`{setting}` is no setting"))
                    .with_help("write `--set KEY=VALUE`, such as `--set base_delay=50ms`"));
            };
            let (key, value) = (key.trim(), value.trim());
            let is_bare = value.parse::<f64>().is_ok() || matches!(value, "true" | "false");
            let value = if is_bare { value.to_owned() } else { format!("{value:?}") };
            text.extend([key, " = ", &value, "\n"]);
        }
        let file = ConfigFile::parse(&text, "settings").map_err(|error| {
            let fault = error.faults().first();
            let message = fault
                .map_or_else(|| error.to_string(), |fault| fault.message().replace("services.schedule.", ""));
            let failure = Failure::unusable(message);
            match fault.and_then(|fault| fault.help()) {
                Some(help) => failure.with_help(help),
                None => failure,
            }
        })?;
        Ok(file.call_policy("schedule"))
    }

    fn play(&self, policy: &CallPolicy, rate: Ratio, retries: usize) -> Played {
        let calls = self.calls as usize;
        let mut of_retry = vec![Vec::with_capacity(calls); retries];
        let mut totals = Vec::with_capacity(calls);
        for call in 0..u64::from(self.calls) {
            let delays = policy.backoff.delays().seeded(self.seed.wrapping_add(call)).at_failure_rate(rate);
            let mut total = Duration::ZERO;
            for (delay, all) in delays.zip(&mut of_retry) {
                all.push(delay);
                total = total.saturating_add(delay);
            }
            totals.push(total);
        }
        let spreads = of_retry.into_iter().enumerate().map(|(at, delays)| Spread::of(Some(at + 1), delays));
        Played {
            strategy: policy.backoff.strategy.name(),
            calls: self.calls,
            seed: self.seed,
            retries: spreads.collect(),
            total: (retries > 0).then(|| Spread::of(None, totals)),
            deadline: policy.deadline.map(|deadline| deadline.as_secs_f64()),
        }
    }
}

impl Spread {
    /// Of at least one delay.
    fn of(retry: Option<usize>, mut delays: Vec<Duration>) -> Self {
        delays.sort_unstable();
        // The nearest rank: a delay that there was.
        let at = |percent: usize| {
            let rank = (delays.len() * percent).div_ceil(100).max(1);
            delays.get(rank - 1).map_or(0.0, Duration::as_secs_f64)
        };
        let sum: f64 = delays.iter().map(Duration::as_secs_f64).sum();
        #[expect(clippy::cast_precision_loss, reason = "at most a million")]
        let mean = sum / delays.len().max(1) as f64;
        Self { retry, least: at(0), p50: at(50), p90: at(90), p99: at(99), most: at(100), mean }
    }
}

fn say(played: &Played, output: &mut Output) -> Result<(), Failure> {
    let Some(total) = &played.total else {
        output.line("there are no retries, and so no delays")?;
        return Ok(());
    };
    let strategy = output.tint(Tone::Strong, played.strategy);
    output
        .line(format_args!("{strategy}, {} calls that keep failing, seed {}", played.calls, played.seed))?;
    let mut table = Table::default();
    let head = ["retry", "least", "median", "p90", "p99", "most", "mean"];
    table.row(head.iter().map(|name| (Tone::Faint, (*name).to_owned())).collect(), Vec::new());
    for spread in played.retries.iter().chain([total]) {
        let name = spread.retry.map_or_else(|| "all".to_owned(), |retry| retry.to_string());
        let times = [spread.least, spread.p50, spread.p90, spread.p99, spread.most, spread.mean];
        let cells = times.iter().map(|seconds| (Tone::Plain, shown(*seconds)));
        table.row(std::iter::once((Tone::Strong, name)).chain(cells).collect(), Vec::new());
    }
    table.write(output)?;
    draw(&played.retries, output)?;
    if let Some(deadline) = played.deadline.filter(|deadline| *deadline < total.most) {
        let odd = output.tint(Tone::Odd, "warning");
        let (most, deadline) = (shown(total.most), shown(deadline));
        output
            .line(format_args!("{odd}: all delays together may be {most}, and the deadline is {deadline}"))?;
    }
    Ok(())
}

/// From the least to the most a line, from the median to p90 a thick one.
fn draw(retries: &[Spread], output: &mut Output) -> Result<(), Failure> {
    let longest = retries.iter().map(|spread| spread.most).fold(0.0, f64::max);
    if longest <= 0.0 {
        return Ok(());
    }
    let columns = output.columns().saturating_sub(12).clamp(20, 100);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of at most a hundred columns"
    )]
    let column =
        |seconds: f64| ((seconds / longest * (columns - 1) as f64).round() as usize).min(columns - 1);
    output.line("")?;
    for spread in retries {
        let mut line = vec![' '; columns];
        line[column(spread.least)..=column(spread.most)].fill('─');
        line[column(spread.p50)..=column(spread.p90)].fill('━');
        line[column(spread.p50)] = '┃';
        let line: String = line.into_iter().collect();
        let number = spread.retry.unwrap_or_default();
        let line = output.tint(Tone::Good, line.trim_end());
        output.line(format_args!("  {number:>3}  {line}"))?;
    }
    let width = columns.saturating_sub(1);
    let scale = output.tint(Tone::Faint, format!("0{:>width$}", shown(longest)));
    output.line(format_args!("       {scale}"))?;
    let legend = output.tint(Tone::Faint, "─ least to most   ┃ median   ━ to p90");
    output.line(format_args!("       {legend}"))?;
    Ok(())
}

/// With three digits, as people compare them.
fn shown(seconds: f64) -> String {
    match seconds {
        0.0 => "0".to_owned(),
        seconds if seconds < 0.001 => format!("{:.0} µs", seconds * 1e6),
        seconds if seconds < 0.1 => format!("{:.1} ms", seconds * 1e3),
        seconds if seconds < 0.9995 => format!("{:.0} ms", seconds * 1e3),
        seconds if seconds < 100.0 => format!("{seconds:.2} s"),
        seconds => format!("{seconds:.0} s"),
    }
}
