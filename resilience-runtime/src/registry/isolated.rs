//! The registry that a test gives to a future: it is in force for all that the future does.

use super::registry::Registry;

tokio::task_local! {
    pub(crate) static REGISTRY: &'static Registry;
}

/// The registry of the current isolated future.
#[inline]
pub(crate) fn isolated_registry() -> Option<&'static Registry> {
    REGISTRY.try_with(|registry| *registry).ok()
}

/// Runs a closure with that registry in force.
pub(crate) fn in_registry<R>(registry: &'static Registry, run: impl FnOnce() -> R) -> R {
    REGISTRY.sync_scope(registry, run)
}
