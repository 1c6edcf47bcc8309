//! Keys in memory. In: a key. Out: a claim in the memory of this process, or the result that it already has.

mod claim;
mod hold;

pub(super) use self::claim::claim;
pub(super) use self::hold::MemoryHold;
