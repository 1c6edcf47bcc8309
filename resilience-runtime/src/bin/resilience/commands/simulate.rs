//! `resilience simulate`: the name of a scenario goes in, and perhaps a service of a file; what its calls come to is played, and
//! comes out as a table with a verdict, as CSV, as a picture.

use std::path::{Path, PathBuf};

use resilience_runtime::testing::simulate::{Cell, Policy, Report, Scenario, scenario, scenarios};
use serde::Serialize;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::figures::Figures;
use crate::output::{Output, Tone};
use crate::reading::{known_service, load_text};
use crate::table::{Table, broken};
use crate::writing::Target;

/// Play a published result on overload or retries with your settings: what would they have done?
///
/// Time is virtual, chance is seeded, and the calls are made by the same code as in production. Without `--config` the defaults
/// are played. With it, all times are multiples of the attempt timeout of the service, and settings that only act with code are
/// left out and listed.
#[derive(Debug, clap::Args)]
pub(crate) struct Simulate {
    /// The scenario; without one, those that there are.
    #[arg(value_name = "SCENARIO")]
    name: Option<String>,

    /// A file of settings; `-` is the standard input.
    #[arg(long, value_name = "FILE", requires = "service")]
    config: Option<PathBuf>,

    /// The service of the file.
    #[arg(long, value_name = "NAME", requires = "config")]
    service: Option<String>,

    /// Of the random numbers; the same seed gives the same result.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, allow_negative_numbers = true)]
    seed: u64,

    /// Fewer points and shorter times.
    #[arg(long)]
    quick: bool,

    /// Where to draw the charts, as SVG.
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,

    /// Where to write the table, as CSV.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

/// For programs.
#[derive(Debug, Serialize)]
struct Simulated<'r> {
    scenario: &'r str,
    seed: u64,
    unit_seconds: f64,
    columns: &'r [&'r str],
    rows: Vec<Vec<Value>>,
    verdict: &'r str,
    limits: &'r str,
    ignored: &'r [String],
}

impl Simulate {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let Some(name) = &self.name else { return list(output) };
        let mut simulation =
            scenario(name).map_err(|unknown| Failure::unusable(unknown.to_string()))?.seed(self.seed);
        if let (Some(path), Some(service)) = (&self.config, &self.service) {
            simulation = simulation.policy(policy(path, service)?);
        }
        if self.quick {
            simulation = simulation.quick();
        }
        let plot = Target::wanted(self.plot.as_deref(), "svg")?;
        let csv = Target::wanted(self.csv.as_deref(), "csv")?;
        let report = simulation.run();
        let drawn = plot.map_or(Ok(()), |target| target.write(&report.svg()));
        let written = csv.map_or(Ok(()), |target| target.write(&report.csv()));
        if output.is_json() {
            output.json(&Simulated::of(&report))?;
        } else {
            say(&report, output)?;
        }
        drawn.and(written)?;
        Ok(Exit::Fine)
    }
}

impl<'r> Simulated<'r> {
    fn of(report: &'r Report) -> Self {
        let value = |cell: &Cell| match cell {
            Cell::Text(text) => json!(text),
            Cell::Number(number) => json!(number),
            _ => Value::Null,
        };
        Self {
            scenario: report.scenario(),
            seed: report.seed(),
            unit_seconds: report.unit().as_secs_f64(),
            columns: report.columns(),
            rows: report.rows().iter().map(|row| row.iter().map(value).collect()).collect(),
            verdict: report.verdict(),
            limits: report.limits(),
            ignored: report.ignored(),
        }
    }
}

/// The settings of a service of a file.
fn policy(path: &Path, service: &str) -> Result<Policy, Failure> {
    let (file, text) = load_text(path)?;
    known_service(&file, service)?;
    Policy::from_toml(&text, file.origin(), service).map_err(|error| Failure::unusable(error.to_string()))
}

/// What there is to play.
fn list(output: &mut Output) -> Result<Exit, Failure> {
    if output.is_json() {
        let of = |one: &Scenario| json!({ "name": one.name(), "about": one.about() });
        output.json(&scenarios().iter().map(of).collect::<Vec<_>>())?;
        return Ok(Exit::Fine);
    }
    let mut table = Table::default();
    for one in scenarios() {
        table.row(vec![(Tone::Strong, one.name().to_owned())], vec![one.about().to_owned()]);
    }
    table.write(output)?;
    Ok(Exit::Fine)
}

fn say(report: &Report, output: &mut Output) -> Result<(), Failure> {
    let title = output.tint(Tone::Strong, report.scenario());
    output.line(format_args!("{title}, seed {}, times in units of {:?}", report.seed(), report.unit()))?;
    let mut figures = Figures::new(report.columns().iter().copied());
    for row in report.rows() {
        let cell = |cell: &Cell| {
            let tone = if *cell == Cell::Never { Tone::Bad } else { Tone::Plain };
            (tone, cell.to_string())
        };
        figures.row(row.iter().map(cell).collect());
    }
    figures.write(output)?;
    let ignored = by_reason(report.ignored());
    let parts =
        [("verdict", report.verdict()), ("limits", report.limits()), ("without effect here", &ignored)];
    for (what, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
        let what = output.tint(Tone::Strong, what);
        output.line(format_args!("{what}"))?;
        for line in broken(text, output.columns()) {
            output.line(format_args!("  {line}"))?;
        }
    }
    Ok(())
}

/// The keys without effect, those with one reason together: `hedge, hedge.after: why`.
fn by_reason(ignored: &[String]) -> String {
    let parts = ignored.iter().map(|line| line.split_once(": ").unwrap_or((line, "")));
    let mut reasons: Vec<(&str, String)> = Vec::new();
    for (key, reason) in parts {
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, keys)) => keys.extend([", ", key]),
            None => reasons.push((reason, key.to_owned())),
        }
    }
    let told = reasons.iter().map(|(reason, keys)| format!("{keys}: {reason}"));
    told.collect::<Vec<_>>().join("; ")
}
