//! The checked settings of an idempotency clause.

use std::time::Duration;

use super::fields::{Field, settings};
use crate::keys::value::{OnUnavailable, Value};

settings! {
    /// For how long results are kept, how long a call holds its key, and how long another waits for it.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct IdempotencySettings {
        /// How long a result is kept.
        pub ttl: Duration = IdempotencyTtl,
        /// How long a lease lasts unless it is renewed; `None` goes by the attempt timeout.
        pub lease: Option<Duration> = IdempotencyLease,
        /// How long a call waits for another with its key.
        pub wait: IdempotencyWait = IdempotencyWait,
        /// What happens when the store is away.
        pub on_unavailable: OnUnavailable = IdempotencyOnUnavailable,
    }
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
