//! Data: a change of a breaker's state, and the reason why it opened, as events and counters report it.

use super::evidence::vote::Counts;
use crate::breaker_state::BreakerState;

/// A change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateChange {
    pub(crate) from: BreakerState,
    pub(crate) to: BreakerState,
}

/// A state change with its cause, for events and counters. Separate from [`StateChange`], which is smaller: an
/// admission causes nothing else, and an attempt has no room for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Transition {
    pub(crate) from: BreakerState,
    pub(crate) to: BreakerState,
    /// Why the breaker opened, if it did.
    pub(crate) opened: Option<Opened>,
}

impl From<StateChange> for Transition {
    fn from(StateChange { from, to }: StateChange) -> Self {
        Self { from, to, opened: None }
    }
}

impl StateChange {
    /// This change as a transition to open, for the given reason.
    pub(super) fn opened(self, by: OpenedBy, counts: Option<Counts>) -> Transition {
        Transition { opened: Some(Opened { by, counts }), ..self.into() }
    }
}

/// Why a breaker opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) by: OpenedBy,
    /// The results in its window; `None` if the window had no part in it.
    pub(crate) counts: Option<Counts>,
}

/// The rule that opened a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpenedBy {
    FailureRate,
    SlowRate,
    ConsecutiveFailures,
    QuietFailures,
    /// A failed or slow trial.
    Trial,
    /// An operator.
    ForceOpen,
}

impl OpenedBy {
    /// The name of the setting, if there is one.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::FailureRate => "failure_rate",
            Self::SlowRate => "slow_rate",
            Self::ConsecutiveFailures => "consecutive_failures",
            Self::QuietFailures => "quiet_failures",
            Self::Trial => "trial",
            Self::ForceOpen => "force_open",
        }
    }
}
