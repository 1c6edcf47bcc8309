//! Calls with an idempotency key: who holds the key runs. In: such a call. Out: its own result, an earlier one, or a rejection. The
//! rules are in the room `idempotency` below.
//!
//! ```text
//! idempotent(key) ─► begin ─► claimed ─► attempts, each body inside ─► settle ─► degradation
//!                      └─► replay, or rejection ─► outcome
//! ```
//!
//! A store in memory is asked where the call is polled. Any other is asked by the call's [keeper](store), a task on a thread and a
//! runtime of our own, which renews the lease as well: the runtime of the call may be dropped at any time.

mod begin;
mod codec;
mod counted;
mod enter;
mod held_key;
mod hold;
mod inside;
mod memory;
mod protected;
mod settled;
mod store;
mod verdict;

pub(in crate::call) use self::held_key::Under;
pub use self::held_key::idempotency_key;
pub use self::inside::Inside;
pub use self::protected::Protected;
pub use self::settled::Settled;
