//! Keys in a store that processes share. In: a key. Out: a claim; each call has a [`keeper`], which asks the store for it.

mod channel;
mod claim;
mod contained;
mod hold;
mod keeper;
mod traffic;

pub(super) use self::claim::claim;
pub(super) use self::hold::StoreHold;
