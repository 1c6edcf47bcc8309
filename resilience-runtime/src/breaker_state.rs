//! Data: the states of a circuit breaker. On the ground, as the breaker, the counters and the events all name them.

pub(crate) mod totals;

use resilience_settings::words;

words! {
    /// What a circuit breaker is doing.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum BreakerState {
        /// Calls pass, and their results are counted.
        Closed = "closed",
        /// Calls are rejected until the break is over.
        Open = "open",
        /// A few trials pass, to find out whether the dependency is back.
        HalfOpen = "half_open",
        /// Calls are rejected until somebody resets the breaker.
        ForcedOpen = "forced_open",
        /// Calls pass whatever their results, until somebody resets the breaker.
        ForcedClosed = "forced_closed",
    }
}

/// What is shown in place of a state where a service is only observed: its calls pass, whatever its breaker would do.
pub(crate) const OBSERVED: &str = "observed";

impl BreakerState {
    /// Whether calls pass as a matter of course: closed, or forced closed.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Closed | Self::ForcedClosed)
    }

    /// Whether calls are rejected: open, or forced open.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::ForcedOpen)
    }

    /// Whether only trials pass.
    pub const fn is_half_open(self) -> bool {
        matches!(self, Self::HalfOpen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_lets_calls_pass_rejects_them_or_tries() {
        let passes = BreakerState::ALL.iter().filter(|state| state.is_closed());
        assert_eq!(passes.collect::<Vec<_>>(), [&BreakerState::Closed, &BreakerState::ForcedClosed]);
        let rejects = BreakerState::ALL.iter().filter(|state| state.is_open());
        assert_eq!(rejects.collect::<Vec<_>>(), [&BreakerState::Open, &BreakerState::ForcedOpen]);
        let tries = BreakerState::ALL.iter().filter(|state| state.is_half_open());
        assert_eq!(tries.collect::<Vec<_>>(), [&BreakerState::HalfOpen]);
    }
}
