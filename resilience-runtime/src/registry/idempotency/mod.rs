//! What all calls of a registry with idempotency keys share.

mod key_scopes;
mod shared_state;
mod store_set;
mod stores;

pub(crate) use self::shared_state::StoreState;
pub(super) use self::shared_state::{Idempotency, KeyScope};
pub(crate) use self::store_set::{AskedStores, StoreSet};
