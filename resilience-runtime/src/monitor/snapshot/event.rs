//! Plain data: what a snapshot shows of rare events of services and of the process.

/// A change of the state of a service, or of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct EventSnapshot {
    /// Its number in this process, from 1; without gaps, so that a reader who has missed some can tell.
    pub id: u64,
    /// When.
    pub at_ms: u64,
    /// What, of [`KINDS`](Self::KINDS): `breaker` of a service, `partition_breaker` of one of its partitions, `budget_exhausted`,
    /// `budget_refilled`, `config_applied`, `config_refused`, `override_set`, `override_cleared`, `shedding`; of the store of
    /// idempotency records `store_away`, `store_back`, `result_not_stored`, `results_evicted`; what an operator did through
    /// the dashboard (`operator_acted`, with the action in `to`) and what of it is over (`operator_time_up`); with feature
    /// `testing` also `chaos_armed` and `chaos_disarmed`, which have the rule in `from`.
    pub kind: &'static str,
    /// The service, if the event is about one. A name may hold any character; escape it where it is shown.
    pub service: Option<&'static str>,
    /// What was before: the state of the breaker, the level of shedding.
    pub from: Option<&'static str>,
    /// What is now.
    pub to: Option<&'static str>,
}

impl EventSnapshot {
    /// Every [`kind`](Self::kind) that an event of this version may be, with whatever features; later versions may have more.
    pub const KINDS: &'static [&'static str] = &[
        "breaker",
        "partition_breaker",
        "budget_exhausted",
        "budget_refilled",
        "shedding",
        "override_set",
        "override_cleared",
        "store_away",
        "store_back",
        "result_not_stored",
        "results_evicted",
        "chaos_armed",
        "chaos_disarmed",
        "config_applied",
        "config_refused",
        "operator_acted",
        "operator_time_up",
    ];
}

/// Events that a reader had not seen, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct EventBatch {
    /// How many more there were that are no longer kept.
    pub missed: u64,
    /// The events.
    pub events: Vec<EventSnapshot>,
}
