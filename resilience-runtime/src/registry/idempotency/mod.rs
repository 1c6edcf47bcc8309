//! What all calls of a registry with idempotency keys share.

mod key_scopes;
mod shared_state;
mod store_set;
mod stores;

pub(super) use self::shared_state::{Idempotency, KeyScope};
pub(crate) use self::shared_state::{SharedValue, StoreState};
pub(crate) use self::store_set::{AskedStores, StoreSet};
