//! Data: what a store answers to each operation. No answer is an error: that the store cannot answer is a
//! [`StoreError`](super::StoreError).

use std::time::Duration;

use super::record::Token;

/// The answer to a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The caller holds the lease and may run. The token is that of the record, the same when its owner asks again.
    Granted(Token),
    /// Another owner holds the lease.
    Running {
        /// For how long at least, unless it is released, completed or renewed before.
        rest: Duration,
    },
    /// It has ended well.
    Done {
        /// The result, or `None` if it could not be kept.
        value: Option<Vec<u8>>,
    },
    /// The record is for a request with another fingerprint.
    Mismatch,
}

/// The answer to a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// The lease lasts for the time asked for, from now.
    Extended,
    /// There is no record: the lease has run out or was released, or the store has lost it. Another may claim it.
    Gone,
    /// Another owner has the record.
    Lost,
    /// This owner has completed it.
    Done,
}

/// The answer to a completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// The result is stored in place of the lease.
    Stored,
    /// The result is stored, though the lease was gone: nobody else had claimed it since, as far as the store knows.
    Kept,
    /// This owner had completed it before. That result stays.
    Repeated,
    /// Another owner has the record; the result is not stored.
    LostTo(Holder),
}

/// What the owner of a record is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// It holds the lease.
    Running,
    /// It has stored a result.
    Done,
}

/// The answer to a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// The record was running and this owner's; it is gone.
    Freed,
    /// There was no such record.
    NotHeld,
}
