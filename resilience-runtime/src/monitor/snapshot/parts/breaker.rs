//! A circuit breaker.

use crate::monitor::snapshot::counts::Counts;

/// The breaker of a service.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BreakerSnapshot {
    /// Whether the service has a breaker that is switched on; one that is off keeps its state.
    pub on: bool,
    /// Its [state](crate::BreakerState): `closed`, `open`, `half_open`, `forced_open`, `forced_closed`.
    pub state: &'static str,
    /// The rest of the break of an open breaker.
    pub retry_after_us: Option<u64>,
    /// The share of failures among the results that it looks at; `null` while they are too few to mean anything.
    pub failure_rate: Option<f64>,
    /// How often it came into each state; by its own rules or by hand.
    pub transitions: Counts,
    /// Microseconds that it spent in each state since the service was first named, the present state included.
    pub time_in_state_us: Counts,
    /// Its last transitions, oldest first: at most 32.
    pub timeline: Vec<BreakerChange>,
}

/// One change of state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BreakerChange {
    /// When.
    pub at_ms: u64,
    /// From which state.
    pub from: &'static str,
    /// Into which state.
    pub to: &'static str,
}
