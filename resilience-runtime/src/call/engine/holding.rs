//! What a call holds between two polls that is not its own.

use super::permit::Permit;
use crate::budget::Receipt;
use crate::clock::Tick;

/// What a call holds that is not its own. It never holds two of these, so they share their place.
#[derive(Debug)]
pub(in crate::call) enum Holding {
    /// Nothing; the copies of an attempt hold their permits themselves.
    Nothing,
    /// A retry is due that costs nothing; decided then.
    FreeRetry(Tick),
    /// A retry is due that has been paid for, then.
    PaidRetry(Receipt),
    /// An attempt is under way.
    Attempt(Permit),
}
