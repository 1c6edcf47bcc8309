//! Runs `resilience schedule`. In: the settings of delays, from a file or from arguments. Out: when the retries of a call come, as
//! a table and drawn.

use std::path::PathBuf;

use resilience_runtime::config::ConfigFile;
use resilience_runtime::policy::{CallPolicy, Ratio};

use super::play::Played;
use super::say::say;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::reading::{known_service, load};

/// How many calls are played when nobody says.
const CALLS: u32 = 10_000;

/// Show when the retries of a call come: the delay before each, over many calls that keep failing.
///
/// Of a service in a file, or of settings that are given here, as a file would say them. The time that attempts take is not part of
/// it. The same seed gives the same numbers. The first 50 retries are shown; the sums have more, and say so where not all.
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
    #[arg(long, default_value_t = CALLS, value_parser = clap::value_parser!(u32).range(1..=1_000_000), allow_negative_numbers = true)]
    calls: u32,

    /// Where the random draws start.
    #[arg(long, default_value_t = 1, allow_negative_numbers = true)]
    seed: u64,

    /// The share of the service's calls that fail, 0 to 1, which the adaptive strategy goes by.
    #[arg(long, default_value_t = 0.0, value_name = "SHARE", allow_negative_numbers = true)]
    failure_rate: f64,
}

impl Schedule {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let rate = Ratio::new(self.failure_rate)
            .ok_or_else(|| Failure::unusable("`--failure-rate` is a share from 0 to 1"))?;
        let policy = self.policy()?;
        let retries = if policy.retry_enabled { policy.max_attempts.saturating_sub(1) } else { 0 };
        let played = Played::of(&policy, retries, self.calls, self.seed, rate);
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
            let is_bare =
                value.parse::<f64>().is_ok() || matches!(value, "true" | "false") || is_quoted(value);
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
}

/// Whether a value has the quotes that it has in a file.
fn is_quoted(value: &str) -> bool {
    let is_within = |quote: char| value.len() >= 2 && value.starts_with(quote) && value.ends_with(quote);
    is_within('"') || is_within('\'')
}
