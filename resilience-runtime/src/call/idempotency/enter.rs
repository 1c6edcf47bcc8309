//! Begins the protection of a call by its key, as generated code asks for it. In: the key, and where results are kept. Out: a
//! [`Protected`] that has not claimed anything yet.

use std::sync::Arc;

use super::codec::Codec;
use super::protected::{Place, Protected, Ready, State};
use crate::call::call::Call;
use crate::call::engine::full::call::FullCall;
use crate::ending::Ending;
use crate::idempotency::IdempotencyKey;
use crate::store::{IdempotencyStore, RecordNames};

impl<K> Call<K> {
    /// Protects the call by a key; results are kept in the memory of this process.
    #[inline]
    pub fn idempotent<Key, T>(&mut self, key: Key) -> Protected<T>
    where
        Key: IdempotencyKey,
        T: Clone + Send + Sync + 'static,
    {
        Protected::new(self.protection(&key, None), Codec::value())
    }

    /// The same with a store.
    #[cfg(feature = "json")]
    pub fn idempotent_in<S, Key, T>(&mut self, store: S, key: Key) -> Protected<T>
    where
        S: IntoStore,
        Key: IdempotencyKey,
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        Protected::new(self.protection(&key, Some(store.into_store())), Codec::json())
    }

    /// The same with a store, in a build that cannot make bytes of results.
    #[cfg(not(feature = "json"))]
    pub fn idempotent_in<S, Key, T>(&mut self, store: S, key: Key) -> Protected<T>
    where
        S: IntoStore + NeedsFeatureJson,
        Key: IdempotencyKey,
        T: Clone + Send + Sync + 'static,
    {
        Protected::new(self.protection(&key, Some(store.into_store())), Codec::value())
    }

    /// What is known before anything is asked. The key is foreign code.
    fn protection(&mut self, key: &impl IdempotencyKey, store: Option<Arc<dyn IdempotencyStore>>) -> State {
        let full = self.full();
        if full.is_cycle() || full.is_observed() || full.rules().idempotency.is_none() {
            return State::Off;
        }
        let bound = full.bound;
        let scope = bound.key_scope();
        let state = full.run_foreign(|full| {
            key.with_key(|key| {
                if key.is_empty() {
                    return State::Refused(Ending::IdempotencyKeyEmpty);
                }
                if scope.is_shared {
                    return State::Refused(Ending::IdempotencyScopeShared);
                }
                let Some(store) = store else { return in_memory(full, &scope.names, key) };
                let name = scope.name(store.namespace(), bound.service().name(), key);
                State::Ready(Ready { name, place: Place::Store(store) })
            })
        });
        state.unwrap_or(State::Unprotected)
    }
}

/// Looks for an earlier result first, which needs no name but the quick one.
fn in_memory(full: &FullCall, names: &RecordNames, key: &[u8]) -> State {
    let local = names.local(key);
    let found = full.bound.shared().results().done(local, full.service().now());
    match found {
        Some((of, value)) => State::Found { of, value },
        None => State::Ready(Ready { name: names.name(key), place: Place::Memory(local) }),
    }
}

/// A store as an attribute names it: by value, or shared.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no store of idempotency records",
    label = "expected an `IdempotencyStore`, or an `Arc` of one",
    note = "implement `resilience_runtime::store::IdempotencyStore`, or use one that comes with it"
)]
pub trait IntoStore {
    /// The store, shared.
    fn into_store(self) -> Arc<dyn IdempotencyStore>;
}

impl<S: IdempotencyStore> IntoStore for S {
    fn into_store(self) -> Arc<dyn IdempotencyStore> {
        Arc::new(self)
    }
}

impl<S: IdempotencyStore> IntoStore for Arc<S> {
    fn into_store(self) -> Arc<dyn IdempotencyStore> {
        self
    }
}

impl IntoStore for Arc<dyn IdempotencyStore> {
    fn into_store(self) -> Self {
        self
    }
}

/// Implemented by nothing: it makes the compiler say what is missing.
#[cfg(not(feature = "json"))]
#[diagnostic::on_unimplemented(
    message = "`store` needs feature `json` of `resilience-runtime`",
    label = "results are kept as JSON in this store"
)]
pub trait NeedsFeatureJson {}
