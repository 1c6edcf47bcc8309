//! Decides at which moment each call of a load test starts. In: pieces of linear rate and a seed. Out: the starts of all calls: the
//! rate is summed up over time, and a call starts whenever the sum passes the next whole number (even), or the next arrival of a
//! Poisson process of rate one.

use std::time::Duration;

use resilience_settings::distribution::exponential;
use resilience_settings::xoshiro::Xoshiro;

use super::error::LoadError;
use super::schedule::{Piece, Spacing};

/// A start takes 16 bytes, and a longer list is a slip more often than a plan.
const MOST: usize = 10_000_000;

/// No clock is asked to add more, and no load is meant to last longer.
const LONGEST: Duration = Duration::from_hours(30 * 24);

pub(super) fn starts(pieces: &[Piece], spacing: Spacing, seed: u64) -> Result<Vec<Duration>, LoadError> {
    for rate in pieces.iter().flat_map(|piece| piece.rates) {
        if !(rate.is_finite() && rate >= 0.0) {
            return Err(LoadError::schedule(format!(
                "a rate of {rate} calls per second; write a number from 0 on"
            )));
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a bound")]
    let most = MOST as f64;
    let calls: f64 = pieces.iter().map(Piece::calls).sum();
    if calls > most {
        return Err(too_many(calls));
    }
    let mut random = Xoshiro::seeded(seed);
    let mut starts = Vec::new();
    let (mut before, mut began) = (0.0, 0.0);
    let mut next = first(spacing, &mut random);
    for piece in pieces {
        let until = before + piece.calls();
        while next < until {
            let at = began + piece.when(next - before);
            starts.push(Duration::try_from_secs_f64(at).map_err(|_| too_many(calls))?);
            next = following(next, starts.len(), spacing, &mut random);
        }
        before = until;
        began += piece.lasts;
    }
    checked(starts)
}

/// Starts, if there are any and not too many.
pub(super) fn checked(starts: Vec<Duration>) -> Result<Vec<Duration>, LoadError> {
    if starts.is_empty() {
        return Err(LoadError::schedule("no call starts in this time; raise the rate or let it last longer"));
    }
    if let Some(last) = starts.last().filter(|last| **last > LONGEST) {
        return Err(LoadError::schedule(format!(
            "the last call would start after {:.0} days, and 30 are the most; are these seconds?",
            last.as_secs_f64() / 86_400.0
        )));
    }
    #[expect(clippy::cast_precision_loss, reason = "for the message")]
    if starts.len() > MOST {
        return Err(too_many(starts.len() as f64));
    }
    Ok(starts)
}

fn first(spacing: Spacing, random: &mut Xoshiro) -> f64 {
    match spacing {
        Spacing::Even => 0.0,
        Spacing::Poisson => exponential(random.unit()),
    }
}

/// Whole numbers are counted, not added up, so that no rounding adds up either.
#[expect(clippy::cast_precision_loss, reason = "at most ten million")]
fn following(last: f64, count: usize, spacing: Spacing, random: &mut Xoshiro) -> f64 {
    match spacing {
        Spacing::Even => count as f64,
        Spacing::Poisson => last + exponential(random.unit()),
    }
}

fn too_many(calls: f64) -> LoadError {
    // Digits beyond those that a number in floating point has are made up.
    let shown = if calls < 1e15 { format!("{calls:.0}") } else { format!("{calls:.1e}") };
    LoadError::schedule(format!(
        "{shown} calls are more than {MOST}; lower the rate, or let it last less long"
    ))
}

impl Piece {
    fn calls(&self) -> f64 {
        let [from, to] = self.rates;
        f64::midpoint(from, to) * self.lasts
    }

    /// How long after its begin that many calls have started, which it has.
    fn when(&self, calls: f64) -> f64 {
        let [from, to] = self.rates;
        if calls <= 0.0 || self.lasts <= 0.0 {
            return 0.0;
        }
        // The root of `from·t + slope·t²/2 = calls` in the form that also holds for a slope of zero.
        let slope = (to - from) / self.lasts;
        let root = (from * from + 2.0 * slope * calls).max(0.0).sqrt();
        (2.0 * calls / (from + root)).min(self.lasts)
    }
}
