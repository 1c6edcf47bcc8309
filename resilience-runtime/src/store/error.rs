//! Data: the error of a store that cannot answer. In: a short name of the reason, as its protocol has it. Out: an error that says
//! so and no more: texts of a server may contain addresses and keys.

use std::borrow::Cow;
use std::fmt;

/// A store that is away: it was not reached, did not answer in time, or answered that it cannot.
///
/// All of these are the same to a call. The name is for events and for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    name: Cow<'static, str>,
    not_sent: bool,
}

impl StoreError {
    /// The store is away for a reason with this short name, such as `READONLY` or `timeout`.
    ///
    /// The name goes into events and messages: it must be one of few, and no text of a server.
    pub fn away(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), not_sent: false }
    }

    /// The operation was certainly not carried out: it never left for the store. A claim need not be released then.
    #[must_use]
    pub fn not_sent(self) -> Self {
        Self { not_sent: true, ..self }
    }

    /// The short name of the reason.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the operation certainly was not carried out.
    pub fn is_not_sent(&self) -> bool {
        self.not_sent
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store is away ({})", self.name)
    }
}

impl std::error::Error for StoreError {}
