//! In: a call that is nested, refused, waiting, retried after a delay, hedged or of a partition. Out: its result.

pub(in crate::call) mod acquisition;
pub(in crate::call) mod admission;
pub(in crate::call) mod call;
pub(in crate::call) mod copy_admission;
pub(in crate::call) mod finish;
pub(in crate::call) mod progress;
pub(in crate::call) mod retry;
mod retry_delay;
pub(in crate::call) mod success;
pub(in crate::call) mod timing;
mod told;
mod traced;
mod waits;
