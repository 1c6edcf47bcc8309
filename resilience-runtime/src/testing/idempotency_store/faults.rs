//! Lists what a store does against its contract. In: breaches of rules. Out: the list that a test prints.

use std::error::Error;
use std::fmt;

/// The rules that a store breaks, each with what it did.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreFaults(Vec<String>);

impl StoreFaults {
    /// `Err` if there are any.
    pub(super) fn check(faults: Vec<String>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self(faults)) }
    }

    /// One line for each broken rule.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for StoreFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rules of an idempotency store are broken:", self.0.len())?;
        self.0.iter().try_for_each(|fault| write!(f, "\n- {fault}"))
    }
}

/// As [`Display`](fmt::Display), since that is what `unwrap` prints.
impl fmt::Debug for StoreFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for StoreFaults {}
