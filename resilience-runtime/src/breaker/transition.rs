//! Changes of a breaker's state, and why a breaker opened: what events and counters are told.

use super::evidence::vote::Counts;
use crate::breaker_state::BreakerState;

/// A change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateChange {
    pub(crate) from: BreakerState,
    pub(crate) to: BreakerState,
}

/// A change of state with what led to it, for events and counters. Apart from the change alone, which is all that an
/// admission can make and that an attempt has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Transition {
    pub(crate) from: BreakerState,
    pub(crate) to: BreakerState,
    /// Why it has opened, if it has.
    pub(crate) opened: Option<Opened>,
}

impl From<StateChange> for Transition {
    fn from(StateChange { from, to }: StateChange) -> Self {
        Self { from, to, opened: None }
    }
}

impl StateChange {
    /// The same, which opens for this reason.
    pub(super) fn opened(self, by: OpenedBy, counts: Option<Counts>) -> Transition {
        Transition { opened: Some(Opened { by, counts }), ..self.into() }
    }
}

/// Why a breaker has opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) by: OpenedBy,
    /// What its window held; `None` where no window had a part in it.
    pub(crate) counts: Option<Counts>,
}

/// What opens a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpenedBy {
    FailureRate,
    SlowRate,
    ConsecutiveFailures,
    QuietFailures,
    /// A trial that did not go well.
    Trial,
    /// An operator.
    ForceOpen,
}

impl OpenedBy {
    /// The word of its setting, where it has one.
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
