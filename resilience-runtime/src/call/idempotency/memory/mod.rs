//! Keys in the memory of this process.

mod claim;
mod hold;

pub(super) use self::claim::claim;
pub(super) use self::hold::MemoryHold;
