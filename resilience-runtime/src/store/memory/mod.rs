//! A store in the memory of this process: finished results in order of use within bounds, running leases for as long as
//! they last.
//!
//! The map is our own: an evicting cache may drop the lease of a call that is running, and caches that admit by frequency
//! refuse new results while old ones are popular.

mod entry;
mod eviction;
mod limits;
mod line;
mod links;
mod memory_store;
mod order;
mod records;
mod shard;
mod slab;
#[cfg(test)]
mod tests;

pub(crate) use self::entry::{Claimed, SharedValue};
pub use self::limits::MemoryLimits;
pub(crate) use self::line::waiter::Waiter;
pub use self::memory_store::MemoryStore;
pub(crate) use self::records::Records;
