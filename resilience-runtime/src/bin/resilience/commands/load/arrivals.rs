//! Reads the arguments of `resilience load` that say when requests start. Out: a schedule.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use resilience_runtime::config::parse_duration;
use resilience_runtime::testing::load::Schedule;

use crate::failure::Failure;
use crate::reading;

/// When requests start.
#[derive(Debug, clap::Args)]
pub(crate) struct Arrivals {
    /// Requests per second.
    #[arg(long, value_name = "NUMBER", default_value_t = 10.0, allow_negative_numbers = true)]
    rate: f64,

    /// How long requests start for, such as `30s`.
    #[arg(long = "for", value_name = "TIME", default_value = "10s", value_parser = parse_duration)]
    lasts: Duration,

    /// Space requests evenly, instead of at random as independent users send them.
    #[arg(long)]
    even: bool,

    /// Change the rate evenly until it is this at the end.
    #[arg(long, value_name = "NUMBER", conflicts_with = "spike", allow_negative_numbers = true)]
    ramp_to: Option<f64>,

    /// Send PEAK requests per second from BEGIN on for LENGTH, such as `500@10s+5s`.
    #[arg(long, value_name = "PEAK@BEGIN+LENGTH")]
    spike: Option<Spike>,

    /// Start requests as recorded in a file, one start in each line: seconds, times with units, or points in time.
    /// `-` is the standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rate", "lasts", "even", "ramp_to", "spike"])]
    pub(super) replay: Option<PathBuf>,
}

/// A rate for some time, within another.
#[derive(Clone, Copy, Debug)]
struct Spike {
    peak: f64,
    begins: Duration,
    lasts: Duration,
}

impl Arrivals {
    pub(super) fn schedule(&self) -> Result<Schedule, Failure> {
        if let Some(path) = &self.replay {
            let shown = path.display();
            return Schedule::replay_text(&reading::text(path)?)
                .map_err(|error| Failure::unusable(format!("cannot replay `{shown}`: {error}")));
        }
        let Self { rate, lasts, .. } = *self;
        let schedule = match (self.ramp_to, self.spike) {
            (Some(to), _) => Schedule::ramp(rate, to, lasts),
            (None, Some(spike)) => Schedule::spike(rate, spike.peak, lasts, spike.begins, spike.lasts),
            (None, None) => Schedule::constant(rate, lasts),
        };
        Ok(if self.even { schedule } else { schedule.at_random() })
    }
}

impl FromStr for Spike {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('@').and_then(|(peak, when)| Some((peak, when.split_once('+')?)));
        let Some((peak, (begins, lasts))) = parts else {
            return Err("write the peak, its begin and its length, such as `500@10s+5s`".to_owned());
        };
        let peak = peak.trim().parse().map_err(|_| format!("`{peak}` is no rate; write `500@10s+5s`"))?;
        let time = |text| parse_duration(text).map_err(|fault| fault.to_string());
        Ok(Self { peak, begins: time(begins)?, lasts: time(lasts)? })
    }
}
