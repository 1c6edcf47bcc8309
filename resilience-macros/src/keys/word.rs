//! Data: what is known of one word of the attributes: its names, its kind of value, and where it may stand.

use std::time::Duration;

use resilience_settings::policy::{Key, Shape};

use super::choice::{
    BUDGET_KIND, CACHE_MODE, Choice, DEPOSIT, KIND, MODE, NESTED, ON_UNAVAILABLE, PRIORITY, STRATEGY,
};

/// A word that is written in an attribute: `max_attempts = 3`, `breaker(…)`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// Its name within the clause.
    pub(crate) name: &'static str,
    /// Another accepted name.
    pub(crate) alias: Option<&'static str>,
    /// The clause that it stands in, empty at the top.
    pub(crate) clause: &'static str,
    /// What may be written for it.
    pub(crate) takes: Takes,
    /// The key of the settings; `None` for what is code and never reaches a policy.
    pub(crate) key: Option<Key>,
    /// What holds when it is not written, in words; the templates' values are in the runtime.
    #[cfg_attr(not(test), expect(dead_code, reason = "the documentation is made from it by a test"))]
    pub(crate) default: &'static str,
    /// What it means.
    #[cfg_attr(not(test), expect(dead_code, reason = "the documentation is made from it by a test"))]
    pub(crate) help: &'static str,
}

/// What may be written for a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Takes {
    /// `"claude_api"`
    Text,
    /// `true` or `false`
    Switch,
    /// A whole number.
    Count { min: u64, max: u64, or_off: bool },
    /// A whole number above zero, or `Unlimited`.
    Attempts,
    /// A number with or without a fraction.
    Number { min: f64, max: f64 },
    /// `"2s"`, `"1m 30s"`, or a number of seconds; at least so much.
    Duration { least: Duration, or_off: bool },
    /// A duration above zero, `off`, `Adaptive`, or `adaptive(…)` with the words of the clause of the same name.
    Timeout,
    /// A share from 0.5 to below 1, or a name such as `P99`.
    Quantile,
    /// A duration above zero, or the name of a quantile.
    AfterOrQuantile,
    /// A number of calls, or a string with a unit of time.
    Window,
    /// `[429, 503]`
    Codes,
    /// The name of a variant.
    Choice(&'static Choice),
    /// More words in parentheses, or `off`.
    Clause,
    /// The path of a function.
    Function,
    /// The path of a function, or a closure.
    FunctionOrClosure,
    /// Any expression over the arguments.
    Code,
    /// Patterns in parentheses.
    Patterns,
    /// Names of arguments in parentheses.
    Names,
    /// The path of a crate.
    Crate,
}

impl Word {
    /// The word that writes a key.
    pub(super) fn of(key: Key) -> Self {
        let info = key.info();
        Self {
            name: info.name,
            alias: info.alias,
            clause: info.clause.name(),
            takes: Takes::of(info.shape),
            key: Some(key),
            default: key.default(),
            help: key.help(),
        }
    }
}

impl Takes {
    /// What an attribute takes for the values of a key.
    fn of(shape: Shape) -> Self {
        match shape {
            Shape::Switch => Self::Switch,
            Shape::Table => Self::Clause,
            Shape::Count { min, max, or_off } => Self::Count { min, max, or_off },
            Shape::Attempts => Self::Attempts,
            Shape::Number { min, max } => Self::Number { min, max },
            Shape::Duration { least, or_off } => Self::Duration { least, or_off },
            Shape::Timeout => Self::Timeout,
            Shape::Quantile => Self::Quantile,
            Shape::AfterOrQuantile => Self::AfterOrQuantile,
            Shape::Window => Self::Window,
            Shape::StatusCodes => Self::Codes,
            Shape::Strategy => Self::Choice(&STRATEGY),
            Shape::BudgetKind => Self::Choice(&BUDGET_KIND),
            Shape::Deposit => Self::Choice(&DEPOSIT),
            Shape::NestedRetries => Self::Choice(&NESTED),
            Shape::CacheMode => Self::Choice(&CACHE_MODE),
            Shape::OnUnavailable => Self::Choice(&ON_UNAVAILABLE),
            Shape::Mode => Self::Choice(&MODE),
            Shape::Priority => Self::Choice(&PRIORITY),
            Shape::Kind => Self::Choice(&KIND),
            // The settings are of another crate, for which there may be more; a test asks for each key.
            shape => unreachable!("no attribute takes {shape:?}"),
        }
    }
}
