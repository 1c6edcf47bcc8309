//! A registry for one future, so that tests in one process do not see each other's breakers.

use std::future::Future;

use crate::call::Context;
use crate::registry::Registry;
use crate::registry::isolated::{REGISTRY, isolated_registry};

/// Runs a future with a registry of its own: it neither sees nor changes any breaker, budget, counter or configuration
/// file of the program. The registry is never freed, so that handles to its services stay valid; it is meant for tests.
///
/// Spawned tasks do not inherit it by themselves: wrap them in [`inherit`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use resilience_runtime::{registry, testing};
///
/// testing::isolated(async {
///     assert_eq!(registry().reloads().applied, 0, "no file is in force, whatever the program follows");
/// })
/// .await;
/// # }
/// ```
pub fn isolated<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let registry: &'static Registry = Box::leak(Box::new(Registry::new()));
    REGISTRY.scope(registry, Context::ROOT.scope(future))
}

/// Gives a future the isolated registry of the calling code, if it has one.
pub fn inherit<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let registry = isolated_registry();
    async move {
        match registry {
            Some(registry) => REGISTRY.scope(registry, future).await,
            None => future.await,
        }
    }
}
