//! Data: the error of a simulated call: an attempt that the server failed, or what the engine ended the call with.

use crate::classify::{Classify, Recovery};
use crate::rejection::{Rejection, RejectionKind};

/// Why a simulated call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::testing::simulate) enum Failed {
    /// The server said so.
    Server,
    /// The engine ended it.
    Ended(RejectionKind),
}

impl Classify for Failed {
    /// Worth another attempt, and the fault of the server.
    fn classify(&self) -> Recovery {
        Recovery::retry()
    }
}

impl Failed {
    /// Whether the call was turned away without asking the server, where a call that ran out of time has asked it.
    pub(in crate::testing::simulate) fn is_turned_away(self) -> bool {
        matches!(self, Self::Ended(kind) if !kind.is_timeout())
    }
}

impl From<Rejection> for Failed {
    fn from(rejection: Rejection) -> Self {
        Self::Ended(rejection.kind())
    }
}
