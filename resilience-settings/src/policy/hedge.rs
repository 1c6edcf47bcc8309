//! Data: the checked settings of what reads the latencies of a service: hedging and adaptive timeouts.

use std::time::Duration;

use super::fields::{Field, choose, settings};
use super::numbers::{Multiplier, Ratio};
use crate::keys::value::Value;

settings! {
    /// When a second copy of a slow attempt is started, and how many there may be.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct HedgeSettings {}
}

impl Default for HedgeSettings {
    /// One more copy once the attempt takes longer than 95 of 100 do (The Tail at Scale, 2013).
    fn default() -> Self {
        Self::of(|_| None)
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

settings! {
    /// An attempt timeout made from the latencies that were seen: `factor * quantile`, within the bounds.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct AdaptiveTimeout {}
}

impl Field for HedgeAfter {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Duration(time) => Some(Self::Fixed(*time)),
            Value::Quantile(share) => Some(Self::Quantile(*share)),
            _ => None,
        }
    }

    fn unset() -> Self {
        Self::Quantile(Ratio::ONE)
    }
}
