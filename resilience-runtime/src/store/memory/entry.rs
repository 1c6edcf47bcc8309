//! Data: one record in memory, and whether its time is over.

use std::any::Any;
use std::sync::Arc;

use super::links::Links;
use crate::clock::Tick;
use crate::store::record::{Fingerprint, Owner, RecordName, Token};

/// A result as stores keep it, whatever its type is: one type for all, as each would be compiled anew.
pub(crate) type SharedValue = Arc<dyn Any + Send + Sync>;

/// What a claim finds; the value as it is kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Claimed<V> {
    Granted(Token),
    Running { until: Tick },
    Done(Option<V>),
    Mismatch,
}

#[derive(Debug)]
pub(super) struct Entry<V> {
    pub(super) name: RecordName,
    pub(super) owner: Owner,
    pub(super) fingerprint: Fingerprint,
    /// When the lease, or the time for which the result is kept, is over.
    pub(super) until: Tick,
    pub(super) token: Token,
    pub(super) state: State<V>,
    /// Its place among the finished ones.
    pub(super) links: Links,
}

#[derive(Debug)]
pub(super) enum State<V> {
    Running,
    Done { value: Option<V>, bytes: u32 },
}

impl<V> Entry<V> {
    pub(super) const fn is_done(&self) -> bool {
        matches!(self.state, State::Done { .. })
    }

    pub(super) fn is_over(&self, now: Tick) -> bool {
        now >= self.until
    }
}
