//! Puts the registry of a test in force for all that a future does.

use std::future::Future;

use super::registry::Registry;
use crate::clock;

tokio::task_local! {
    static REGISTRY: &'static Registry;
}

/// The registry of the current isolated future.
#[inline]
pub(crate) fn isolated_registry() -> Option<&'static Registry> {
    REGISTRY.try_with(|registry| *registry).ok()
}

/// Runs a future with that registry in force.
pub(crate) fn scope<F: Future>(registry: &'static Registry, future: F) -> impl Future<Output = F::Output> {
    clock::scope(REGISTRY.scope(registry, future))
}

/// Runs a closure with that registry in force.
pub(crate) fn in_registry<R>(registry: &'static Registry, run: impl FnOnce() -> R) -> R {
    clock::sync_scope(|| REGISTRY.sync_scope(registry, run))
}
