//! Full calls: those that are nested, refused, waiting, retried after a delay, hedged or of a partition. In: such a call. Out: its
//! result.

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
