//! What is known of one word, and what kinds of value there are.

use std::time::Duration;

use super::choice::Choice;
use super::table::WORDS;

/// A word that is written in an attribute: `max_attempts = 3`, `breaker(…)`.
#[derive(Debug)]
pub(crate) struct Word {
    /// Its name within the clause.
    pub(crate) name: &'static str,
    /// Another accepted name.
    pub(crate) alias: Option<&'static str>,
    /// The clause that it stands in, empty at the top.
    pub(crate) clause: &'static str,
    /// What may be written for it.
    pub(crate) takes: Takes,
    /// The runtime's name of the key; `None` for what is code and never reaches a policy.
    pub(crate) key: Option<&'static str>,
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
    /// Finds a word by its clause and name, second names included.
    pub(crate) fn find(clause: &str, name: &str) -> Option<&'static Self> {
        WORDS.iter().find(|word| word.clause == clause && (word.name == name || word.alias == Some(name)))
    }
}
