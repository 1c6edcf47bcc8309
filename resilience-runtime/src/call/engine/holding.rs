//! Data: what a call holds between two polls: nothing, a permit, permits of copies, or a retry that is paid or free.

use std::mem;

use super::permit::Permit;
use crate::budget::Receipt;
use crate::call::observed::shadow::Shadow;
use crate::clock::Tick;

/// What a call holds that is not its own. It never holds two of these, so they share their place.
#[derive(Debug)]
pub(in crate::call) enum Holding {
    /// Nothing.
    Nothing,
    /// A retry that costs nothing and is due at once: its admission goes by the time at which it was decided.
    FreeRetry(Tick),
    /// A retry that costs nothing, after a delay that began then.
    FreeRetryLater(Tick),
    /// A retry that has been paid for and is due at once: its admission goes by the time at which it was paid.
    PaidRetry(Receipt),
    /// A retry that has been paid for, after a delay.
    PaidRetryLater(Receipt),
    /// An attempt is under way.
    Attempt(Permit),
    /// An attempt is under way whose copies hold their permits themselves.
    Copies,
    /// The call is only observed, and its rules stand beside it.
    Observed(Box<Shadow>),
}

impl Holding {
    /// A retry that has been decided now, and is due after so many nanoseconds.
    #[inline]
    pub(in crate::call) fn retry(receipt: Option<Receipt>, now: Tick, delay: u64) -> Self {
        match (receipt, delay) {
            (Some(receipt), 0) => Self::PaidRetry(receipt),
            (Some(receipt), _) => Self::PaidRetryLater(receipt),
            (None, 0) => Self::FreeRetry(now),
            (None, _) => Self::FreeRetryLater(now),
        }
    }

    /// A retry that was due at once is made to wait: the reading of the clock that it was decided by gets old.
    pub(in crate::call) fn defer(&mut self) {
        *self = match mem::replace(self, Self::Nothing) {
            Self::FreeRetry(at) => Self::FreeRetryLater(at),
            Self::PaidRetry(receipt) => Self::PaidRetryLater(receipt),
            other => other,
        };
    }
}
