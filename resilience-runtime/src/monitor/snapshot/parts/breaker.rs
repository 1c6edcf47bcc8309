//! Plain data: what a snapshot shows of the circuit breaker of a service.

use crate::monitor::snapshot::counts::Counts;

/// The breaker of a service.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BreakerSnapshot {
    /// Whether the service has a breaker that is switched on; one that is off keeps its state.
    pub on: bool,
    /// Its [state](crate::BreakerState): `closed`, `open`, `half_open`, `forced_open`, `forced_closed`; `observed` of
    /// a service whose rules do not act.
    pub state: &'static str,
    /// The state that it would be in, were it not only observed. Without `mode = Observe` there is none, and JSON has no such
    /// field.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub observed_state: Option<&'static str>,
    /// The rest of the break of an open breaker.
    pub retry_after_us: Option<u64>,
    /// The failure rate of the results in its window; `null` while they are too few to mean anything.
    pub failure_rate: Option<f64>,
    /// How often it entered each state, by its rules or by hand.
    pub transitions: Counts,
    /// Microseconds in each state since the service was first named, the current state included.
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
