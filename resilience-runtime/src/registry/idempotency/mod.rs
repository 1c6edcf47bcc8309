//! What the calls of a registry share that have idempotency keys.

mod key_scopes;
mod shared_state;
mod stores;

pub(super) use self::shared_state::{Idempotency, KeyScope};
pub(crate) use self::shared_state::{SharedValue, StoreState};
