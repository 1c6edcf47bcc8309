//! The partitions of a service, such as tenants, hosts or shards: each has a breaker, a budget and limits of its own.
//!
//! States are made on demand, up to a limit, and never freed, so that a call holds a plain reference to one. At the
//! limit, a new partition takes over a state that no call uses: see `pool`. When all are in use, its calls use the state
//! of the calls without a partition.
//!
//! Hashing, comparing, copying and dropping a name is the user's code. It runs outside of every lock, and a use is
//! counted before a name is compared, so that the state cannot be taken over meanwhile.

mod name;
mod partition_state;
#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod partitions;
mod pool;
#[cfg(all(test, feature = "config"))]
mod tests;

pub(crate) use self::partition_state::PartitionState;
pub(super) use self::partitions::Partitions;
