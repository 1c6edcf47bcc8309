//! Data: the results of the idempotency clause of a call, as they are counted.

use resilience_settings::words;

words! {
    /// The result of the idempotency clause of a call.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum IdempotencyResult {
        /// The call ran, and held its key.
        Executed = "executed",
        /// It was given the result of an earlier call.
        Replayed = "replayed",
        /// It had no key, and ran without protection.
        Unprotected = "unprotected",
        /// Another call with its key was under way for longer than it may wait.
        InProgress = "in_progress",
        /// Its key was used for another request.
        Mismatch = "mismatch",
        /// Its key was empty.
        KeyEmpty = "key_empty",
        /// Its function shares its scope with another.
        ScopeShared = "scope_shared",
        /// An earlier call has succeeded, and its result is not there.
        ResultUnavailable = "result_unavailable",
        /// The store was away, and it did not run.
        StoreUnavailable = "store_unavailable",
        /// The store was away, and it ran without protection.
        RanWithoutStore = "ran_without_store",
        /// It succeeded, and the store did not take its result. Counted beside `executed`.
        NotStored = "not_stored",
        /// It succeeded after another call had taken its key. Counted beside `executed`.
        LeaseLost = "lease_lost",
    }
}
