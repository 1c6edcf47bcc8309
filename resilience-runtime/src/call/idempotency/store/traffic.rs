//! Where keepers run: on a thread and a runtime of our own, as the runtime of a call may be dropped while a lease has to be
//! renewed. With feature `testing` on the runtime of the call, whose clock a test may have paused.

use crate::store::StoreError;

/// Starts a keeper.
#[cfg(feature = "testing")]
#[expect(clippy::unnecessary_wraps, reason = "as it is without the feature")]
pub(super) fn start(keeper: impl Future<Output = ()> + Send + 'static) -> Result<(), StoreError> {
    drop(tokio::spawn(keeper));
    Ok(())
}

#[cfg(not(feature = "testing"))]
pub(super) use own::start;

#[cfg(not(feature = "testing"))]
mod own {
    use std::future::poll_fn;
    use std::pin::Pin;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Mutex, PoisonError};
    use std::task::{Poll, Waker};

    use super::StoreError;
    use crate::late_thread::LateThread;
    use crate::wakers::wake;

    type Keeper = Pin<Box<dyn Future<Output = ()> + Send>>;

    /// Keepers on their way to the thread.
    struct Arriving {
        keepers: Vec<Keeper>,
        thread: Option<Waker>,
    }

    static THREAD: LateThread = LateThread::new("resilience-stores");
    static ARRIVING: Mutex<Arriving> = Mutex::new(Arriving { keepers: Vec::new(), thread: None });

    /// The thread could not make a runtime, and is gone.
    static HAS_FAILED: AtomicBool = AtomicBool::new(false);

    /// Starts a keeper.
    pub(in crate::call::idempotency::store) fn start(
        keeper: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), StoreError> {
        if THREAD.get_or_start(run).is_none() || HAS_FAILED.load(Ordering::Acquire) {
            return Err(StoreError::away("no thread").not_sent());
        }
        let waker = {
            let mut arriving = ARRIVING.lock().unwrap_or_else(PoisonError::into_inner);
            arriving.keepers.push(Box::pin(keeper));
            arriving.thread.take()
        };
        if let Some(waker) = waker {
            wake(waker);
        }
        Ok(())
    }

    fn run() {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            HAS_FAILED.store(true, Ordering::Release);
            // Whoever waits for one of them is told that nobody answers.
            drop(take(None));
            return;
        };
        runtime.block_on(poll_fn(|cx| {
            for keeper in take(Some(cx.waker().clone())) {
                drop(tokio::spawn(keeper));
            }
            Poll::<()>::Pending
        }));
    }

    fn take(thread: Option<Waker>) -> Vec<Keeper> {
        let mut arriving = ARRIVING.lock().unwrap_or_else(PoisonError::into_inner);
        arriving.thread = thread;
        std::mem::take(&mut arriving.keepers)
    }
}
