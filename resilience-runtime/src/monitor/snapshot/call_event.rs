//! Plain data: what a stream of events shows of one call. In: an event of a call. Out: its fields.

/// A retry, a failed call, or a fallback that was used. Variants and types of errors are named; texts, arguments and results
/// are nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CallEvent {
    /// When.
    pub at_ms: u64,
    /// What: `retry`, `call_failed`, `fallback_used`, and of a service that is only observed `would_act`; with feature `testing`
    /// also `fault_injected`, which has the fault in `reason` and its rule in `what`.
    pub kind: &'static str,
    /// The service that was called. A name may hold any character; whoever shows it escapes it.
    pub service: &'static str,
    /// The function that called it.
    pub function: &'static str,
    /// The attempts that the call had made.
    pub attempts: u32,
    /// Of a retry, the [outcome](crate::monitor::AttemptOutcome) of the attempt before it; of a failed call, what
    /// [kept](crate::Ending) it from another attempt; of a fallback, the [source](crate::Source) that answered; of what would
    /// have been done, the [decision](crate::monitor::ObservedDecision).
    pub reason: &'static str,
    /// The variant or the type of the error; of a retry that would have been made, the outcome of the attempt before it.
    pub what: Option<&'static str>,
    /// The status that it carries.
    pub status: Option<u16>,
    /// How long a retry waits, or would have waited.
    pub delay_us: Option<u64>,
    /// How many such events of the service were left out before this one: of each service, 100 are told in a second.
    pub left_out: u64,
}

/// Events of single calls that a reader had not seen, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CallEventBatch {
    /// How many more there were that are forgotten by now.
    pub missed: u64,
    /// The others.
    pub events: Vec<CallEvent>,
}
