//! Data: how an attempt ends whose body does not run, as a fault was injected.

use super::maker::Maker;
use crate::rejection::RejectionKind;

/// How an attempt ends whose body does not run.
#[derive(Clone, Debug)]
pub(crate) enum Suffered {
    Error(Maker),
    Hang,
    Panic,
    Reject(RejectionKind),
}
