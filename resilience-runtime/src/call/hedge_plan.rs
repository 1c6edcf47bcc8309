//! Data: what is still to come of a hedged attempt; when a copy starts, `engine/full/timing` decides. In: that moment, and what
//! servers ask for. Out: when the next copy is due, and how long the next attempt has to wait.

use std::time::Duration;

use crate::clock::Tick;

/// What is to come of an attempt beside the copies that run.
#[derive(Clone, Copy, Debug)]
pub(super) enum HedgePlan {
    /// No more copies.
    Nothing,
    /// Another copy, then.
    CopyAt(Tick),
    /// No more copies, and no attempt before then: a copy was asked to wait until then.
    NotBefore(Tick),
}

impl HedgePlan {
    /// When the next copy is due.
    pub(super) fn copy(self) -> Option<Tick> {
        match self {
            Self::CopyAt(due) => Some(due),
            Self::Nothing | Self::NotBefore(_) => None,
        }
    }

    pub(super) fn of(due: Option<Tick>) -> Self {
        due.map_or(Self::Nothing, Self::CopyAt)
    }

    /// The plan after a server has now asked to wait that long: of all that the copies were asked for, the longest holds.
    pub(super) fn asked(self, hint: Option<Duration>, now: Tick) -> Self {
        let Some(hint) = hint else { return self };
        match self {
            Self::NotBefore(until) => Self::NotBefore(until.max(now.plus(hint))),
            Self::Nothing | Self::CopyAt(_) => Self::NotBefore(now.plus(hint)),
        }
    }

    /// How long the next attempt has to wait from now on.
    pub(super) fn floor(self, now: Tick) -> Option<Duration> {
        match self {
            Self::NotBefore(until) if until > now => Some(until.since(now)),
            _ => None,
        }
    }
}
