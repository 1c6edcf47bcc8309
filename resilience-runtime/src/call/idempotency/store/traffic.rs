//! Decides on which thread keepers run: on that of stores, as the runtime of a call may be dropped while a lease has to be renewed.
//! Under tokio's clock on the runtime of the call, whose clock a test may have paused.

use std::future::Future;

use crate::clock::Clock;
use crate::store::{StoreError, thread};

/// Starts a keeper.
pub(super) fn start(
    clock: &Clock,
    keeper: impl Future<Output = ()> + Send + 'static,
) -> Result<(), StoreError> {
    if clock.is_virtual() {
        drop(tokio::spawn(keeper));
        return Ok(());
    }
    thread::start(keeper).map_err(|_| StoreError::away("no thread").not_sent())
}
