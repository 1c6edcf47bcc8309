//! Data: the states of a full call. Each is one value where flags of their own could contradict each other.

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::call) enum Progress {
    /// It is inside another call of the same service and has no state of its own.
    PassThrough,
    /// Its body runs as the plain function would, and its rules only watch.
    Observed,
    /// No body is being polled.
    Between,
    /// A body is being polled. In `drop`, that means that it panicked.
    InBody,
    /// It is counted, and holds nothing.
    Ended,
}

/// How a call comes to the admission of its first attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::call) enum Arrival {
    /// Directly: the time at which it started is the time of its admission.
    Direct,
    /// After a wait: for another call that may have its answer, for a bulkhead permit, or for its slot under the rate
    /// limit.
    AfterWait,
    /// From within a redirect or fallback of its own site. It is rejected, and so never waits.
    RedirectCycle,
}

/// Which attempts may run beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::call) enum Copies {
    /// Those of an idempotent call, and those that have one idempotency key.
    AsTheSettingsSay,
    /// Those of an idempotent call only: this one has no key.
    OnlyIfIdempotent,
}

/// How the last attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::call) enum LastAttempt {
    /// None has ended. In a call that is dropped so, the deposit into the budget is still to be made.
    None,
    /// It failed, or the deadline of the call ended it.
    Failed,
    /// It ran into its own timeout.
    TimedOut,
    /// It succeeded, and the call with it.
    Succeeded,
}

/// Whose state a call goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::call) enum Scope {
    /// That of the whole service.
    Service,
    /// That of a partition, which is kept for the call until it leaves it.
    Partition,
}

/// What the timer of an attempt stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::call) enum TimeLimit {
    /// The timeout of the attempt; the call may go on.
    Attempt,
    /// The deadline of the call.
    Call,
}
