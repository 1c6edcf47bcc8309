//! Stores that remember, for the machines that share them, who runs an operation and what came of it.
//!
//! [`IdempotencyStore`] is the contract of such a store: four operations, each of them atomic in the store, on one record
//! per operation. A record is *running*, with an owner and a lease, or *done*, with a result and the time for which that is
//! kept, or there is none:
//!
//! ```text
//!                     claim: granted                complete: stored
//!          no record ────────────────► running(owner) ────────────────► done(value)
//!              ▲  ▲                       │   ▲  │                         │
//!              │  └──── release ──────────┤   └──┘ renew: extended         │
//!              │                          │        claim by the same owner │
//!              └──── the lease has run out┴──── the ttl has run out ───────┘
//! ```
//!
//! A store goes by one clock, its own: leases of one record never overlap by it. What it knows of an operation is a
//! [name](RecordName) and an [owner](Owner) that were made for this purpose, a [`Fingerprint`], and bytes.

mod answers;
mod error;
#[cfg(feature = "redis")]
mod in_place;
mod memory;
mod record;
#[cfg(feature = "redis")]
mod redis;
pub(crate) mod thread;
mod traits;

pub use self::answers::{Claim, Completion, Holder, Release, Renewal};
pub use self::error::StoreError;
pub(crate) use self::memory::{Claimed, Records, SharedValue, Waiter};
pub use self::memory::{MemoryLimits, MemoryStore};
pub(crate) use self::record::RecordNames;
pub use self::record::{Fingerprint, Owner, RecordName, Token};
#[cfg(feature = "redis")]
pub use self::redis::{RedisIdempotencyProvider, RedisUrlError};
pub use self::traits::{IdempotencyStore, StoreFuture};
