//! Data: one proposal or remark of advice, with its service, key, values and reason.

use std::fmt;

use crate::policy::{Key, Value};
use crate::printable::Printable;
use crate::words;

words! {
    /// What a piece of advice goes by.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum Rule {
        /// How long a call may take at worst, against the deadline of the call and of its callers.
        WorstCaseLatency = "worst_case_latency",
        /// How many attempts one call may become, over all layers.
        Amplification = "amplification",
        /// Retries that no budget bounds.
        RetriesWithoutBudget = "retries_without_budget",
        /// Delays without chance, after which all callers come back together.
        NoJitter = "no_jitter",
        /// A breaker that cannot open.
        BreakerNeverOpens = "breaker_never_opens",
        /// A budget that cannot pay.
        BudgetNeverPays = "budget_never_pays",
        /// What has to hold before measured numbers mean anything.
        Sample = "sample",
        /// The time for one attempt, from the times that attempts took.
        AttemptTimeout = "attempt_timeout",
        /// The size of the bulkhead and of its queue, from the attempts that were in flight.
        Bulkhead = "bulkhead",
        /// The share of retries, from the retries that were made.
        BudgetRatio = "budget_ratio",
        /// A copy of slow attempts, from how much slower the slowest are.
        Hedge = "hedge",
        /// The share of failures that opens the breaker, from those of healthy days.
        FailureRate = "failure_rate",
    }
}

words! {
    /// What kind of advice it is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Verdict {
        /// Something is likely wrong.
        Problem = "problem",
        /// Other values are better, by what was measured.
        Proposal = "proposal",
        /// Nothing is proposed, as a condition does not hold.
        Refused = "refused",
        /// Something to know, which may be meant.
        Note = "note",
    }
}

/// A piece of advice.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Advice {
    /// What it goes by.
    pub rule: Rule,
    /// What kind it is.
    pub verdict: Verdict,
    /// The service that it is about.
    pub service: String,
    /// Where the value comes from that decides: `resilience.toml:12`, a built-in default, or the sample that was measured.
    pub place: String,
    /// What was computed, in words with its numbers.
    pub number: String,
    /// What to do.
    pub remedy: String,
    /// What the remedy changes, where it can be written into the file.
    pub changes: Vec<Change>,
}

/// A new value of a key.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The key.
    pub key: Key,
    /// The value today.
    pub from: Option<Value>,
    /// The value that is better.
    pub to: Value,
    /// Whether only an override reaches it, since a stronger layer than the table of the service says otherwise.
    pub is_override: bool,
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, verdict, service, place, number, remedy, .. } = self;
        write!(f, "{verdict}: `{}`: {rule} ({}): {number}", Printable(service), Printable(place))?;
        if remedy.is_empty() { Ok(()) } else { write!(f, "; {remedy}") }
    }
}
