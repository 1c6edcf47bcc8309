//! Data: what an observed call would hold, whether its rules would have let it in, and what is given back at its end.

use std::time::Duration;

use crate::breaker::BreakerTicket;
use crate::clock::Tick;
use crate::monitor::ObservedDecision;
use crate::priority::Admitted;

/// The rules beside a call that is only observed.
#[derive(Debug)]
pub(in crate::call) struct Shadow {
    /// When the call would have been over.
    pub(super) deadline: Tick,
    /// The priority that it would have been admitted with.
    pub(super) admitted: Admitted,
    pub(super) stage: Stage,
}

/// How far the call is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stage {
    /// Its body has not been polled.
    New,
    /// Its body waits.
    Waits(Entry),
    /// Its body is being polled. When the call is dropped, that means that it panicked.
    InBody(Entry),
}

/// Whether the rules would have let the call in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry {
    /// They would have rejected it.
    Rejected(ObservedDecision),
    /// They would have let it in, with this.
    Admitted(Held),
}

/// What the call would hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// The breaker's ticket, if it was asked.
    pub(super) ticket: Option<BreakerTicket>,
    /// Whether it has one of the seats beside the bulkhead.
    pub(super) has_seat: bool,
    /// Whether it would have waited for a slot.
    pub(super) would_wait: bool,
}

/// What the rules would have done, in the words of the counter and of the event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Would {
    pub(super) decision: ObservedDecision,
    /// How the attempt ended that would have been retried.
    pub(super) reason: Option<&'static str>,
    /// How long the retry would have waited.
    pub(super) delay: Option<Duration>,
}

impl From<ObservedDecision> for Would {
    fn from(decision: ObservedDecision) -> Self {
        Self { decision, reason: None, delay: None }
    }
}

impl Shadow {
    /// That of a call that begins.
    pub(super) fn new(deadline: Tick, admitted: Admitted) -> Self {
        Self { deadline, admitted, stage: Stage::New }
    }

    /// The call would have been over by then at the latest.
    pub(in crate::call) fn limit_to(&mut self, deadline: Tick) {
        self.deadline = self.deadline.min(deadline);
    }
}
