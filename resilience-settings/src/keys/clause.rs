//! Data: the clauses, in which keys are written. A new clause begins here. In: the word of a clause. Out: the clause: where a key
//! is written, and what it acts on. The grammar that files, attributes and patches share.

/// Where a key is written: at the top of a service, or in one of its clauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Clause {
    /// At the top: `max_attempts = 3`.
    Top,
    /// In `attempt_timeout = adaptive(…)`, or the table `[services.NAME.attempt_timeout]`.
    AttemptTimeout,
    /// In `breaker(…)`, or the table `[services.NAME.breaker]`.
    Breaker,
    /// In `budget(…)`, or the table `[services.NAME.budget]`.
    Budget,
    /// In `bulkhead(…)`, or the table `[services.NAME.bulkhead]`.
    Bulkhead,
    /// In `rate_limit(…)`, or the table `[services.NAME.rate_limit]`.
    RateLimit,
    /// In `throttle(…)`, or the table `[services.NAME.throttle]`.
    Throttle,
    /// In `hedge(…)`, or the table `[services.NAME.hedge]`.
    Hedge,
    /// In `cache(…)`, or the table `[services.NAME.cache]`.
    Cache,
    /// In `idempotency(…)`, or the table `[services.NAME.idempotency]`.
    Idempotency,
}

impl Clause {
    /// Every clause, the top first.
    pub const ALL: &'static [Self] = &[
        Self::Top,
        Self::AttemptTimeout,
        Self::Breaker,
        Self::Budget,
        Self::Bulkhead,
        Self::RateLimit,
        Self::Throttle,
        Self::Hedge,
        Self::Cache,
        Self::Idempotency,
    ];

    /// The name of the clause, empty at the top.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Top => "",
            Self::AttemptTimeout => "attempt_timeout",
            Self::Breaker => "breaker",
            Self::Budget => "budget",
            Self::Bulkhead => "bulkhead",
            Self::RateLimit => "rate_limit",
            Self::Throttle => "throttle",
            Self::Hedge => "hedge",
            Self::Cache => "cache",
            Self::Idempotency => "idempotency",
        }
    }
}

/// What a key acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sort {
    /// On each call, resolved per call site and frozen while the call runs.
    Call,
    /// On the state that all call sites of a service share.
    Service,
}
