//! Runs the conformance suite for stores. In: a way to open the store, and one to let time pass. Out: the rules that it breaks.

use std::sync::Arc;
use std::time::Duration;

use super::faults::StoreFaults;
use super::{lives, races, rules};
use crate::store::IdempotencyStore;

/// Checks that a store keeps the contract of [`IdempotencyStore`].
///
/// `open` opens the store, each time as another process would: all that it returns are the same store. Records have random
/// names, so it may be one in use. `pass` lets at least that much time pass on the clock of the store: for a server,
/// `tokio::time::sleep`. About a second has to pass in all.
///
/// It must run within a runtime of tokio; with several threads it finds races that one thread may not show.
///
/// # Errors
///
/// The rules that the store breaks. An error of the store breaks the rule that was being checked.
///
/// ```
/// # #[tokio::main] async fn main() {
/// use resilience_runtime::store::MemoryStore;
/// use resilience_runtime::testing::idempotency_store_suite;
///
/// let store = MemoryStore::default();
/// idempotency_store_suite(async || store.clone(), tokio::time::sleep).await.unwrap();
/// # }
/// ```
pub async fn idempotency_store_suite<S: IdempotencyStore>(
    open: impl AsyncFn() -> S,
    pass: impl AsyncFn(Duration),
) -> Result<(), StoreFaults> {
    let (here, there) = (&Arc::new(open().await), &Arc::new(open().await));
    let mut checked = vec![
        rules::a_lease_is_of_one_owner(&**here, &**there).await,
        rules::a_result_is_stored_once(&**here, &**there).await,
        rules::a_lease_of_another_refuses_a_result(&**here, &**there).await,
        rules::a_result_without_a_record_is_kept(&**here, &**there).await,
        rules::a_release_frees_what_is_running(&**here, &**there).await,
        rules::another_fingerprint_is_a_mismatch(&**here, &**there).await,
        rules::bytes_come_back_as_they_were(&**here, &**there).await,
        races::of_many_one_is_granted(here, there).await,
        races::of_many_one_stores(here, there).await,
        races::a_claim_that_was_dropped_can_be_repeated(&**here).await,
    ];
    checked.extend(lives::lifetimes(&**here, &**there, &pass).await);
    StoreFaults::check(checked.into_iter().filter_map(Result::err).collect())
}
