//! What the engine decides: whether an attempt may begin, and what follows one that has failed.

use std::time::Duration;

use super::refusal::Refusal;
use crate::ending::Ending;

/// What an attempt is told at the gate.
#[derive(Debug)]
pub(super) enum Admission {
    /// It may run.
    Granted,
    /// It runs as a part of an outer call.
    PassThrough,
    /// It has to wait.
    Pending,
    /// There is no attempt.
    Refused(Refusal),
}

/// What follows a failed attempt.
pub(super) enum Next {
    /// Another attempt, at once.
    Now,
    /// Another attempt, after a delay.
    After(Duration),
    /// Nothing.
    End(Ending),
}
