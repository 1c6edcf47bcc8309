//! Builds the schedule of a load test: a constant rate, a ramp, a spike, at random, or recorded starts. In: rates and times. Out:
//! pieces of linear rate, from which the starts are computed before the first call.

use std::fmt;
use std::time::Duration;

use resilience_settings::duration;

use super::identity::Identity;
use super::piece::{Piece, Spacing};
use super::replay;
use crate::testing::load::arrivals;
use crate::testing::load::error::LoadError;
use crate::testing::prose::counted;

/// When calls start, decided before the first of them.
///
/// ```
/// use std::time::Duration;
///
/// use resilience_runtime::testing::load::Schedule;
///
/// let even = Schedule::constant(100.0, Duration::from_secs(2));
/// assert_eq!(even.starts(1).unwrap()[..2], [Duration::ZERO, Duration::from_millis(10)]);
///
/// let random = Schedule::poisson(100.0, Duration::from_secs(2));
/// assert_eq!(random.starts(7), random.starts(7), "the same seed gives the same starts");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    shape: Shape,
    spacing: Spacing,
}

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Constant { rate: f64, lasts: Duration },
    Ramp { from: f64, to: f64, lasts: Duration },
    Spike { base: f64, peak: f64, lasts: Duration, begins: Duration, spike_lasts: Duration },
    Replay(Vec<Duration>),
}

impl Schedule {
    /// `rate` calls per second, evenly spaced.
    pub fn constant(rate: f64, lasts: Duration) -> Self {
        Self { shape: Shape::Constant { rate, lasts }, spacing: Spacing::Even }
    }

    /// `rate` calls per second on average, which start independently of each other, as those of many users do.
    pub fn poisson(rate: f64, lasts: Duration) -> Self {
        Self::constant(rate, lasts).at_random()
    }

    /// A rate that changes evenly from one value to another.
    pub fn ramp(from: f64, to: f64, lasts: Duration) -> Self {
        Self { shape: Shape::Ramp { from, to, lasts }, spacing: Spacing::Even }
    }

    /// `base` calls per second for `lasts`, and `peak` instead from `begins` on for `spike_lasts`.
    pub fn spike(base: f64, peak: f64, lasts: Duration, begins: Duration, spike_lasts: Duration) -> Self {
        Self { shape: Shape::Spike { base, peak, lasts, begins, spike_lasts }, spacing: Spacing::Even }
    }

    /// Recorded starts, each as time since some common moment. The earliest becomes the begin; the order does not matter.
    pub fn replay(starts: impl IntoIterator<Item = Duration>) -> Self {
        let mut starts: Vec<_> = starts.into_iter().collect();
        starts.sort_unstable();
        let first = starts.first().copied().unwrap_or_default();
        for start in &mut starts {
            *start -= first;
        }
        Self { shape: Shape::Replay(starts), spacing: Spacing::Even }
    }

    /// Recorded starts from a text, one in each line: seconds (`12.5`, also since 1970), times (`250ms`), or points in time
    /// (`2026-11-28T12:00:00.25Z`). Empty lines, and what follows a `#`, are skipped.
    ///
    /// # Errors
    ///
    /// Names the first line that is none of these, or not of the sort of the lines before it.
    pub fn replay_text(text: &str) -> Result<Self, LoadError> {
        replay::starts(text).map(Self::replay)
    }

    /// The same rates with independent starts, as in [`poisson`](Self::poisson). Recorded starts stay as they are.
    #[must_use]
    pub fn at_random(mut self) -> Self {
        self.spacing = Spacing::Poisson;
        self
    }

    /// All starts, from the begin of the load on, in order.
    ///
    /// # Errors
    ///
    /// When there is no call at all, when a rate is no number from zero on, for more than ten million calls, and when the last
    /// starts after more than 30 days.
    pub fn starts(&self, seed: u64) -> Result<Vec<Duration>, LoadError> {
        match &self.shape {
            Shape::Replay(starts) => arrivals::checked(starts.clone()),
            _ => arrivals::starts(&self.pieces()?, self.spacing, seed),
        }
    }

    /// How long calls are started for. Of recorded starts, until the last.
    pub fn lasts(&self) -> Duration {
        match &self.shape {
            Shape::Constant { lasts, .. } | Shape::Ramp { lasts, .. } | Shape::Spike { lasts, .. } => *lasts,
            Shape::Replay(starts) => starts.last().copied().unwrap_or_default(),
        }
    }

    /// By what it is told from others when runs are compared.
    pub(in crate::testing::load) fn identity(&self) -> Identity {
        match &self.shape {
            Shape::Replay(starts) => Identity::of_recording(self.to_string(), starts),
            _ => Identity::in_words(self.to_string()),
        }
    }

    fn pieces(&self) -> Result<Vec<Piece>, LoadError> {
        let piece =
            |lasts: Duration, from: f64, to: f64| Piece { lasts: lasts.as_secs_f64(), rates: [from, to] };
        Ok(match self.shape {
            Shape::Constant { rate, lasts } => vec![piece(lasts, rate, rate)],
            Shape::Ramp { from, to, lasts } => vec![piece(lasts, from, to)],
            Shape::Spike { base, peak, lasts, begins, spike_lasts } => {
                let Some(after) = begins.checked_add(spike_lasts).and_then(|end| lasts.checked_sub(end))
                else {
                    return Err(LoadError::schedule(format!(
                        "the spike ends after the load: it begins after {} and lasts {}, and the load lasts {} in all",
                        duration::text(begins),
                        duration::text(spike_lasts),
                        duration::text(lasts),
                    )));
                };
                vec![piece(begins, base, base), piece(spike_lasts, peak, peak), piece(after, base, base)]
            }
            Shape::Replay(_) => Vec::new(),
        })
    }
}

impl fmt::Display for Schedule {
    /// Such as `constant 200/s for 30s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let random = self.spacing == Spacing::Poisson;
        match &self.shape {
            Shape::Constant { rate, lasts } => {
                let name = if random { "poisson" } else { "constant" };
                return write!(f, "{name} {rate}/s for {}", duration::text(*lasts));
            }
            Shape::Ramp { from, to, lasts } => {
                write!(f, "ramp from {from}/s to {to}/s in {}", duration::text(*lasts))?;
            }
            Shape::Spike { base, peak, lasts, begins, spike_lasts } => write!(
                f,
                "spike of {peak}/s after {} for {}, else {base}/s, for {}",
                duration::text(*begins),
                duration::text(*spike_lasts),
                duration::text(*lasts)
            )?,
            Shape::Replay(starts) => return write!(f, "replay of {}", counted(starts.len(), "call")),
        }
        f.write_str(if random { ", at random" } else { "" })
    }
}
