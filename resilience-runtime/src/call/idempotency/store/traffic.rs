//! Where keepers run: on the thread of stores, as the runtime of a call may be dropped while a lease has to be renewed. With
//! feature `testing` on the runtime of the call, whose clock a test may have paused.

use crate::store::StoreError;

/// Starts a keeper.
#[cfg(feature = "testing")]
#[expect(clippy::unnecessary_wraps, reason = "as it is without the feature")]
pub(super) fn start(keeper: impl Future<Output = ()> + Send + 'static) -> Result<(), StoreError> {
    drop(tokio::spawn(keeper));
    Ok(())
}

/// Starts a keeper.
#[cfg(not(feature = "testing"))]
pub(super) fn start(keeper: impl Future<Output = ()> + Send + 'static) -> Result<(), StoreError> {
    crate::store::thread::start(keeper).map_err(|_| StoreError::away("no thread").not_sent())
}
