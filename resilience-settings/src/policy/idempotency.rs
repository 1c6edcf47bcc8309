//! Data: the checked settings of an idempotency clause.

use std::time::Duration;

use super::fields::{Field, choose, settings};
use crate::keys::value::{OnUnavailable, Value};

settings! {
    /// For how long results are kept, how long a call holds its key, and how long another waits for it; a `lease` of `None` goes
    /// by the attempt timeout.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct IdempotencySettings {}
}

/// How long a call waits for another with its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdempotencyWait {
    /// Until its deadline.
    Deadline,
    /// At most so long, and never past its deadline.
    AtMost(Duration),
    /// Not at all.
    Off,
}

impl Field for IdempotencyWait {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Duration(time) => Some(Self::AtMost(*time)),
            Value::Off => Some(Self::Off),
            _ => None,
        }
    }

    fn unset() -> Self {
        Self::Deadline
    }
}

impl Default for IdempotencySettings {
    /// A day, as clients repeat a payment hours later; the lease goes by the attempt timeout, waiting by the deadline, and
    /// without a store nothing runs.
    fn default() -> Self {
        Self::of(|_| None)
    }
}
