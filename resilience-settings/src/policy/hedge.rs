//! The checked settings of what reads the latencies of a service: hedging and adaptive timeouts.

use std::time::Duration;

use super::numbers::{Multiplier, Ratio};

/// When a second copy of a slow attempt is started, and how many there may be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct HedgeSettings {
    /// When the next copy starts.
    pub after: HedgeAfter,
    /// How many copies beyond the first; at least 1.
    pub max: u32,
}

impl Default for HedgeSettings {
    /// One more copy once the attempt takes longer than 95 of 100 do (The Tail at Scale, 2013).
    fn default() -> Self {
        Self { after: HedgeAfter::Quantile(Ratio::saturating(0.95)), max: 1 }
    }
}

/// How long to wait before a copy is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HedgeAfter {
    /// So long.
    Fixed(Duration),
    /// As long as this share of the service's recent attempts took.
    Quantile(Ratio),
}

/// An attempt timeout made from the latencies that were seen: `factor * quantile`, within the bounds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct AdaptiveTimeout {
    /// Never less than this.
    pub floor: Duration,
    /// Never more than this; in force until enough has been seen.
    pub ceiling: Duration,
    /// The safety factor.
    pub factor: Multiplier,
    /// The quantile that it is taken from.
    pub quantile: Ratio,
}
