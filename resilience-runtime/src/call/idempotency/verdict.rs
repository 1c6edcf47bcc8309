//! Data: what the claim of a key came to, whatever the store: run, an earlier result, too late, or refused.

use super::codec::Kept;
use super::hold::Hold;
use crate::call::engine::decision::Refusal;
use crate::ending::Ending;
use crate::monitor::IdempotencyResult;

/// The result of a claim.
pub(super) enum Verdict {
    /// The call runs, and holds the key, as far as anybody knows.
    Run(Hold, IdempotencyResult),
    /// The deadline has come while it asked or waited: the engine says so, and whoever answers for that may.
    Late,
    /// An earlier call has the result, unless that could not be kept.
    Done(Option<Kept>),
    Refuse(Refusal, IdempotencyResult),
}

impl Verdict {
    pub(super) fn mismatch() -> Self {
        Self::Refuse(Ending::IdempotencyMismatch.into(), IdempotencyResult::Mismatch)
    }
}
