//! Every shape of function that the attributes accept: it compiles, it runs again after a failure, and its
//! future is `Send` wherever the plain function's is.

mod blanket_traits;
mod blocks;
mod bodies;
mod classify;
mod degradation;
mod hygiene;
mod keys;
mod remarks;
mod rules;
mod signatures;
mod stacked;

use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering};

/// A dependency that fails a few times, then answers with how often it was asked.
#[derive(Debug, Default)]
struct Flaky {
    asked: AtomicU32,
    failures: u32,
}

impl Flaky {
    const fn new(failures: u32) -> Self {
        Self { asked: AtomicU32::new(0), failures }
    }

    fn ask(&self) -> Result<u32, String> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        if asked > self.failures { Ok(asked) } else { Err(format!("failure {asked}")) }
    }

    /// The same, with a point in the middle at which a task may move to another thread.
    async fn ask_later(&self) -> Result<u32, String> {
        tokio::task::yield_now().await;
        self.ask()
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Fails to compile when the future is not `Send`, or not `'static`.
async fn spawned<F>(future: F) -> F::Output
where
    F: Future<Output: Debug + Send> + Send + 'static,
{
    tokio::spawn(future).await.expect("the task does not panic")
}

/// Fails to compile when the future is not `Send`; it may borrow.
fn sendable<F: Future + Send>(future: F) -> F {
    future
}
