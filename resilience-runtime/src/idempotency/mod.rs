#![doc = include_str!("../../docs/idempotency.md")] // The rules of idempotency keys, pure: `call/idempotency` follows them.

mod conclusion;
mod header;
mod key;
mod lease;
mod waiting;

pub(crate) use self::conclusion::{Bodies, Conclusion};
pub use self::header::{HEADER, from_header, to_header};
pub use self::key::{IdempotencyKey, KeyPart};
#[cfg(feature = "json")]
pub(crate) use self::lease::MOST_BYTES;
pub(crate) use self::lease::{Lease, STORING_FOR};
pub(crate) use self::waiting::{Polling, wait_until};
