//! Decides whether an entry of the record is what a test expects. In: an entry of the record. Out: whether it is that.

use std::fmt;

use crate::breaker_state::BreakerState;
use crate::events::CallStep;
use crate::monitor::{AttemptOutcome, CallOutcome, Entry, IdempotencyResult, What};
use crate::rejection::RejectionKind;

/// Something that happens to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Happening {
    /// A call begins.
    Call,
    /// An attempt has ended, copies included.
    Attempt,
    /// An attempt after a failed one begins.
    Retry,
    /// Its breaker opens, or that of one of its partitions.
    Opens,
    /// It lets trials pass.
    HalfOpens,
    /// It closes.
    Closes,
    /// A call ends with a rejection of that kind.
    Rejects(RejectionKind),
    /// Something else answers for a failed call: its cache, a redirect, a fallback, a static response.
    FallsBack,
    /// A call gets the result of an earlier one with its idempotency key.
    Replays,
    /// A call ends well by itself, or with the answer of a `ReadThrough` cache.
    Succeeds,
    /// A call ends with an error of its body. Something else may answer for it after that.
    Fails,
    /// An attempt runs into its timeout.
    TimesOut,
    /// A rule of chaos or a script puts a fault into an attempt.
    Injects,
    /// The budget does not pay for a retry. Of many within a second, the first counts.
    ExhaustsBudget,
}

impl Happening {
    /// A call is shed for its priority.
    #[expect(non_upper_case_globals, reason = "as the others are written")]
    pub const Sheds: Self = Self::Rejects(RejectionKind::Shed);

    /// Whether it is this.
    pub(super) fn is(self, entry: &Entry) -> bool {
        match (self, entry.what) {
            (Self::Call, What::Step(CallStep::CallBegan { .. }))
            | (Self::Attempt, What::Step(CallStep::AttemptEnded { .. }))
            | (Self::Retry, What::Step(CallStep::RetryBegan { .. }))
            | (Self::FallsBack, What::Step(CallStep::Answered { .. }))
            | (Self::Injects, What::Step(CallStep::Injected { .. })) => true,
            (Self::TimesOut, What::Step(CallStep::AttemptEnded { outcome, .. })) => {
                outcome == AttemptOutcome::TimedOut.name()
            }
            (Self::Rejects(kind), What::Step(CallStep::CallEnded { rejection, .. })) => {
                rejection == Some(kind.name())
            }
            (Self::Succeeds, What::Step(CallStep::CallEnded { outcome, .. })) => {
                outcome == CallOutcome::Success.name()
            }
            (Self::Fails, What::Step(CallStep::CallEnded { outcome, .. })) => {
                outcome == CallOutcome::Error.name()
            }
            (Self::Replays, What::Step(CallStep::Key { result })) => {
                result == IdempotencyResult::Replayed.name()
            }
            (Self::Opens, What::Breaker { to, .. }) => is(to, BreakerState::is_open),
            (Self::HalfOpens, What::Breaker { to, .. }) => is(to, BreakerState::is_half_open),
            (Self::Closes, What::Breaker { to, .. }) => is(to, BreakerState::is_closed),
            (Self::ExhaustsBudget, What::Rare { kind, .. }) => kind == "budget_exhausted",
            _ => false,
        }
    }
}

/// Whether the state of that name is such a one.
fn is(name: &str, such: fn(BreakerState) -> bool) -> bool {
    BreakerState::ALL.iter().any(|state| state.name() == name && such(*state))
}

impl fmt::Display for Happening {
    /// As what happens: `a retry`, `a rejection (circuit_open)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejects(kind) => write!(f, "a rejection ({})", kind.name()),
            _ => f.write_str(match self {
                Self::Call => "a call",
                Self::Attempt => "an attempt",
                Self::Retry => "a retry",
                Self::Opens => "an opening of the breaker",
                Self::HalfOpens => "a half-open breaker",
                Self::Closes => "a closing of the breaker",
                Self::FallsBack => "an answer of something else",
                Self::Replays => "a replay of an earlier result",
                Self::Succeeds => "a success",
                Self::Fails => "a failed call",
                Self::TimesOut => "a timeout of an attempt",
                Self::Injects => "an injected fault",
                Self::ExhaustsBudget | Self::Rejects(_) => "an exhausted budget",
            }),
        }
    }
}
