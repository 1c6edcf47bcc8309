//! State of their own for the partitions of a service: tenants, hosts, shards.
//!
//! A bounded number of places is made as they are needed and kept for ever, so that a call holds a plain reference
//! to its state. A new partition that finds no place takes over one that nobody uses: see `pool`. When there is none, it
//! shares the state of the whole service.
//!
//! Hashing, comparing, copying and dropping a name is the user's code. It runs outside of every lock, and a use is counted
//! before a name is compared, so that the place cannot go to somebody else meanwhile.

mod name;
mod partition_state;
#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod partitions;
mod pool;
#[cfg(all(test, feature = "config"))]
mod tests;

pub(crate) use self::partition_state::PartitionState;
pub(super) use self::partitions::Partitions;
